"""Train the head of ``tasks/events/toll_head.py``: ``benchmarks.train_numbers --gold DIR``.

Reads the documents marked ``core_stated`` of the development halves of ``pitf_atrocities`` and ``gva_longtail``, reads
their tolls as the coder does, and asks of every figure whether it is the key's. Of the atrocities, combatants are left
out beforehand, as by its codebook: the head is not to learn that scope. Prints how often the likeliest figure of a
document is the key's, in five folds by incident, beside the first figure the grammar reads. Deterministic.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.casualties import civilian_tolls
from benchmarks.event_sets import Row, rows_of, titled_document
from benchmarks.train_roles import sklearn
from tasks.events.language.sentences import split_sentences
from tasks.events.prefilter import worth_parsing
from tasks.events.toll_head import TollsTold, toll_features
from tasks.events.tolls.casualties import TollKind, TollSpan, find_tolls, sum_tolls
from tasks.reference.seeds import SEEDS_DIR

SETS = ("pitf_atrocities", "gva_longtail")
KINDS = (TollKind.KILLED, TollKind.INJURED)
RARE = 10
STRENGTH = 0.05


@dataclass(frozen=True, slots=True)
class Example:
    """A figure of a document (``group``: its incident), and whether it is the key's."""

    document: int
    group: str
    toll: TollSpan
    features: list[str]
    own: bool


def tolls_told(row: Row, *, civilian: bool) -> TollsTold:
    """The tolls of the sentences the coder reads."""
    text = titled_document(row).text
    sentences = split_sentences(text)
    wanted = worth_parsing(text, sentences)
    tolls = [find_tolls(text[s.start : s.end], s.start) if s.index in wanted else () for s in sentences]
    return TollsTold(text, sentences, [civilian_tolls(held) for held in tolls] if civilian else tolls)


def figures(told: TollsTold) -> Iterator[TollSpan]:
    """Every figure of killed and injured, and the sum of a sentence's where it has one."""
    for held in told.tolls:
        for kind in KINDS:
            yield from (toll for toll in held if toll.kind is kind and toll.best is not None)
            total = sum_tolls(held, kind)
            if total is not None and total.best is not None and total.parts and total not in held:
                yield total


def examples(folder: Path, first: int) -> Iterator[Example]:
    """The figures of a set, its documents numbered from ``first``."""
    rows = [row for row in rows_of(folder / "dev.jsonl") if row.get("core_stated")]
    for number, row in enumerate(rows, first):
        told = tolls_told(row, civilian=folder.name == "pitf_atrocities")
        for toll in figures(told):
            wanted = row["events"][0].get(toll.kind.value)
            if wanted is not None:
                group = str(row.get("incident_id") or row["id"])
                yield Example(number, group, toll, toll_features(told, toll), toll.best == wanted)


def fit(held: Sequence[Example]) -> tuple[dict[str, Any], list[float]]:
    """A model of the examples, and what it says of each when it has not seen its incident."""
    vectorizer = sklearn("feature_extraction").DictVectorizer()
    rows = vectorizer.fit_transform([dict.fromkeys(example.features, 1.0) for example in held])
    often = rows.sum(axis=0).A1 >= RARE
    names = [name for name, kept in zip(vectorizer.get_feature_names_out(), often, strict=True) if kept]
    rows, labels = rows[:, often], [example.own for example in held]
    model = sklearn("linear_model").LogisticRegression(C=STRENGTH, max_iter=1000)
    said = [0.0] * len(held)
    for seen, unseen in sklearn("model_selection").GroupKFold(5).split(rows, labels, [e.group for e in held]):
        model.fit(rows[seen], [labels[index] for index in seen])
        for index, answer in zip(unseen, model.predict_proba(rows[unseen])[:, 1], strict=True):
            said[int(index)] = float(answer)
    model.fit(rows, labels)
    weights = {name: [0.0, round(float(weight), 3)] for name, weight in zip(names, model.coef_[0], strict=True)}
    return {
        "classes": ["other", "own"],
        "bias": [0.0, round(float(model.intercept_[0]), 3)],
        "weights": {name: row for name, row in sorted(weights.items()) if row[1]},
    }, said


def choices(held: Sequence[Example], said: Sequence[float], kind: TollKind) -> tuple[float, float]:
    """Of the documents with a figure of a kind, how many per cent are answered rightly: by the likeliest, the first."""
    by_document: dict[int, list[tuple[float, bool, bool]]] = {}
    for example, likely in zip(held, said, strict=True):
        if example.toll.kind is kind:
            by_document.setdefault(example.document, []).append((likely, example.toll.counts, example.own))
    likeliest = [max(found, key=lambda one: one[0])[2] for found in by_document.values()]
    first = [next((one for one in found if one[1]), found[0])[2] for found in by_document.values()]
    return tuple(round(100 * sum(right) / max(1, len(right)), 1) for right in (likeliest, first))  # type: ignore[return-value]


def main(argv: list[str]) -> int:
    """Train and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder that holds <set>/dev.jsonl")
    parser.add_argument("--out", type=Path, default=SEEDS_DIR / "models" / "tolls.json")
    options = parser.parse_args(argv)
    held: list[Example] = []
    ends: list[int] = []
    for name in SETS:
        held += examples(options.gold / name, held[-1].document + 1 if held else 0)
        ends.append(len(held))
    model, said = fit(held)
    for name, start, end in zip(SETS, [0, *ends], ends, strict=False):
        for kind in KINDS:
            likeliest, first = choices(held[start:end], said[start:end], kind)
            print(f"{name} {kind.value}: likeliest {likeliest}, first {first}")
    print(f"{len(held)} figures, {sum(example.own for example in held)} of the key, {len(model['weights'])} weights")
    about = "logistic regression, a figure the event's own or not; made by benchmarks/train_numbers.py"
    text = json.dumps({"about": about, "thresholds": {}, **model}, ensure_ascii=False, separators=(",", ":"))
    options.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
