"""Pages about articles: their versions, what changed between them, and the events they tell of.

The text of an article is its publisher's: shown are the passages that changed, with a few words around them.
"""

from collections.abc import Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any

from pydantic_core import from_json

from schemas.version import Difference, Edit, EditKind, StoredVersion
from tasks.site import pages
from tasks.site.files.shelf import Row
from tasks.site.wording import words

#: Words of an unchanged stretch shown on each side of a change.
_AROUND = 25
ROOT = "../../"
_FIELDS = tuple(field.name for field in fields(StoredVersion))


def versions_by_article(rows: Sequence[Row]) -> dict[str, list[StoredVersion]]:
    """Rows of ``site_article_texts``, which come by article and in order, as versions."""
    groups = groupby(rows, key=lambda row: str(row["article_id"]))
    return {key: [StoredVersion(**{name: row[name] for name in _FIELDS}) for row in group] for key, group in groups}


def article_page(row: Row, changes: Sequence[Difference]) -> str:
    """The HTML of an article's page: ``row`` is of ``site_articles``, ``changes`` the differences of its versions."""
    history = from_json(row["history"])
    current = next((version for version in history if version["version_id"] == row["current_version_id"]), history[-1])
    return pages.render(
        "article.html.j2",
        ROOT,
        "events",
        article=row,
        current=current,
        history=[version | {"day": words.day(words.day_of(version["published_day"]))} for version in history],
        changes=[_change(change) for change in changes],
        events=[_event(event) for event in from_json(row["events"] or "null") or []],
        web=words.web_link(row["url"]),
        source_page=pages.source_path(row["source_id"]),
    )


def _change(change: Difference) -> dict[str, Any]:
    return {
        "old": change.old,
        "new": change.new,
        "removed": change.words(EditKind.REMOVED),
        "added": change.words(EditKind.ADDED),
        "title": shortened(change.title) if any(edit.kind is not EditKind.SAME for edit in change.title) else [],
        "text": shortened(change.text) if any(edit.kind is not EditKind.SAME for edit in change.text) else [],
    }


def shortened(edits: Sequence[Edit]) -> list[tuple[str, str]]:
    """The edits as kind and text, of long unchanged stretches only what stands beside a change, the rest as "gap"."""
    pieces: list[tuple[str, str]] = []
    for at, edit in enumerate(edits):
        parts = edit.text.split(" ")
        if edit.kind is not EditKind.SAME or len(parts) <= 2 * _AROUND:
            pieces.append((str(edit.kind), edit.text))
            continue
        if at:
            pieces.append(("same", " ".join(parts[:_AROUND]) + " "))
        pieces.append(("gap", " […] "))
        if at + 1 < len(edits):
            pieces.append(("same", " " + " ".join(parts[-_AROUND:])))
    return pieces


def _event(event: dict[str, Any]) -> dict[str, Any]:
    first, last = words.day_of(event["date_start"]), words.day_of(event["date_end"])
    return event | {
        "path": pages.event_path(event["event_id"]),
        "when": words.days(first, last, event["date_precision"]),
        "where": words.place_line(event["place_name"], event["admin1"]),
    }
