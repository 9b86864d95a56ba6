"""Documents of one event each: its day, place and tolls. The first of our events is the answer."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from schemas.mention import EventMention, Status
from tasks.evaluation.gold import Row
from tasks.evaluation.tally import Sheet

_EMPTY = frozenset(
    {
        "the", "city", "town", "village", "district", "province", "region", "governorate", "governate", "state",
        "county", "of", "near", "area", "neighborhood", "neighbourhood", "lga", "department",
    }
)  # fmt: skip
#: Days a date may be off, by measure.
_WITHIN = {"date": 0, "date_1day": 1, "date_7days": 7}


def answer(mentions: Iterable[EventMention], published: str | None) -> Row | None:
    """The one event of a document: the first that counts somebody and is neither total nor background.

    What it leaves open is taken from the others in their order; an event nobody dates has the day of publication.
    """
    ranked = [_said(mention) for mention in sorted(mentions, key=_lead)]
    if not ranked:
        return None
    whole = {field: next((row[field] for row in ranked if row[field]), ranked[0][field]) for field in ranked[0]}
    return {**whole, "date": whole["date"] or published}


def _lead(mention: EventMention) -> tuple[bool, bool, bool, int]:
    counts = bool(mention.killed.best or mention.injured.best)
    is_event = mention.status in (Status.HAPPENED, Status.DENIED)
    return not is_event, mention.aggregate, not counts, mention.trigger_start


def _said(mention: EventMention) -> dict[str, object]:
    location = mention.place
    return {
        "date": mention.when.start.isoformat() if mention.when.start else None,
        "locations": [name for name in (location.name, location.admin1, location.gazetteer_name) if name],
        "killed": mention.killed.best,
        "injured": mention.injured.best,
    }


def score_single(gold: Sequence[Row], answers: Mapping[str, Row | None]) -> Sheet:
    """Day exact, within a day and a week; place, and the most exact one; killed and injured.

    A gold toll of 0 is right with 0 or nothing, one of ``null`` is not scored. ``<toll>_accuracy`` counts a right
    "nobody" as well.
    """
    sheet = Sheet()
    for row in gold:
        event, ours = row["events"][0], answers.get(row["id"]) or {}
        _days(sheet, event, ours)
        _places(sheet, event, ours)
        for toll in ("killed", "injured"):
            if event.get(toll) is not None:
                _toll(sheet, toll, event[toll], ours.get(toll))
    return sheet


def _days(sheet: Sheet, gold: Row, answers: Row) -> None:
    first = _day(gold.get("date"))
    if first is None:
        return
    last, ours = _day(gold.get("date_end")) or first, _day(answers.get("date"))
    off = None
    if ours is not None:
        inside = first <= ours <= max(first, last)
        off = 0 if inside else min(abs((ours - first).days), abs((ours - last).days))
    for measure, most in _WITHIN.items():
        right = off is not None and off <= most
        sheet.add(measure, right, off is not None and not right, not right)


def _places(sheet: Sheet, gold: Row, answers: Row) -> None:
    names = [name for name in gold.get("locations") or () if name]
    if not names:
        return
    exact = [gold[key] for key in ("locality", "city_or_county") if gold.get(key)] or names[:1]
    ours = list(answers.get("locations") or ())
    for measure, wanted in (("place", names), ("place_fine", exact)):
        right = any(_same(item, candidate) for item in wanted for candidate in ours)
        sheet.add(measure, right, bool(ours) and not right, not right)


def _toll(sheet: Sheet, toll: str, gold: int, answers: int | None) -> None:
    right = (answers or 0) == gold if gold == 0 else answers == gold
    given = bool(answers) and not right
    sheet.add(toll, right and gold != 0, given, not right and gold != 0)
    sheet.add(f"{toll}_accuracy", right, not right, not right)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _same(first: str, second: str) -> bool:
    a, b = _words(first), _words(second)
    return bool(a and b) and (a <= b or b <= a)


def _words(name: str) -> frozenset[str]:
    plain = "".join(char for char in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(char))
    return frozenset(re.sub(r"[^a-z0-9 ]", " ", re.sub(r"\(.*?\)", " ", plain)).split()) - _EMPTY
