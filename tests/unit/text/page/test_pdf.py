"""PDF: paragraphs and where pages begin in them; what has no text says so."""

import pytest

from schemas.article import page_at
from schemas.outcome import Outcome, Reason, Refusal
from tasks.text.page.pdf import Pdf, is_pdf, read_pdf
from tests.unit.text.page.pdfs import Line, paragraph, pdf

HEAD = (72.0, 760.0, 9.0, "Situation report no. 7")


def foot(number: int) -> Line:
    return (300.0, 30.0, 9.0, f"Page {number} of 3")


REPORT = [
    [
        HEAD,
        (72.0, 715.0, 20.0, "Markets under fire"),
        *paragraph(["On 3 March shells hit the market of Idlib and killed at", "least seven people.", ], top=660),
        *paragraph(["The humani-", "tarian office counted four strikes, and two of them"], top=560),
        foot(1),
    ],
    [HEAD, *paragraph(["fell on a school.", "Nobody was hurt there."], top=700), foot(2)],
    [HEAD, *paragraph(["Five thousand people left the town (by 5 March)."], top=700), foot(3)],
]  # fmt: skip


def read(body: bytes) -> Pdf:
    found = read_pdf(body)
    assert isinstance(found, Pdf), found
    return found


def test_lines_become_paragraphs_that_go_on_over_pages() -> None:
    found = read(pdf(REPORT, Title="Microsoft Word - x.docx", CreationDate="D:20240305120000+03'00'", Author="Desk"))
    assert found.text.split("\n") == [
        "Markets under fire",
        "On 3 March shells hit the market of Idlib and killed at least seven people.",
        "The humanitarian office counted four strikes, and two of them fell on a school.",
        "Nobody was hurt there.",
        "Five thousand people left the town (by 5 March).",
    ]
    assert not found.partial
    at = [found.text.index(word) for word in ("killed", "two of", "fell on", "Nobody", "Five")]
    assert [page_at(found.pages, offset) for offset in at] == [1, 1, 2, 2, 3]
    assert found.text[found.pages[1] :].startswith("fell on a school")
    page = found.html.decode()
    assert "<h1>Markets under fire</h1>" in page
    assert '<meta name="creationdate" content="2024-03-05">' in page
    assert '<meta name="author" content="Desk">' in page


def test_two_columns_are_read_one_after_the_other() -> None:
    left = paragraph([f"Left column line {n} says what happened" for n in range(1, 9)], left=60)
    right = paragraph([f"Right column line {n} says what followed" for n in range(1, 9)], left=330)
    text = read(pdf([[*left, *right]])).text
    assert text.index("Left column line 8") < text.index("Right column line 1")


def test_what_a_document_names_is_marked_up_as_text() -> None:
    found = read(
        pdf([paragraph(["A report of one line only, without a title set in large type."])], Title="<b>A & B</b>")
    )
    assert b"<h1>&lt;b&gt;A &amp; B&lt;/b&gt;</h1>" in found.html


@pytest.mark.parametrize(
    ("body", "outcome", "reason", "told"),
    [
        (pdf([[], []], picture=True), Outcome.REJECTED, Reason.SCANNED, "2 pages of pictures"),
        (pdf([[]]), Outcome.REJECTED, Reason.NO_TEXT, "1 pages without text"),
        (b"%PDF-1.7 and nothing more", Outcome.QUARANTINED, Reason.EXTRACT_FAILED, "a broken PDF"),
    ],
)
def test_what_has_no_text_says_why(body: bytes, outcome: Outcome, reason: Reason, told: str) -> None:
    found = read_pdf(body)
    assert isinstance(found, Refusal)
    assert (found.outcome, found.reason) == (outcome, reason)
    assert told in found.detail


def test_a_page_of_pictures_among_others_leaves_the_text_a_part() -> None:
    assert read(pdf([*REPORT, []])).partial


def test_it_is_known_by_its_beginning() -> None:
    assert is_pdf(pdf(REPORT))
    assert not is_pdf(b"<html>%PDF-")
