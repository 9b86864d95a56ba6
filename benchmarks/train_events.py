"""Train the heads of ``tasks/events/keeping.py`` and ``benchmarks/muc4.py``: ``benchmarks.train_events --gold DIR``.

Reads ``muc4/train.jsonl`` (the benchmark scores its development half), codes every document, and asks of everything the
coder found whether the scorer aligns it with an event of the key. The product's head is not trained on what MUC-4's
scope leaves out (other countries, older events, armed sides among themselves): it learns what an event is, not what
that task asked for. What it asked for is a second model, over a mention's own fields, which stays in the benchmark and
is trained on what the first one keeps when it has not seen the document. Deterministic.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import muc4, train_roles
from benchmarks.event_sets import Row, rows_of, scorer
from benchmarks.train_roles import sklearn
from schemas.mention import EventMention
from tasks.events.keeping import Judged, event_features, is_violence
from tasks.events.keeping import kept as keep
from tasks.events.learned_parts import Heads
from tasks.events.mentions import judged_facts
from tasks.reference.seeds import SEEDS_DIR

RARE = 6
STRENGTH = 0.1
#: The head drops what it gives less than the first, and rescues what it gives the second or more.
DROP, RESCUE = 0.1, 0.4
#: Event F1 changes little over a tenth of the scope's thresholds: less than so many points are no difference.
FLAT = 0.5

Coded = list[tuple[Row, tuple[Judged, ...]]]


def coded(rows: Sequence[Row], module: ModuleType) -> Coded:
    """Every document with everything the coder found in it, its parts given by heads that have not seen it."""
    texts = {place: train_roles.read(row) for place, row in enumerate(rows)}
    return judged_by_fold(texts, train_roles.train(texts, module).folds)


def judged_by_fold(texts: Mapping[int, train_roles.Read], folds: Sequence[Heads]) -> Coded:
    """The same of texts that are read, by the heads that have not seen each."""
    return [(one.row, judged_facts(one.facts, folds[place % len(folds)])) for place, one in texts.items()]


def aligned(row: Row, mentions: Sequence[EventMention], align: Any) -> set[int]:
    """Which mentions the scorer aligns with an event of the key."""
    day = muc4.day_of(row)
    typed = [i for i, m in enumerate(mentions) if m.sub_event_type in muc4.TYPES]
    templates = [muc4.template(mentions[i], day) for i in typed]
    return {typed[j] for _, j in align(row["events"], templates)}


def fit(
    examples: Sequence[tuple[list[str], bool]], groups: Sequence[str], used: Sequence[bool] | None = None
) -> tuple[dict[str, Any], list[float]]:
    """A model of the examples ``used``, and what it says of each example when it has not seen its document."""
    learned = [index for index in range(len(examples)) if used is None or used[index]]
    counts = Counter(name for index in learned for name in examples[index][0])
    vectorizer = sklearn("feature_extraction").DictVectorizer()
    rows = [{n: 1.0 for n in names if counts[n] >= RARE} for names, _ in examples]
    vectorizer.fit([rows[index] for index in learned])
    features, labels = vectorizer.transform(rows), [label for _, label in examples]
    said = [0.0] * len(examples)
    model = sklearn("linear_model").LogisticRegression(C=STRENGTH, max_iter=1000)
    for seen, unseen in sklearn("model_selection").GroupKFold(5).split(rows, labels, groups):
        own = sorted(set(seen) & set(learned))
        model.fit(features[own], [labels[index] for index in own])
        for index, answer in zip(unseen, model.predict_proba(features[unseen])[:, 1], strict=True):
            said[index] = float(answer)
    model.fit(features[learned], [labels[index] for index in learned])
    names = vectorizer.get_feature_names_out()
    weights = {name: [0.0, round(float(w), 3)] for name, w in zip(names, model.coef_[0], strict=True)}
    return {
        "classes": ["none", "event"],
        "bias": [0.0, round(float(model.intercept_[0]), 3)],
        "weights": {name: row for name, row in sorted(weights.items()) if row[1]},
    }, said


def train_events(data: Coded, align: Any) -> tuple[dict[str, Any], dict[tuple[str, int], float]]:
    """The product's head, and its answer for every violent mention when it has not seen its document."""
    examples, groups, keys, used = [], [], [], []
    for row, found in data:
        right = aligned(row, [j.mention for j in found], align)
        for index, one in enumerate(found):
            if is_violence(one.mention):
                examples.append((event_features(found, index), index in right))
                groups.append(row["id"])
                keys.append((row["id"], index))
                used.append(index in right or muc4.in_scope(one.mention, muc4.day_of(row)))
    model, said = fit(examples, groups, used)
    print(f"events: {sum(used)} mentions, {sum(label for _, label in examples)} of the key")
    about = "logistic regression, event or not; made by benchmarks/train_events.py"
    return {"about": about, "thresholds": {"drop": DROP, "rescue": RESCUE}, **model}, dict(zip(keys, said, strict=True))


def train_scope(data: Coded, said: dict[tuple[str, int], float], align: Any, score: Any) -> dict[str, Any]:
    """MUC-4's scope over the mentions kept; the threshold lies amid those with as good as the best F1 in five folds."""
    examples, groups, kept_by = [], [], []
    for row, found in data:
        likely = [said.get((row["id"], index), 1.0) for index in range(len(found))]
        kept = [
            replace(mention, confidence=round(probability, 2))
            for mention, probability in keep(found, likely)
            if mention.sub_event_type in muc4.TYPES
        ]
        right = aligned(row, kept, align)
        examples += [(muc4.scope_features(kept, index, muc4.day_of(row)), index in right) for index in range(len(kept))]
        groups += [row["id"]] * len(kept)
        kept_by.append((row, kept))
    model, answers = fit(examples, groups)
    figures = [(_event_f1(kept_by, answers, step / 100, score), step / 100) for step in range(20, 70, 2)]
    best = max(figures)[0]
    near = [limit for f1, limit in figures if f1 >= best - FLAT]
    print(f"scope: {len(examples)} mentions; event F1 in five folds {best}, within {FLAT} of it at {near}")
    return {
        "about": "MUC-4's scope; made by benchmarks/train_events.py",
        "thresholds": {"in": near[len(near) // 2]},
        **model,
    }


def _event_f1(
    kept_by: Sequence[tuple[Row, list[EventMention]]], answers: Sequence[float], limit: float, score: Any
) -> float:
    left = iter(answers)
    ours = {
        row["id"]: [muc4.template(m, muc4.day_of(row)) for m in kept if next(left) >= limit] for row, kept in kept_by
    }
    return float(score([row for row, _ in kept_by], ours)["all"]["event"]["f"])


def main(argv: list[str]) -> int:
    """Train and write the two files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder that holds muc4/train.jsonl and its scorer")
    parser.add_argument("--out", type=Path, default=SEEDS_DIR / "models" / "events.json")
    options = parser.parse_args(argv)
    module = scorer(options.gold / "muc4" / "score.py")
    data = coded(rows_of(options.gold / "muc4" / "train.jsonl"), module)
    events, said = train_events(data, module.align)
    scope = train_scope(data, said, module.align, module.score)
    for file, model in ((options.out, events), (muc4.SCOPE, scope)):
        file.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
