"""What teaching brings: ``python -m benchmarks.teach --gold DIR --model DIR --work DIR [--learn 100] [--measure 60]``.

Of articles that a model was not trained on (a fold of ``conflict_news/train.jsonl`` with ``train_reader --fold N``, or
files of articles in our compact form with ``--articles``) some are coded and judged as a person would by the gold: what
is no event, and what only a total or background, is rejected, wrong fields are corrected, all else is accepted; what
was missed stays missed, for a review shows only what was read. The model learns from that as ``firstdraft teach`` does,
and is scored on other articles of them before and after: by verdicts made in the same way, and by ``score_rows.py``.
Needs the group ``train``.
"""

import argparse
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.event_sets import Row, conflict_news, document, rows_of
from schemas.lesson import JudgedArticle, JudgedMention
from schemas.mention import EventMention
from tasks.events.coder.code import code_text
from tasks.events.reader.folder import use_model
from tasks.events.teaching.examples import fold_of, from_compact
from tasks.events.teaching.further import FURTHER, REPLAYED, replayed, save_further, taught_further
from tasks.events.teaching.judged import judged_example
from tasks.events.teaching.measure import measured
from tasks.reference.fold import fold
from tasks.reviewing.fields import read_correction

_TOLLS = ("killed", "injured", "detained", "displaced")


def reviewed(row: Row, mentions: Sequence[EventMention]) -> JudgedArticle:
    """An article with the verdicts that the gold gives on what was read in it."""
    read = document(row)
    judged = tuple(_judged(row["events"], mention) for mention in mentions)
    return JudgedArticle(
        read.article_id, read.version_id, read.title, read.text, read.language, read.published_day, None, None, judged
    )


def _judged(events: Sequence[Row], mention: EventMention) -> JudgedMention:
    tellings = tuple(_tellings(mention))
    found = next((n for n, event in enumerate(events) if _told(event, tellings[:1])), None)
    if found is None:
        found = next((n for n, event in enumerate(events) if _told(event, tellings)), None)
    if found is None or (events[found]["aggregate"] and not mention.aggregate):
        return JudgedMention(tellings, right=False, values={}, sides={})
    event = events[found]
    sides = {"initiator": tuple(event["initiators"]), "target": tuple(event["targets"])}
    return JudgedMention(tellings, right=True, values=_values(event, mention), sides=sides, event=str(found))


def _tellings(mention: EventMention) -> Iterator[tuple[int, int]]:
    yield mention.trigger_start, mention.trigger_end
    yield from ((piece.start, piece.end) for piece in mention.evidence if piece.field == "telling")


def _told(event: Row, tellings: Sequence[tuple[int, int]]) -> bool:
    return any(start < last and first < end for start, end in tellings for first, last in event["spans"]["tellings"])


def _values(event: Row, mention: EventMention) -> dict[str, object]:
    """The right values, as a review settles them: those read where they are right, else the gold's first."""
    values: dict[str, object] = {
        "sub_event_type": _one_of(mention.sub_event_type, event["sub_type"]),
        "status": _one_of(mention.status.value, event["status"]),
        **_days(event, mention),
        **_place(event, mention),
    }
    for field in _TOLLS:
        told = [one or {} for one in event[field]] or [{}]
        figures = [one.get("best") if one.get("best") is not None else one.get("low") for one in told]
        values[f"{field}_best"] = _one_of(getattr(mention, field).best, figures)
    return values


def _one_of(said: Any, right: Sequence[Any]) -> Any:
    return said if said in right or not right else right[0]


def _days(event: Row, mention: EventMention) -> dict[str, object]:
    said = [day.isoformat() if day else None for day in (mention.when.start, mention.when.end)]
    right = [[first, last or first] for first, last in event["date"]] or [[None, None]]
    first, last = _one_of(said, right)
    return {"date_start": first, "date_end": last}


def _place(event: Row, mention: EventMention) -> dict[str, object]:
    names = [name for name in event["place"] if name]
    said = {fold(name) for name in (mention.place.name, mention.place.gazetteer_name) if name}
    if any(fold(name) in said for name in names):
        return {"place_name": mention.place.name, "place_id": mention.place.place_id}
    if not names:
        return {"place_name": None, "place_id": None}
    found = read_correction(f"place={names[0]}").changes
    return {"place_name": found["place_name"], "place_id": found["place_id"]}


def main() -> None:
    """Judge, teach, measure; print both."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--articles", type=Path, nargs="*", default=())
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--learn", type=int, default=100)
    parser.add_argument("--measure", type=int, default=60)
    parser.add_argument("--replay", type=int, default=REPLAYED)
    parser.add_argument("--epochs", type=int, default=FURTHER.epochs)
    parser.add_argument("--rate", type=float, default=FURTHER.heads_rate)
    args = parser.parse_args()
    folder = args.gold / "conflict_news"
    rows = [from_compact(row) for file in args.articles for row in rows_of(file)] or [
        row for row in rows_of(folder / "train.jsonl") if fold_of(row["title"] or row["id"], args.folds) == args.fold
    ]
    rows.sort(key=lambda row: (fold_of(f"{row['title'] or row['id']} taught", 1 << 30), row["id"]))
    learn, others = rows[: args.learn], rows[args.learn : args.learn + args.measure]
    use_model(args.model)
    judged, held = ([reviewed(row, code_text(document(row))) for row in part] for part in (learn, others))
    verdicts = [mention for article in judged for mention in article.mentions]
    logging.info("%d verdicts, %d rejections", len(verdicts), sum(not one.right for one in verdicts))
    before = conflict_news(folder, others).ours
    examples = [one for article in judged if article.mentions and (one := judged_example(article)) is not None]
    recipe = replace(FURTHER, epochs=args.epochs, heads_rate=args.rate)
    heads = taught_further([*examples, *replayed(args.replay)], recipe)
    save_further(heads, "taught on a fold", args.work)
    said = {name: measured(held, model) for name, model in (("before", args.model), ("after", args.work))}
    use_model(args.work)
    after = conflict_news(folder, others).ours
    for part, (asked, right) in said["before"].items():
        print(f"{part:10} of {asked:4} judged: {right:4} right before, {said['after'][part][1]:4} after")
    print(json.dumps({"before": before, "after": after}))


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
