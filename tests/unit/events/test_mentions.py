"""Whole articles: each file of ``tests/cases/mentions`` says which events its text must give."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.mention import EventMention, Role, Toll
from tasks.events.coder.code import code_text
from tasks.events.document import Document
from tasks.events.reader.model import taught

CASES = Path(__file__).parents[2] / "cases"
ARTICLES = sorted((CASES / "mentions").glob("*.yml"))
SUB_TYPES = CASES / "subtypes.csv"
_TOLLS = ("killed", "injured", "detained", "displaced")
_SIDES = {"initiators": (Role.INITIATOR,), "targets": (Role.TARGET, Role.OBJECT)}


def coded(title: str | None, text: str, published: date) -> list[EventMention]:
    """The events of an article that count, in text order."""
    document = Document("art_1", "ver_1", title, text, "en", published)
    return [mention for mention in code_text(document) if mention.confidence >= taught().thresholds.counted]


def days(mention: EventMention) -> str:
    first, last = mention.when.start, mention.when.end
    return f"{first}" if first == last else f"{first}/{last}"


def figure(toll: Toll) -> str:
    if not toll.best:
        return "none"
    return f"{toll.best} or more" if toll.high is None else f"{toll.best}"


def fields(mention: EventMention) -> dict[str, Any]:
    """A mention as a case writes it; of sides and claims all that may be named."""
    values: dict[str, Any] = {
        "sub_event_type": mention.sub_event_type,
        "status": mention.status.value,
        "date": days(mention),
        "place": mention.place.gazetteer_name,
        "country": mention.place.country,
        "claims": {f"{claim.speaker} {claim.stance.value}" for claim in mention.claims},
    }
    values |= {name: figure(getattr(mention, name)) for name in _TOLLS}
    for name, roles in _SIDES.items():
        side = [actor for actor in mention.actors if actor.role in roles]
        values[name] = {word for actor in side for word in (actor.actor_id, actor.name) if word}
    return values


@pytest.mark.parametrize("file", ARTICLES, ids=lambda file: file.stem)
def test_an_article_gives_the_events_its_case_names(file: Path) -> None:
    case = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = [fields(mention) for mention in coded(case["title"], case["text"], case["published"])]
    assert [event["sub_event_type"] for event in found] == [event["sub_event_type"] for event in case["events"]]
    for event, wanted in zip(found, case["events"], strict=True):
        for name, value in ({"status": "happened"} | wanted).items():
            assert set(value) <= event[name] if isinstance(value, list) else str(value) == event[name], name


def test_sub_types_are_told_apart() -> None:
    """Three sentences of each sub-type; the reader is taught by other articles, and may miss one in twenty."""
    rows = list(csv.DictReader(SUB_TYPES.open(encoding="utf-8")))
    missed = [row["text"] for row in rows if row["sub_event_type"] not in sub_types_of(row["text"])]
    assert len(missed) <= len(rows) // 20, missed


def sub_types_of(text: str) -> set[str]:
    return {mention.sub_event_type for mention in code_text(Document("a", "v", None, text, "en", date(2024, 6, 7)))}
