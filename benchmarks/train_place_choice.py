"""Train ``tasks/events/place_choice.py``: ``python -m benchmarks.train_place_choice --gold DIR [--out FILE]``.

Asks of incidents whose own sentences name a wide place which place of the text is the most exact one the key has:
MUC-4's training half, where the scorer aligns a mention, and the rows of pitf_atrocities the benchmark does not score
(those not marked ``core_stated``), where the first mention answers. Documents whose text names no place of the key only
tell the threshold, which is the one with the best F1 in five folds by document. Deterministic.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import muc4
from benchmarks.event_sets import Row, document, lead_order, rows_of, scorer, titled_document
from benchmarks.train_roles import sklearn
from schemas.mention import EventMention
from tasks.events.document import Document, Facts, PlaceFound
from tasks.events.incidents import Incident
from tasks.events.language.casing import true_cased
from tasks.events.mentions import mention_of, read_incidents
from tasks.events.place_choice import Scene, candidates, choice_features, is_open
from tasks.events.placing import scene_of
from tasks.reference.seeds import SEEDS_DIR

RARE = 5
STRENGTH = 0.1


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one incident: their features, and which are right.

    ``placeless``: the key says there is none.
    """

    row_id: str
    features: tuple[list[str], ...]
    right: tuple[bool, ...]
    placeless: bool = False


def example(row_id: str, scene: Scene, levels: Sequence[str], same: Any) -> Example:
    """The candidates of an incident beside the key's names, the general before the specific."""
    found = candidates(scene)
    marks = [_level(place, levels, same) for place in found]
    top = max(marks, default=0)
    return Example(
        row_id, tuple(choice_features(scene, p) for p in found), tuple(mark == top and top > 0 for mark in marks)
    )


def _level(place: PlaceFound, levels: Sequence[str], same: Any) -> int:
    """How specific a name of the key a place has, 0 where it has none."""
    names = [name for name in (place.span.text, place.span.head, place.place.gazetteer_name) if name]
    return max((i + 1 for i, level in enumerate(levels) if any(same(level, name) for name in names)), default=0)


def of_pitf(folder: Path) -> Iterator[Example]:
    """Rows with one event: their first mention."""
    module = scorer(folder.parent / "score_single.py")
    rows = [row for row in rows_of(folder / "dev.jsonl") if not row.get("core_stated")]
    for row in rows:
        gold = row["events"][0]
        levels = [gold[key] for key in ("region", "district", "locality") if gold.get(key)]
        found = scenes(titled_document(row))
        first = min(found, key=lambda pair: lead_order(pair[0]), default=None)
        if first and levels and is_open(first[1]):
            yield example(row["id"], first[1], levels, module.same)


def of_muc4(folder: Path) -> Iterator[Example]:
    """Documents of the training half: every mention the scorer aligns."""
    module: ModuleType = scorer(folder / "score.py")
    same = scorer(folder.parent / "score_single.py").same
    for row in rows_of(folder / "train.jsonl"):
        if not row["events"]:
            continue
        read = document(row)
        found = [(m, s) for m, s in scenes(replace(read, text=true_cased(read.text))) if m.sub_event_type in muc4.TYPES]
        templates = [muc4.template(mention, muc4.day_of(row)) for mention, _ in found]
        for event, ours in module.align(row["events"], templates):
            levels = _levels(row["events"][event])
            if not is_open(found[ours][1]):
                continue
            one = example(row["id"], found[ours][1], levels, same)
            # An event of which the key knows no more than the country happened at none of the places named.
            yield one if levels else replace(one, placeless=True)


def _levels(event: Row) -> list[str]:
    answers = (event.get("location") or {}).get("any_of") or []
    return [within["name"] for answer in answers[:1] for within in answer["within"]]


def scenes(read: Document) -> list[tuple[EventMention, Scene]]:
    """The mentions of a document with what their places are chosen by."""
    facts, incidents = read_incidents(read)
    return [(mention, _scene(facts, one, incidents, mention)) for one, mention in _coded(facts, incidents)]


