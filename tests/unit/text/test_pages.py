"""Golden pages, written by us: one a gate, one a language. A page without one is written its
expectation, and fails for review."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from schemas.article import Article, DateReading
from schemas.outcome import Refusal
from tasks.text.fields.body import _direct, _extracted, _options
from tasks.text.page.boilerplate import without_boilerplate
from tasks.text.page.html import Page, parse_page
from tests.unit.text.build import PAGES, read


def summary(got: Article | Refusal) -> dict[str, Any]:
    """What a reviewer needs to see of a page."""
    if isinstance(got, Refusal):
        return {"outcome": got.outcome, "reason": got.reason, "detail": got.detail}
    return {
        "title": got.title,
        "authors": list(got.authors),
        "publisher": got.publisher,
        "section": got.section,
        "canonical_url": got.canonical_url,
        "language": got.language,
        "published": day(got.published),
        "modified": day(got.modified),
        "dateline": asdict(got.dateline) if got.dateline else None,
        "completeness": got.completeness,
        "correction_note": got.correction_note,
        "text": got.text.split("\n"),
    }


def day(reading: DateReading) -> dict[str, Any]:
    instant = reading.instant.isoformat() if reading.instant else None
    local = reading.local_day.isoformat() if reading.local_day else None
    return {"instant": instant, "day": local, "zone": reading.zone, "origin": reading.origin, "reason": reading.reason}


def read_page(page: Path) -> Article | Refusal:
    """A page of the gate of language is read for a source in English, all others for one of any language."""
    return read(page.read_bytes(), language="en" if page.stem.startswith("gate_language") else "mul")


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_golden_page(page: Path) -> None:
    got = summary(read_page(page))
    expected = page.with_suffix(".json")
    if not expected.exists():
        expected.write_text(json.dumps(got, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected.name} was written: review it")
    assert got == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_gates_close_on_their_own_pages_only(page: Path) -> None:
    got = read_page(page)
    assert isinstance(got, Refusal) == page.stem.startswith("gate_")
    if isinstance(got, Refusal):
        assert page.stem.startswith(f"gate_{got.reason}")


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_the_short_way_to_the_body_gives_what_the_library_gives(page: Path) -> None:
    parsed = parse_page(page.read_bytes(), None)
    if not isinstance(parsed, Page):
        return
    tree = without_boilerplate(parsed.tree)
    whole = _extracted(tree, _options(fast=True))
    # Below 250 characters the library dumps all text there is; the short way leaves that to the second look.
    assert _direct(tree) == whole or len(whole) < 250
