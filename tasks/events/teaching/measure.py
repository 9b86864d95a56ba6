"""How right a model is by what people judged: each judged mention looked for in what the model reads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from schemas.lesson import JudgedArticle, JudgedMention
from schemas.mention import EventMention, Status
from tasks.events.coder.code import code_text
from tasks.events.reader.folder import model_folder, use_model
from tasks.events.reader.model import taught
from tasks.events.teaching.judged import document_of
from tasks.reference.fold import fold

#: The parts, in the order they are shown: whether there is such an event, then its fields.
PARTS = ("verdict", "sub_type", "date", "place", "killed", "injured")
_COLUMNS = {"sub_type": "sub_event_type", "date": "date_start", "place": "place_name"}

Counts = Mapping[str, tuple[int, int]]


def measured(articles: Iterable[JudgedArticle], model: Path) -> Counts:
    """By part how many judged values there are, and of how many the model says the same."""
    before = model_folder()
    use_model(model)
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    try:
        for article in articles:
            for part, same in answers(article, code_text(document_of(article))):
                asked[part] += 1
                right[part] += same
    finally:
        use_model(before)
    return {part: (asked[part], right[part]) for part in PARTS}


def answers(article: JudgedArticle, mentions: Sequence[EventMention]) -> Iterator[tuple[str, bool]]:
    """Each part that was judged, and whether the mentions say the same."""
    told = {span for judged in article.mentions if judged.right for span in judged.tellings}
    for judged in article.mentions:
        found = _found(judged, mentions)
        if not judged.right:
            if not any(_overlap(span, other) for span in judged.tellings for other in told):
                yield "verdict", found is None or not _counts(found)
            continue
        status = judged.values.get("status") or Status.HAPPENED
        counted = found is not None and _counts(found)
        yield "verdict", counted if status == Status.HAPPENED else found is not None and found.status == status
        for part in PARTS[1:]:
            if _COLUMNS.get(part, f"{part}_best") in judged.values:
                yield part, found is not None and _same(part, judged.values, found)


def _found(judged: JudgedMention, mentions: Sequence[EventMention]) -> EventMention | None:
    """The mention told by the same words: by the trigger rather than by others, and one that counts first."""
    near = [
        (not any(_overlap(span, judged.tellings[0]) for span in _tellings(m)), not _counts(m), m.trigger_start, n)
        for n, m in enumerate(mentions)
        if any(_overlap(span, other) for span in _tellings(m) for other in judged.tellings)
    ]
    return mentions[min(near)[-1]] if near else None


def _tellings(mention: EventMention) -> Iterator[tuple[int, int]]:
    yield mention.trigger_start, mention.trigger_end
    yield from ((piece.start, piece.end) for piece in mention.evidence if piece.field == "telling")


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _counts(mention: EventMention) -> bool:
    sure = mention.confidence >= taught().thresholds.counted
    return mention.status is Status.HAPPENED and not mention.aggregate and sure


def _same(part: str, values: Mapping[str, object], found: EventMention) -> bool:
    match part:
        case "sub_type":
            return found.sub_event_type == values["sub_event_type"]
        case "date":
            days = (found.when.start, found.when.end)
            return [day and day.isoformat() for day in days] == [values["date_start"], values.get("date_end")]
        case "place":
            return _same_place(values, found)
    toll = found.killed if part == "killed" else found.injured
    return toll.best == values[f"{part}_best"]


def _same_place(values: Mapping[str, object], found: EventMention) -> bool:
    place = found.place
    if values["place_name"] is None or place.name is None:
        return values["place_name"] is None and place.name is None
    if values.get("place_id") and place.place_id:
        return values["place_id"] == place.place_id
    return fold(str(values["place_name"])) in {fold(name) for name in (place.name, place.gazetteer_name) if name}