def _coded(facts: Facts, incidents: Sequence[Incident]) -> list[tuple[Incident, EventMention]]:
    return [(incident, mention_of(facts, incident, incidents)) for incident in incidents]


def _scene(facts: Facts, incident: Incident, incidents: Sequence[Incident], mention: EventMention) -> Scene:
    main = next(t for t in incident.tellings if t.sentence.start == mention.sentence_start)
    return scene_of(facts, incident, incidents, main)


def train(examples: Sequence[Example]) -> dict[str, Any]:
    """Fit on the candidates of incidents with a right one; the threshold by F1 over all."""
    learned = [e for e in examples if any(e.right) or (e.placeless and e.right)]
    counts = Counter(name for e in learned for names in e.features for name in names)
    vectorizer = sklearn("feature_extraction").DictVectorizer()
    rows = [{n: 1.0 for n in names if counts[n] >= RARE} for e in learned for names in e.features]
    features = vectorizer.fit_transform(rows)
    labels = [right for e in learned for right in e.right]
    groups = [e.row_id for e in learned for _ in e.right]
    model = sklearn("linear_model").LogisticRegression(C=STRENGTH, max_iter=2000)
    said = sklearn("model_selection").cross_val_predict(
        model, features, labels, groups=groups, cv=sklearn("model_selection").GroupKFold(5), method="predict_proba"
    )[:, 1]
    model.fit(features, labels)
    answers = _answers(learned, [float(p) for p in said])
    answers += _unseen([e for e in examples if not any(e.right) and not e.placeless], vectorizer, model)
    f1, threshold = max((_f1(answers, step / 100), step / 100) for step in range(10, 60, 2))
    first = sum(right for _, right in answers) / max(1, len(learned))
    print(f"{len(learned)} incidents of {len(examples)}, {len(labels)} places; first is right {100 * first:.1f}")
    names = vectorizer.get_feature_names_out()
    weights = {name: [0.0, round(float(w), 3)] for name, w in zip(names, model.coef_[0], strict=True)}
    return {
        "about": "logistic regression, an incident and a place of its text; made by benchmarks/train_place_choice.py",
        "incidents": len(learned),
        "cross_validated_f1": round(100 * f1, 1),
        "classes": ["none", "place"],
        "thresholds": {"place": threshold},
        "bias": [0.0, round(float(model.intercept_[0]), 3)],
        "weights": {name: row for name, row in sorted(weights.items()) if row[1]},
    }


def _answers(examples: Sequence[Example], said: Sequence[float]) -> list[tuple[float, bool]]:
    """The likeliest place of each incident: its probability, and whether it is right."""
    left = iter(said)
    return [max(((next(left), right) for right in e.right), key=lambda pair: pair[0]) for e in examples]


def _unseen(examples: Sequence[Example], vectorizer: Any, model: Any) -> list[tuple[float, bool]]:
    """The same of incidents whose text has no place of the key: all wrong."""
    answers = []
    for e in examples:
        if e.features:
            rows = vectorizer.transform([dict.fromkeys(names, 1.0) for names in e.features])
            answers.append((float(max(model.predict_proba(rows)[:, 1])), False))
    return answers


def _f1(answers: Sequence[tuple[float, bool]], limit: float) -> float:
    taken = [right for p, right in answers if p >= limit]
    return 2 * sum(taken) / max(1, len(taken) + len(answers))


def main(argv: list[str]) -> int:
    """Train and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder with muc4 and pitf_atrocities")
    parser.add_argument("--out", type=Path, default=SEEDS_DIR / "models" / "place_choice.json")
    options = parser.parse_args(argv)
    examples = [
        *of_pitf(options.gold / "pitf_atrocities"),
        *of_muc4(options.gold / "muc4"),
    ]
    model = train(examples)
    options.out.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print({name: value for name, value in model.items() if name != "weights"}, len(model["weights"]), "weights")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
