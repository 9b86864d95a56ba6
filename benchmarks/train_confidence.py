"""Train ``tasks/events/confidence.py``: ``python -m benchmarks.train_confidence --gold DIR [--out FILE]``.

Asks of every field of the mentions that answer an event of a key whether it is right, on the training half of MUC-4
and the development halves of pitf_atrocities, gva_longtail and syria_news, and fits a logistic regression a field. The
expected calibration error (ten bins) is that of answers given in five folds by document. Deterministic.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import muc4
from benchmarks.event_sets import (
    Row,
    dated_document,
    document,
    field_event,
    lead_order,
    rows_of,
    scorer,
    single_event,
    titled_document,
)
from benchmarks.train_roles import sklearn
from schemas.mention import EventMention, Evidence
from tasks.events.confidence import FIELDS, field_features
from tasks.events.mentions import code_text
from tasks.reference.seeds import SEEDS_DIR

RARE = 8
STRENGTH = 0.1
#: So many documents of each set, in the order of its file: coding them is what takes the time.
LIMIT = 400

#: A field's features, whether it was right, and the document.
Example = tuple[list[str], bool, str]
Examples = defaultdict[str, list[Example]]


def judge(found: Examples, row_id: str, mention: EventMention, right: dict[str, bool]) -> None:
    """Keep the fields of a mention that a key judges."""
    for piece in mention.evidence:
        field = FIELDS.get(piece.field)
        if field in right:
            found[field].append((field_features(mention, piece), right[field], row_id))


def of_muc4(folder: Path, found: Examples) -> None:
    """The mentions the scorer aligns; a person or group by itself, the other fields by the scorer's slots."""
    module = scorer(folder / "muc4" / "score.py")
    for row in rows_of(folder / "muc4" / "train.jsonl", LIMIT):
        mentions = [m for m in code_text(document(row)) if m.sub_event_type in muc4.TYPES]
        templates = [muc4.template(mention, muc4.day_of(row)) for mention in mentions]
        for event, ours in module.align(row["events"], templates):
            gold, mention = row["events"][event], mentions[ours]
            slots = module.slots(gold, templates[ours])
            names = {
                "type": "type",
                "date": "date_any",
                "place": "place",
                "killed": "killed_range",
                "injured": "injured_range",
            }
            judged = {field: bool(slots[slot][0]) for field, slot in names.items() if slots[slot][0] or slots[slot][2]}
            judge(found, row["id"], mention, judged)
            for piece in mention.evidence:
                _judge_name(found, module, row["id"], gold, mention, piece)


def _judge_name(
    found: Examples, module: ModuleType, row_id: str, gold: Row, mention: EventMention, piece: Evidence
) -> None:
    slots = {"initiator": ("perpetrators", "perpetrator_organizations"), "target": ("victims",)}.get(piece.field, ())
    given = [text for slot in slots for filler in gold[slot] for text in module.alts(filler)]
    if given:
        right = any(module.smatch(text, piece.quote) for text in given)
        found[piece.field].append((field_features(mention, piece), right, row_id))


def of_single(folder: Path, name: str, found: Examples) -> None:
    """The mention that answers for a document of one event."""
    module = scorer(folder / "score_single.py")
    kept = [row for row in rows_of(folder / name / "dev.jsonl") if row.get("core_stated")][:LIMIT]
    for row in kept:
        ranked = sorted(code_text(titled_document(row)), key=lead_order)
        for mention in ranked[:1]:
            scored = module.one(row["events"][0], single_event(mention))
            judged = {
                f: bool(scored[f][0])
                for f in ("date", "place", "killed", "injured")
                if f in scored and scored[f][0] + scored[f][2]
            }
            judge(found, row["id"], mention, judged)


def of_articles(folder: Path, found: Examples) -> None:
    """The mentions of whole articles, each beside the event of the key it agrees with most."""
    module = scorer(folder / "score_events.py")
    for row in rows_of(folder / "syria_news" / "dev.jsonl"):
        for mention in code_text(dated_document(row)):
            said = field_event(mention)
            best = max(row["events"], key=lambda gold: module.agree(gold, said), default=None)
            if best is None or not module.agree(best, said):
                continue
            fields = {"type": "sub_type", "date": "date", "place": "place", "killed": "killed", "injured": "injured"}
            values = {field: module.value(best, said, name) for field, name in fields.items()}
            judge(found, row["id"], mention, {field: bool(right) for field, (has, _, right) in values.items() if has})


def fit(examples: list[Example]) -> tuple[dict[str, Any], float, float]:
    """A model, its expected calibration error and its accuracy's base rate, the first in five folds by document."""
    counts = Counter(name for names, _, _ in examples for name in names)
    vectorizer = sklearn("feature_extraction").DictVectorizer()
    features = vectorizer.fit_transform([{n: 1.0 for n in names if counts[n] >= RARE} for names, _, _ in examples])
    labels = [right for _, right, _ in examples]
    model = sklearn("linear_model").LogisticRegression(C=STRENGTH, max_iter=1000)
    selection = sklearn("model_selection")
    said = selection.cross_val_predict(
        model, features, labels, groups=[g for _, _, g in examples], cv=selection.GroupKFold(5), method="predict_proba"
    )[:, 1]
    model.fit(features, labels)
    weights = zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True)
    return (
        {
            "classes": ["wrong", "right"],
            "thresholds": {},
            "bias": [0.0, round(float(model.intercept_[0]), 3)],
            "weights": {name: [0.0, round(float(w), 3)] for name, w in sorted(weights) if round(float(w), 3)},
        },
        calibration_error(list(map(float, said)), labels),
        sum(labels) / len(labels),
    )


def calibration_error(said: list[float], right: list[bool]) -> float:
    """How far, on average over ten bins weighted by size, what was said lies from how often it was right."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, is_right in zip(said, right, strict=True):
        bins[min(9, int(10 * probability))].append((probability, is_right))
    gaps = (abs(sum(p for p, _ in held) - sum(r for _, r in held)) for held in bins.values())
    return sum(gaps) / max(1, len(said))


def fields(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each field's model with what is known of it."""
    found: Examples = defaultdict(list)
    of_muc4(folder, found)
    for name in ("pitf_atrocities", "gva_longtail"):
        of_single(folder / "", name, found)
    of_articles(folder, found)
    for field, examples in sorted(found.items()):
        model, error, share = fit(examples)
        about = {"values": len(examples), "right": round(share, 3), "calibration_error": round(error, 3)}
        print(field, about)
        yield field, {**about, **model}


def main(argv: list[str]) -> int:
    """Train and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder with the sets and their scorers")
    parser.add_argument("--out", type=Path, default=SEEDS_DIR / "models" / "confidence.json")
    options = parser.parse_args(argv)
    about = "logistic regressions, whether a field is right; made by benchmarks/train_confidence.py"
    made = {"about": about, "fields": dict(fields(options.gold))}
    options.out.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
