"""Numbers, days, places and addresses as the site says them."""

import doctest
import json
from datetime import date
from types import ModuleType
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.site import pages
from tasks.site.kinds import articles, downloads, events, sources
from tasks.site.wording import passages, words


@pytest.mark.parametrize("module", [words, passages, events, sources, downloads, articles])
def test_the_examples_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


COUNTS = st.none() | st.integers(0, 9_999)


@given(low=COUNTS, best=COUNTS, high=COUNTS)
def test_a_toll_names_no_number_that_nobody_gave(low: int | None, best: int | None, high: int | None) -> None:
    told = words.toll(low, best, high)
    known = {number for number in (low, best, high) if number is not None}
    assert (told is None) == (not known)
    if told is not None:
        assert {int(part.replace(",", "")) for part in told.removesuffix(" or more").split("–")} <= known


def test_a_sum_counts_what_has_no_count() -> None:
    rows: list[dict[str, int | None]] = [
        {"killed_low": 4, "killed_best": 4, "killed_high": 6},
        {"killed_low": 83, "killed_best": 83, "killed_high": None},
        {"killed_low": None, "killed_best": None, "killed_high": None},
    ]
    total = words.toll_sum(rows, "killed")
    assert (str(total), total.counted, total.uncounted) == ("87–89 or more", 2, 1)
    assert str(words.toll_sum(rows[2:], "killed")) == "no count"


@pytest.mark.parametrize(
    ("start", "end", "precision", "told"),
    [
        (None, None, None, "date not given"),
        (date(2024, 3, 4), date(2024, 3, 4), 1, "4 March 2024"),
        (date(2024, 3, 4), None, 3, "about 4 March 2024"),
        (date(2024, 2, 1), date(2024, 2, 29), 4, "some day in February 2024"),
        (date(2024, 2, 27), date(2024, 3, 2), 2, "27 February – 2 March 2024"),
        (date(2023, 12, 30), date(2024, 1, 2), 3, "30 December 2023 – 2 January 2024"),
    ],
)
def test_days_are_as_wide_as_they_are_known(
    start: date | None, end: date | None, precision: int | None, told: str
) -> None:
    assert words.days(start, end, precision) == told


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "//host/x",
        "https://", "http://[", "https://a.test/\u202egnp", "https://a.test/ x", "java\tscript:alert(1)", "ftp://a.test/",
    ],
)  # fmt: skip
def test_only_web_addresses_are_links(url: str | None) -> None:
    assert words.web_link(url) is None


@pytest.mark.parametrize("code", [0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069])
def test_what_turns_text_around_is_shown_in_titles_and_in_data(code: int) -> None:
    title, escape = f"toll{chr(code)}41", f"toll\\u{code:04x}41"
    assert words.plain(title) == escape
    assert json.loads(pages.dumps({"title": title})) == {"title": escape}
    assert pages.environment().from_string("<b title='{{ t }}'>{{ t ~ '!' }}</b>").render(t=title) == (
        f"<b title='{escape}'>{escape}!</b>"
    )
    assert words.plain("\u0627\u200f.") == "\u0627."


@given(st.text())
def test_plain_text_is_short_and_steers_nothing(text: str) -> None:
    told = words.plain(text)
    assert len(told) <= 160
    assert not set(told) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u0000\n")


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_xml_parser_takes_the_text(text: str) -> None:
    told = words.xml_text(text).replace("&", "").replace("<", "").replace(">", "")
    ElementTree.fromstring(f"<a>{told}</a>")
