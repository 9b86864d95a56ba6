from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reference.words.daytext import read_day
from tasks.web.readers.stamps import read_stamp


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
        ("di, 12 mrt 2024 07:15:00 +0100", "2024-03-12T06:15:00+00:00", "2024-03-12"),
        ("mar., 12 mars 2024 07:15:00 +0000", "2024-03-12T07:15:00+00:00", "2024-03-12"),
        ("Di, 12 Mär 2024 07:15:00 GMT", "2024-03-12T07:15:00+00:00", "2024-03-12"),
        ("Вт, 12 мар 2024 07:15:00 +0300", "2024-03-12T04:15:00+00:00", "2024-03-12"),
        ("12 مارس 2024 07:15:00 +0300", "2024-03-12T04:15:00+00:00", "2024-03-12"),
        ("Tue, Mar 12 2024 11:05:09 PM", None, "2024-03-12"),
        ("March 12, 2024 12:05 AM EDT", "2024-03-12T04:05:00+00:00", "2024-03-12"),
        ("2024/03/12 07:15:00", None, "2024-03-12"),
        ("2024/3/12", None, "2024-03-12"),
        ("2024.03.12 07:15", None, "2024-03-12"),
        ("12.03.2024", None, "2024-03-12"),
        ("25/03/2024 07:15", None, "2024-03-25"),
        ("Tue Mar 12 07:15:00 UTC 2024", "2024-03-12T07:15:00+00:00", "2024-03-12"),
        ("2024年3月12日", None, "2024-03-12"),
        ("20240312T071500Z", "2024-03-12T07:15:00+00:00", "2024-03-12"),
        ("yesterday", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_date_is_whole_or_unknown(raw: str | None, instant: str | None, day: str | None) -> None:
    stamp = read_stamp(raw)
    assert (stamp.instant and stamp.instant.isoformat(), stamp.day and stamp.day.isoformat()) == (instant, day)
    assert stamp.raw == (" ".join(raw.split()) if raw else None)


@settings(max_examples=150)
@given(st.text(max_size=60) | st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(str))
def test_what_the_pages_reader_knows_the_feeds_reader_knows(raw: str) -> None:
    words = " ".join(raw.split())[:100]
    read = read_day(words, None)
    assert read_stamp(raw).day == (None if isinstance(read, str) else read.day)
