import pytest

from tasks.web.stamps import read_stamp


@pytest.mark.parametrize(
    ("raw", "instant", "day"),
    [
        ("Mon, 11 Dec 2023 10:00:00 +0300", "2023-12-11T07:00:00+00:00", "2023-12-11"),
        ("11 December 2023 23:30 GMT", "2023-12-11T23:30:00+00:00", "2023-12-11"),
        ("Sun, 10 Dec 2023 23:30:00 EST", "2023-12-11T04:30:00+00:00", "2023-12-10"),
        ("2023-12-11T23:30:00-05:00", "2023-12-12T04:30:00+00:00", "2023-12-11"),
        ("2023-12-11T10:00:00.123Z", "2023-12-11T10:00:00+00:00", "2023-12-11"),
        ("2023-12-11T10:00+0300", "2023-12-11T07:00:00+00:00", "2023-12-11"),
        ("  2023-12-11\n10:00:00 Z ", "2023-12-11T10:00:00+00:00", "2023-12-11"),
        ("2023-12-11T10:00:00", None, "2023-12-11"),
        ("2023-12-11", None, "2023-12-11"),
        ("11 Dec 2023 10:00 J", None, "2023-12-11"),
        ("Mon, 11 Dec 23 10:00:00 +0300", "2023-12-11T07:00:00+00:00", "2023-12-11"),
        ("11 Dec 99", None, "1999-12-11"),
        ("2023-12-11 10:00:00+03", "2023-12-11T07:00:00+00:00", "2023-12-11"),
        ("2023-12-11T10:00:00+25:00", None, None),
        ("2023-12-11T10:00:60Z", None, None),
        ("Mon, 11 Dec 2023 10:00:00", None, "2023-12-11"),
        ("11 Dec 0000", None, None),
        ("1709460000", None, None),
        ("12:00", None, None),
        ("0000-00-00", None, None),
        ("0000-00-00T00:00:00Z", None, None),
        ("1970-01-01T00:00:00Z", None, None),
        ("2023-02-30", None, None),
        ("Mon, 11 Dec 2023 10:00:00 +9999", None, None),
        ("Mon, 11 Dec 2023 25:00:00 +0000", None, None),
        ("Mon, 11 Foo 2023 10:00:00 +0000", None, None),
        ("9999-12-31T23:59:59-14:00", None, None),
        ("03/04/2024", None, None),
        ("yesterday", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_date_is_whole_or_unknown(raw: str | None, instant: str | None, day: str | None) -> None:
    stamp = read_stamp(raw)
    assert (stamp.instant and stamp.instant.isoformat(), stamp.day and stamp.day.isoformat()) == (instant, day)
    assert stamp.raw == (" ".join(raw.split()) if raw else None)
