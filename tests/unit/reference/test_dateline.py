"""Datelines: place and agency at the beginning of agency copy, in several scripts, and nothing where there is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reference.words.dateline import read_dateline

CASES = [
    ("DEIR EZ-ZOR, Syria (North Press) – The forces ended it.", "DEIR EZ-ZOR, Syria", "North Press", "The forces"),
    ("LONDON, Dec 11 (Reuters) - The council said.", "LONDON", "Reuters", "The council"),
    ("(Reuters) - The council said.", "", "Reuters", "The council"),
    ("BEIRUT (AP) — The council said.", "BEIRUT", "AP", "The council"),
    ("TAL AMARA, Northland (Plain Press) – Two men", "TAL AMARA, Northland", "Plain Press", "Two men"),
    ("ALEPPO — Two men were wounded.", "ALEPPO", None, "Two men"),
    ("DAMAS, 11 déc (AFP) - Deux hommes", "DAMAS", "AFP", "Deux hommes"),
    ("ДАМАСК, 11 дек - РИА Новости. Два фермера", "ДАМАСК", "RIA Novosti", "Два фермера"),
    ("دمشق-سانا: أصيب مزارعان", "دمشق", "SANA", "أصيب"),
    ("القامشلي – نورث برس\nأصيب مزارعان", "القامشلي", "North Press", "أصيب"),
    ("بيروت (رويترز) - أصيب مزارعان", "بيروت", "Reuters", "أصيب"),
]


@pytest.mark.parametrize(("text", "place", "agency", "after"), CASES)
def test_a_dateline(text: str, place: str, agency: str | None, after: str) -> None:
    got = read_dateline(text)
    assert got is not None
    assert (got.place, got.agency) == (place, agency)
    assert text[got.end :].startswith(after)


@pytest.mark.parametrize(
    "text",
    [
        "The army said on Monday (before noon) – and not for the first time – that it had left.",
        "BREAKING — Two men were wounded.",
        "Haddad – a farmer – was wounded.",
        "He said: the road is closed.",
        "Two farmers (aged 40 and 52) were wounded.",
        "UN forces left the town.",
        "",
    ],
)
def test_what_is_no_dateline(text: str) -> None:
    assert read_dateline(text) is None


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ABc é(),.-–— \nدمشقРИА:123", max_size=60))
def test_offsets_lie_in_the_text(text: str) -> None:
    got = read_dateline(text)
    if got:
        assert 0 <= got.start < got.end <= len(text)
