"""Train the head of ``tasks/events/linking.py``: ``python -m benchmarks.train_place_link --gold DIR [--out FILE]``.

Reads the unadjudicated rows of ``event_location/dev.jsonl`` (its adjudicated ones are what the benchmark scores and are
left out), pairs each row's verb with every place our finder sees, and fits a logistic regression (scikit-learn, group
``train``). The threshold is the one with the best F1 in five folds by sentence. Deterministic.
"""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.event_sets import Row, rows_of
from tasks.events.document import Document, read_document
from tasks.events.linking import link_features, places_beside
from tasks.events.triggers import trigger_at
from tasks.reference.seeds import SEEDS_DIR

#: A feature seen fewer times than this is left out.
RARE = 4
STRENGTH = 0.3


def pairs(row: Row) -> tuple[list[tuple[list[str], bool]], int]:
    """The verb of a row with each place found, and whether it is its place; and the places nobody found."""
    facts = read_document(Document(row["id"], row["id"], None, row["text"], "en", None), whole=True)
    event = row["events"][0]
    trigger = trigger_at(facts.doc, event["trigger"]["start"], event["trigger"]["end"])
    here = places_beside(facts, trigger)
    gold = [(place["start"], place["end"]) for place in event["locations"]]
    labelled = [
        (link_features(facts, trigger, p, here), any(a < p.span.head_end and p.span.head_start < b for a, b in gold))
        for p in here
    ]
    seen = sum(any(p.span.head_start < b and a < p.span.head_end for p in here) for a, b in gold)
    return labelled, len(gold) - seen


def best_threshold(right: list[bool], said: list[float], missed: int) -> tuple[float, float]:
    """The threshold with the best F1, and that F1; ``missed`` places were never candidates."""
    true = sum(right) + missed
    figures = []
    for step in range(20, 80, 2):
        taken = [r for r, p in zip(right, said, strict=True) if p >= step / 100]
        figures.append((2 * sum(taken) / max(1, len(taken) + true), step / 100))
    f1, threshold = max(figures)
    return threshold, f1


def train(rows: list[Row]) -> dict[str, Any]:
    """Fit on the rows; weights by feature name, with the cross-validated threshold and F1."""
    # Of the group ``train``: the product needs none of it.
    extraction, linear, selection = (
        import_module(f"sklearn.{name}") for name in ("feature_extraction", "linear_model", "model_selection")
    )
    examples: list[tuple[list[str], bool]] = []
    groups: list[str] = []
    missed = 0
    for row in rows:
        labelled, lost = pairs(row)
        examples += labelled
        groups += [row["text"]] * len(labelled)
        missed += lost
    counts: dict[str, int] = {}
    for names, _ in examples:
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    vectorizer = extraction.DictVectorizer()
    features = vectorizer.fit_transform([{n: 1.0 for n in names if counts[n] >= RARE} for names, _ in examples])
    labels = [label for _, label in examples]
    model = linear.LogisticRegression(C=STRENGTH, max_iter=2000)
    folds = selection.GroupKFold(5)
    said = selection.cross_val_predict(model, features, labels, groups=groups, cv=folds, method="predict_proba")[:, 1]
    threshold, f1 = best_threshold(labels, list(said), missed)
    model.fit(features, labels)
    weights = dict(zip(vectorizer.get_feature_names_out(), model.coef_[0].round(3).tolist(), strict=True))
    return {
        "about": "logistic regression, event verb and place; made by benchmarks/train_place_link.py",
        "rows": len(rows),
        "pairs": len(examples),
        "places_not_found": missed,
        "cross_validated_f1": round(100 * f1, 1),
        "threshold": threshold,
        "bias": round(float(model.intercept_[0]), 3),
        "weights": {name: weight for name, weight in sorted(weights.items()) if weight},
    }


def main(argv: list[str]) -> int:
    """Train and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder that holds event_location/dev.jsonl")
    parser.add_argument("--out", type=Path, default=SEEDS_DIR / "models" / "place_link.json")
    options = parser.parse_args(argv)
    rows = [row for row in rows_of(options.gold / "event_location" / "dev.jsonl") if not row["gold"]]
    model = train(rows)
    options.out.write_text(json.dumps(model, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print({name: value for name, value in model.items() if name != "weights"}, len(model["weights"]), "weights")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
