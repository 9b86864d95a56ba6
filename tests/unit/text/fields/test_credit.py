"""Which agency a text is credited to, and the day of a correction."""

from datetime import date

import pytest

from schemas.article import Dateline
from tasks.text.fields.corrections import correction_day
from tasks.text.fields.credit import wire_agency

PUBLISHED = date(2023, 12, 11)


@pytest.mark.parametrize(
    ("text", "authors", "agency"),
    [
        ("The mill burnt.\n(Reuters)", (), "Reuters"),
        ("The mill burnt.\nSource: AFP", (), "AFP"),
        ("احترقت المطحنة.\nالمصدر: رويترز", (), "Reuters"),
        ("The mill burnt.", ("The Associated Press",), "AP"),
        ("The mill burnt.", ("Jane Doe, Reuters",), "Reuters"),
        ("The mill burnt.\nThe miller told Reuters he saw nobody.", (), None),
        ("The mill burnt.", ("Jane Doe",), None),
        ("", (), None),
    ],
)
def test_a_credit_is_a_byline_or_a_closing_line_never_a_mention(
    text: str, authors: tuple[str, ...], agency: str | None
) -> None:
    assert wire_agency(text, authors, None) == agency


def test_the_dateline_goes_before_the_byline() -> None:
    assert wire_agency("RAQQA (AFP) - The mill burnt.", ("Reuters",), Dateline("RAQQA", "AFP", 0, 14)) == "AFP"


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("This article was amended on 12 December 2023 to name the mill.", (date(2023, 12, 12), "note")),
        ("Correction, Dec. 12, 2023: an earlier version named another mill.", (date(2023, 12, 12), "note")),
        ("This article was amended on 12 December to name the mill.", (date(2023, 12, 12), "note")),
        ("This article was amended on January 2 to name the mill.", (date(2024, 1, 2), "note")),
        ("Correction: it burnt on 3 May 2023. Corrected on 15 December 2023.", (date(2023, 12, 15), "note")),
        ("Correction: it burnt on 3 May.", (None, None)),
        ("Correction: the mill has another name.", (None, None)),
    ],
)
def test_a_correction_has_the_day_its_note_tells_never_one_before_the_publication(
    note: str, found: tuple[date | None, str | None]
) -> None:
    assert correction_day(note, PUBLISHED, None) == found


def test_without_a_day_of_its_own_a_correction_has_that_of_the_declared_change() -> None:
    note = "Correction: the mill has another name."
    assert correction_day(note, PUBLISHED, date(2023, 12, 13)) == (date(2023, 12, 13), "modified")
    assert correction_day(note, PUBLISHED, PUBLISHED) == (None, None)
