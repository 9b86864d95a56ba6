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
    totals: Counter[str] = Counter()
    right: Counter[str] = Counter()
    try:
        for article in articles:
            for part, same in answers(article, code_text(document_of(article))):
                totals[part] += 1
                right[part] += same
    finally:
        use_model(before)
    return {part: (totals[part], right[part]) for part in PARTS}


def answers(article: JudgedArticle, mentions: Sequence[EventMention]) -> Iterator[tuple[str, bool]]:
    """Each part that was judged, and whether the mentions say the same."""
    tellings = {span for judged in article.mentions if judged.right for span in judged.tellings}
    for judged in article.mentions:
        mention = _found(judged, mentions)
        if not judged.right:
            if not any(_overlap(span, telling) for span in judged.tellings for telling in tellings):
                yield "verdict", mention is None or not _counts(mention)
            continue
        status = judged.values.get("status") or Status.HAPPENED
        counted = mention is not None and _counts(mention)
        yield "verdict", counted if status == Status.HAPPENED else mention is not None and mention.status == status
        for part in PARTS[1:]:
            if _COLUMNS.get(part, f"{part}_best") in judged.values:
                yield part, mention is not None and _same(part, judged.values, mention)


def _found(judged: JudgedMention, mentions: Sequence[EventMention]) -> EventMention | None:
    """The mention told by the same words: by the trigger rather than by others, and one that counts first."""
    near = [
        (not any(_overlap(span, judged.tellings[0]) for span in _tellings(m)), not _counts(m), m.trigger_start, n)
        for n, m in enumerate(mentions)
        if any(_overlap(span, telling) for span in _tellings(m) for telling in judged.tellings)
    ]
    return mentions[min(near)[-1]] if near else None


def _tellings(mention: EventMention) -> Iterator[tuple[int, int]]:
    yield mention.trigger_start, mention.trigger_end
    yield from ((piece.start, piece.end) for piece in mention.evidence if piece.field == "telling")


def _overlap(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def _counts(mention: EventMention) -> bool:
    sure = mention.confidence >= taught().thresholds.counted
    return mention.status is Status.HAPPENED and not mention.aggregate and sure


def _same(part: str, values: Mapping[str, object], mention: EventMention) -> bool:
    match part:
        case "sub_type":
            return mention.sub_event_type == values["sub_event_type"]
        case "date":
            days = (mention.when.start, mention.when.end)
            return [day and day.isoformat() for day in days] == [values["date_start"], values.get("date_end")]
        case "place":
            return _same_place(values, mention)
    toll = mention.killed if part == "killed" else mention.injured
    return toll.best == values[f"{part}_best"]


def _same_place(values: Mapping[str, object], mention: EventMention) -> bool:
    coded = mention.place
    if values["place_name"] is None or coded.name is None:
        return values["place_name"] is None and coded.name is None
    if values.get("place_id") and coded.place_id:
        return values["place_id"] == coded.place_id
    return fold(str(values["place_name"])) in {fold(name) for name in (coded.name, coded.gazetteer_name) if name}
