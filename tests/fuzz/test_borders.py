"""Whatever bytes come over any border: nothing is raised, and every entry and link comes to one end."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.borders import BORDERS

_INSERTED = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b"\x00", b"\xff", b"\xe9", b"\x07", b"\x85\xa0", b"9999-12-31T23:59:59Z", b"<![CDATA[", b"&#7;",
                     b"\r\n", b"]]>", b'"', b"\xed\xa0\x80", b"\xef\xbf\xbf", b"-1", b"9" * 25, b"1e999", b"NaN",
                     b"{", b"[", b"*", b"$"]),
)  # fmt: skip


@st.composite
def changed(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A seed with a few stretches cut out or replaced."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 6)))
        data = data[:start] + draw(_INSERTED) * draw(st.sampled_from([1, 1, 1, 50])) + data[end:]
    return data


@pytest.mark.parametrize("name", BORDERS)
def test_nothing_is_raised_over_the_border(name: str) -> None:
    border = BORDERS[name]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(changed(border.seeds) | st.binary(max_size=200))
    def over(data: bytes) -> None:
        border.check(data)

    over()


@pytest.mark.parametrize("name", BORDERS)
def test_the_seeds_pass(name: str) -> None:
    for seed in BORDERS[name].seeds:
        BORDERS[name].check(seed)
