"""Score the reader on our own hard articles it was never trained on: ``python -m benchmarks.hard [--json] [--gate]``.

Every eighth article of ``seeds/models/reader/articles`` (by the hash of its id) is kept out of training. Many were
written for kinds of mistakes (``kinds``); a line gives for each kind what a reader of the warehouse sees, by the rules
of the gold's ``score_rows.py``: counted events, rows right in every field, and what the wrong ones are. ``--gate``
exits 1 where a figure lies below its pin (``floors.json``, "hard").
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.event_sets import Row, counted_rows, document, plain_figures, row_faults, scorer
from benchmarks.floors import pinned
from tasks.events.coder.code import code_text
from tasks.events.teaching.examples import invented

#: What the articles were written for.
KINDS = {
    1: "negation", 2: "counts", 3: "old deeds recalled", 4: "the place of a speaker, hospital, dateline",
    5: "the toll's own sentence", 6: "rival accounts, claims, denials", 7: "another group in an apposition",
    8: "days told elsewhere", 9: "totals and wars", 10: "several incidents",
}  # fmt: skip
MEASURES = ("event", "row", "sub_type", "date", "place", "initiators", "killed", "injured")
#: A figure may fall this far under its pin, in points.
_SLACK = 0.5


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
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--gate", action="store_true")
    args = parser.parse_args()
    found = figures_of(args.gold)
    if args.json:
        print(json.dumps(found))
    else:
        for name, figures in found.items():
            print(f"{name:<44}", "  ".join(f"{key} {value}" for key, value in figures.items()))
    if args.gate:
        pins = pinned("hard")
        fallen = [name for name, least in pins.items() if found["all"][name] < least - _SLACK]
        sys.exit(f"below their pins: {', '.join(fallen)}" if fallen else 0)


if __name__ == "__main__":
    main()
