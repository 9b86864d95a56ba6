"""Score the reader on hard texts of our own it was never trained on: ``python -m benchmarks.hard [--gold DIR]``.

``tests/cases/hard`` has a file of small texts for each kind of mistake: a line gives the share of its texts that are
right in what the kind is about, of all and of the half whose single results nobody looks at (``unread``), and the least
it may be (``least`` in its file). ``--misses`` shows the wrong texts of the other half; ``--pin`` makes the
shares found the least, rounded down a little.

With ``--gold`` (a folder with ``score_rows.py``) also the invented articles kept out of training, one in eight of
``seeds/models/reader/articles`` (by the hash of its id), by the ``kinds`` they were written for: counted events, rows
right in every field, and what the wrong ones are. ``--gate`` exits 1 where a figure lies below its pin
(``floors.json``, "hard") or a share below its least.
"""

import argparse
import json
import re
import sys
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import yaml

from benchmarks.event_sets import Row, counted_rows, document, field_event, plain_figures, row_faults, scorer
from benchmarks.floors import pinned
from schemas.mention import EventMention, Role, Status
from tasks.events.coder.code import code_text
from tasks.events.reader.model import taught
from tasks.events.teaching.examples import invented

CASES = Path(__file__).parents[1] / "tests" / "cases" / "hard"
#: What the articles were written for.
KINDS = {
    1: "negation", 2: "counts", 3: "old deeds recalled", 4: "the place of a speaker, hospital, dateline",
    5: "the toll's own sentence", 6: "rival accounts, claims, denials", 7: "another group in an apposition",
    8: "days told elsewhere", 9: "totals and wars", 10: "several incidents",
}  # fmt: skip
MEASURES = ("event", "row", "sub_type", "date", "place", "initiators", "killed", "injured")
#: A figure may fall this far under its pin, in points.
_SLACK = 0.5


@dataclass(frozen=True, slots=True)
class Share:
    """How many texts of a kind are right, in per cent, against its least; ``misses`` are of the half that is read."""

    share: int
    unread: int
    least: int
    misses: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.share:>4} (unread half {self.unread:>3}, least {self.least:>3})"


def shares() -> dict[str, Share]:
    """The share of each kind of mistake."""
    return {path.stem: _share(path) for path in sorted(CASES.glob("*.yml"))}


def pin(found: dict[str, Share]) -> None:
    """Make each kind's least what was found, rounded down a little."""
    for name, kind in found.items():
        path = CASES / f"{name}.yml"
        least = f"least: {max(0, kind.share - 3) // 5 * 5}"
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"^least: \d+", least, text, flags=re.MULTILINE), encoding="utf-8")


def _share(path: Path) -> Share:
    kind = yaml.safe_load(path.read_text(encoding="utf-8"))
    results = [(case, _said(path.stem, case)) for case in kind["cases"]]
    judged = [(case, said, is_right(case["events"], said)) for case, said in results]
    unread = [right for case, _, right in judged if case.get("unread")]
    misses = [_miss(case, said) for case, said, right in judged if not right and not case.get("unread")]
    return Share(_per_cent([right for *_, right in judged]), _per_cent(unread), kind["least"], tuple(misses))


def _per_cent(right: list[bool]) -> int:
    return round(100 * sum(right) / len(right))


def _said(kind: str, case: Row) -> list[EventMention]:
    """The mentions that count as events."""
    mentions = code_text(document(case | {"id": f"{kind}: {case['title']}", "publication_date": case["published"]}))
    least = taught().thresholds.counted
    return [m for m in mentions if m.status is Status.HAPPENED and not m.aggregate and m.confidence >= least]


def _miss(case: Row, said: list[EventMention]) -> str:
    return "\n".join((case["text"], f"  right: {case['events']}", *(f"  said: {field_event(one)}" for one in said)))


def is_right(events: list[Row], said: list[EventMention]) -> bool:
    """Whether these are the events, no more and no fewer, each with the values that are asked of it."""
    return len(said) == len(events) and any(all(map(_fits, events, order)) for order in permutations(said))


def _fits(event: Row, mention: EventMention) -> bool:
    row = field_event(mention) | {"day": mention.when.start}
    sides = [actor for actor in mention.actors if actor.role is Role.INITIATOR]
    names = [name for actor in sides for name in (actor.name, actor.canonical_name or "")]
    for field, value in event.items():
        if field == "place":
            right = _is_named(value, [row["place"] or ""])
        elif field == "initiators":
            right = all(_is_named(name, names) for name in value)
        elif field == "never":
            right = not {name.lower().removeprefix("the ") for name in names} & set(value)
        else:
            right = row[field] == value
        if not right:
            return False
    return True


def _is_named(name: str, said: list[str]) -> bool:
    """Whether one of these names has all the words of the other, as in ``score_events.py``."""
    asked = _words(name)
    return any(words and (words <= asked or asked <= words) for words in map(_words, said))


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.lower().replace("'", ""))) - {"the", "of", "al"}


def figures_of(gold: Path) -> dict[str, dict[str, Any]]:
    """The figures of each kind and of all articles; ``gold`` holds ``score_rows.py``."""
    rows = invented(held_back=True)
    module = scorer(gold / "score_rows.py")
    ours = {row["id"]: counted_rows(code_text(document(row))) for row in rows}
    parts = {"all": rows} | {name: [row for row in rows if kind in row["kinds"]] for kind, name in KINDS.items()}
    return {name: _figures(module, part, ours) for name, part in parts.items() if part}


def _figures(module: Any, rows: list[Row], ours: dict[str, list[Row]]) -> dict[str, Any]:
    told = plain_figures(module.score(rows, ours))
    few = {name: told[name]["f"] for name in MEASURES}
    return {"articles": len(rows), **few, **row_faults(module, rows, ours)}


def main() -> None:
    """Print a line a kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path)
    for flag in ("--json", "--gate", "--misses", "--pin"):
        parser.add_argument(flag, action="store_true")
    args = parser.parse_args()
    found, kinds = figures_of(args.gold) if args.gold else {}, shares()
    if args.json:
        print(json.dumps(found | {"shares": {name: kind.share for name, kind in kinds.items()}}))
    else:
        for name, kind in kinds.items():
            print(f"{name:<44}", kind, *(kind.misses if args.misses else ()), sep="\n" if args.misses else " ")
        for name, figures in found.items():
            print(f"{name:<44}", "  ".join(f"{key} {value}" for key, value in figures.items()))
    if args.pin:
        pin(kinds)
    if args.gate:
        pins = pinned("hard") if found else {}
        fallen = [name for name, least in pins.items() if found["all"][name] < least - _SLACK]
        fallen += [name for name, kind in kinds.items() if kind.share < kind.least]
        sys.exit(f"below their pins: {', '.join(fallen)}" if fallen else 0)


if __name__ == "__main__":
    main()
