"""Tolls of one-event documents: ``python -m benchmarks.casualties --gold DIR [--json] [--misses]``.

The document rule, the same for every set: the first figure that counts (no part, not denied, imagined or cumulative;
a cumulative one where there is no other), a title standing first. Of persons "shot", those killed are not injured.
For the set of atrocities combatants are out of scope where the sentence tells of others too, by its own codebook.
Scored with ``score_single.py`` beside the sets, on ``core_stated``.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.corpus import gold_arguments, tell
from benchmarks.when import sentences
from tasks.events.language.numbers import find_numbers
from tasks.events.language.rules import ONE_PERSON
from tasks.events.tolls.casualties import TollKind, TollSpan, find_tolls

Json = dict[str, Any]
_SETS = ("pitf_atrocities", "gva_longtail")
_COMBATANT = re.compile(
    r"(?i)\b(?:soldier|troop|policem[ae]n|police|officer|militant|militia|rebel|gunm[ae]n|fighter|insurgent|attacker|guerrilla)"
)


def _records(path: Path) -> Iterator[Json]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def civilian_tolls(tolls: tuple[TollSpan, ...]) -> tuple[TollSpan, ...]:
    """The scope of the set of atrocities: where a sentence tells of others too, combatants are not its victims."""
    others = [
        toll for toll in tolls if toll.kind is TollKind.KILLED and toll.counts and not _COMBATANT.search(toll.who or "")
    ]
    return tuple(
        _without_combatants(t)
        for t in tolls
        if t.kind is not TollKind.KILLED or not others or not _COMBATANT.search(t.who or "") or " and " in (t.who or "")
    )


def _without_combatants(toll: TollSpan) -> TollSpan:
    """A sum without its combatants: of "five civilians and a soldier" the five."""
    if toll.kind is not TollKind.KILLED or len(toll.parts) < 2 or not _COMBATANT.search(toll.who or ""):
        return toll
    edges = [start - toll.start for start, _ in toll.parts]
    pieces = [toll.quote[max(0, a) : b] for a, b in zip(edges, [*edges[1:], None], strict=True)]
    counts = [_count(piece) for piece in pieces]
    kept = [count for piece, count in zip(pieces, counts, strict=True) if not _COMBATANT.search(piece)]
    if not kept or sum(counts) != toll.best:
        return toll
    left = sum(kept)
    return replace(toll, low=left, best=left, high=left)


def _count(piece: str) -> int:
    numbers = find_numbers(piece)
    return (numbers[0].best or 0) if numbers else 1


def _figures(found: list[tuple[TollSpan, ...]], kind: TollKind) -> list[TollSpan]:
    """The tolls of a kind with a figure; where none counts, those over time (a report may tell only of its total)."""
    figures = [toll for tolls in found for toll in tolls if toll.kind is kind and toll.best is not None]
    counting = [toll for toll in figures if toll.counts]
    return counting or [toll for toll in figures if replace(toll, cumulative=False).counts]


def _first(figures: list[TollSpan]) -> TollSpan | None:
    """The first; one person told of by name or pronoun, or only shot at, only where there is no other."""
    stated = [toll for toll in figures if toll.rule.count not in ONE_PERSON and not toll.open]
    return next(iter(stated or figures), None)


def document_tolls(title: str, text: str, *, civilians: bool = False) -> Json:
    """The killed and injured of a one-event document. Of the persons shot, those killed are not injured."""
    parts = [title] if title else []
    parts += [part for start, end in sentences(text) for part in re.split(r"\n+", text[start:end]) if part.strip()]
    found = [find_tolls(part) for part in parts]
    if civilians:
        found = [civilian_tolls(tolls) for tolls in found]
    killed, injured = _first(_figures(found, TollKind.KILLED)), _first(_figures(found, TollKind.INJURED))
    dead = killed.best if killed else None
    hurt = injured.best if injured else None
    if injured and injured.open and hurt is not None:
        hurt = max(0, hurt - (dead or 0))
    return {"killed": dead, "injured": hurt}


def score(folder: Path, gold: Path, misses: list[str]) -> Json:
    """Accuracy of killed and injured on ``core_stated``."""
    folder_is_civilian = gold.parent.name == "pitf_atrocities"
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
        for record in _records(gold):
            if not record["core_stated"]:
                continue
            said = document_tolls(record.get("title") or "", record["text"], civilians=folder_is_civilian)
            out.write(json.dumps({"id": record["id"], "events": [said]}) + "\n")
            for kind, figure in said.items():
                want = record["events"][0].get(kind)
                if want is not None and (figure or 0) != want:
                    about = f"{record.get('title') or ''} || {record['text'][:700]!r}"
                    misses.append(f"{record['id']} {kind} gold {want} said {figure}: {about}")
        out.flush()
        command = [
            sys.executable,
            str(folder / "score_single.py"),
            str(gold),
            out.name,
            "--only",
            "core_stated",
            "--json",
        ]
        figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {name: figures[name]["p"] for name in ("killed_accuracy", "injured_accuracy")}


def main() -> int:
    """Print the figures of the sets that are there."""
    options = gold_arguments(__doc__)
    misses: list[str] = []
    found = {name: options.gold / name / "dev.jsonl" for name in _SETS}
    result = {name: score(options.gold, path, misses) for name, path in found.items() if path.exists()}
    return tell(result, misses, options)


if __name__ == "__main__":
    sys.exit(main())
