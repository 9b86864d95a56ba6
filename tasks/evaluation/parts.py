"""Sets that ask for one thing: the label of a snippet, the places of a verb, the day of a time expression."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from schemas.mention import EventMention, Status
from tasks.evaluation.gold import Row, labels
from tasks.evaluation.tally import Sheet


def first_sub_type(mentions: Iterable[EventMention]) -> str:
    """The sub-type of what a snippet tells first, of what happened before all else; empty for none."""
    ranked = sorted(mentions, key=lambda m: (m.status is not Status.HAPPENED, m.trigger_start))
    return ranked[0].sub_event_type if ranked else ""


def gold_sub_types(rows: Iterable[Row]) -> dict[str, str]:
    """ACLED's sub-type of each snippet, of those whose label is one."""
    sub_types = dict(labels("case2021"))
    return {row["id"]: sub_types[row["events"][0]["type"]] for row in rows if row["events"][0]["type"] in sub_types}


def weighted_f1(gold: Mapping[str, str], answers: Mapping[str, str]) -> float:
    """The F1 of each label, weighted by how often the gold has it, in per cent to a tenth."""
    given, total = Counter(answers.values()), 0.0
    for label, count in Counter(gold.values()).items():
        right = sum(answers.get(key) == label for key, true in gold.items() if true == label)
        total += count * 2 * right / max(1, given[label] + count)
    return round(100 * total / max(1, len(gold)), 1)


def score_places(gold: Sequence[Row], answers: Mapping[str, Iterable[str]]) -> Sheet:
    """The places of one verb as sets of names (``place_set``) and of their words (``place_words``)."""
    sheet = Sheet()
    for row in gold:
        true = {_bare(location["text"]) for location in row["events"][0]["locations"]}
        ours = {_bare(name) for name in answers.get(row["id"], ())}
        for measure, wanted, given in (("place_set", true, ours), ("place_words", _words(true), _words(ours))):
            right = len(wanted & given)
            sheet.add(measure, right, len(given) - right, len(wanted) - right)
    return sheet


def _bare(name: str) -> str:
    return " ".join(name.lower().removeprefix("the ").split())


def _words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in name.split()}


def day_questions(row: Row) -> list[tuple[int, int, str, bool]]:
    """The time expressions of a document that mean one day: first and last character, the day, whether a weekday."""
    expressions = [t for t in row["timexes"] if t["type"] in ("DATE", "TIME") and t.get("day")]
    return [(t["start"], t["end"], t["day"], bool(re.search(r"[A-Z][a-z]+day\b", t["text"]))) for t in expressions]
