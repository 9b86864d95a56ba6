"""Train the head of ``tasks/events/role_head.py``: ``python -m benchmarks.train_roles --gold DIR [--out FILE]``.

Reads ``muc4/train.jsonl`` (the benchmark scores its development half), takes every noun phrase near a trigger in the
documents that have an event, and labels it with the part under which the key has its name. Fits a multinomial logistic
regression (scikit-learn, group ``train``); the thresholds are those with the best F1 of each part in five folds by
document. Deterministic.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.event_sets import Row, document, rows_of, scorer
from tasks.events.casing import true_cased
from tasks.events.document import read_document
from tasks.events.role_head import Told, candidates, role_features
from tasks.events.tellings import find_tellings
from tasks.events.triggers import find_triggers
from tasks.reference.seeds import SEEDS_DIR

CLASSES = ("none", "initiator", "target", "object")
_SLOTS = {
    "perpetrators": "initiator",
    "perpetrator_organizations": "initiator",
    "victims": "target",
    "physical_targets": "object",
}
#: A feature seen in fewer documents than this is left out.
RARE = 4
STRENGTH = 0.08

Example = tuple[list[str], str]


def examples(row: Row, matches: Any) -> list[Example]:
    """The candidates of a document with their features and parts; ``matches`` says whether two names are one."""
    plain = document(row)
    facts = read_document(replace(plain, text=true_cased(plain.text)))
    told = Told.of(find_tellings(facts, find_triggers(facts.doc)))
    found = []
    for candidate in candidates(facts, told):
        name = facts.text[candidate.start : candidate.end]
        part = next((part for slot, part in _SLOTS.items() if _fills(row, slot, name, matches)), "none")
        found.append((role_features(facts, candidate, told), part))
    return found


def _fills(row: Row, slot: str, name: str, matches: Any) -> bool:
    fillers = [filler for event in row["events"] for filler in event[slot]]
    given = [text for f in fillers for text in f.get("any_of") or f.get("name", []) + f.get("description", [])]
    return any(matches(text, name) for text in given)


def best_thresholds(labels: Sequence[str], said: Any, classes: Sequence[str]) -> dict[str, float]:
    """For each part the probability from which on taking it has the best F1."""
    found = {}
    for index, part in enumerate(classes):
        if part == "none":
            continue
        true = sum(label == part for label in labels)
        figures = []
        for step in range(10, 80, 2):
            taken = [label == part for label, row in zip(labels, said, strict=True) if row[index] >= step / 100]
            figures.append((2 * sum(taken) / max(1, len(taken) + true), step / 100))
        f1, found[part] = max(figures)
        print(f"{part}: F1 {100 * f1:.1f} at {found[part]} of {true}")
    return found


def sklearn(name: str) -> ModuleType:
    """A module of the group ``train``: the product needs none of it."""
    return import_module(f"sklearn.{name}")


def fit(rows: Sequence[Sequence[Example]]) -> dict[str, Any]:
    """Weights, bias and thresholds from the examples of each document."""
    seen = Counter(name for document in rows for name in {n for names, _ in document for n in names})
    flat = [(names, part, group) for group, document in enumerate(rows) for names, part in document]
    vectorizer = sklearn("feature_extraction").DictVectorizer()
    features = vectorizer.fit_transform([{n: 1.0 for n in names if seen[n] >= RARE} for names, _, _ in flat])
    labels = [part for _, part, _ in flat]
    model = sklearn("linear_model").LogisticRegression(C=STRENGTH, max_iter=400)
    selection = sklearn("model_selection")
    said = selection.cross_val_predict(
        model, features, labels, groups=[g for _, _, g in flat], cv=selection.GroupKFold(5), method="predict_proba"
    )
    order = sorted(set(labels))
    thresholds = best_thresholds(labels, said, order)
    model.fit(features, labels)
    rows_out = {
        name: [round(float(w), 2) for w in column]
        for name, column in zip(vectorizer.get_feature_names_out(), model.coef_.T, strict=True)
    }
    return {
        "about": "multinomial logistic regression, part of a noun phrase; made by benchmarks/train_roles.py",
        "documents": len(rows),
        "phrases": len(flat),
        "classes": order,
        "thresholds": thresholds,
        "bias": [round(float(b), 3) for b in model.intercept_],
        "weights": {name: row for name, row in sorted(rows_out.items()) if any(abs(w) >= 0.04 for w in row)},
    }


def main(argv: list[str]) -> int:
    """Train and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder that holds muc4/train.jsonl and its scorer")
    parser.add_argument("--out", type=Path, default=SEEDS_DIR / "models" / "roles.json")
    options = parser.parse_args(argv)
    matches = scorer(options.gold / "muc4" / "score.py").smatch
    kept = [row for row in rows_of(options.gold / "muc4" / "train.jsonl") if row["events"]]
    model = fit([examples(row, matches) for row in kept])
    options.out.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(model["documents"], model["phrases"], len(model["weights"]), "weights")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
