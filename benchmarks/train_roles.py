"""Train the heads of parts: ``python -m benchmarks.train_roles --gold DIR [--out FOLDER]``.

Reads ``muc4/train.jsonl`` (the benchmark scores its development half). The head of ``tasks/events/role_head.py`` learns
of every noun phrase near a trigger, in the documents that have an event, the part under which the key has its name.
The head of ``tasks/events/part_head.py`` learns of every name and every incident that answers an event of the key the
part it has in that event, from what the first head says of documents it has not seen. Both are multinomial logistic
regressions (scikit-learn, group ``train``), their thresholds those with the best F1 of each part in folds by document,
of the second ``SURER`` more, of a phrase hit ``SURER_HIT``. Deterministic.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import muc4
from benchmarks.event_sets import Row, document, rows_of, scorer
from schemas.mention import EventMention
from tasks.events.document import Facts, read_document
from tasks.events.incidents import find_incidents
from tasks.events.language.casing import true_cased
from tasks.events.learned_parts import Heads, judged_names, violent
from tasks.events.mentions import judged_facts
from tasks.events.part_head import PARTS, pair_features
from tasks.events.role_head import Told, candidates, role_features
from tasks.events.scope import is_exercise, is_misadventure
from tasks.events.tellings import find_tellings
from tasks.events.triggers import find_triggers
from tasks.reference.linear import Linear, linear_of
from tasks.reference.seeds import SEEDS_DIR

_SLOTS = {
    "perpetrators": "initiator",
    "perpetrator_organizations": "initiator",
    "victims": "target",
    "physical_targets": "object",
}
#: A feature seen in fewer documents than this is left out.
RARE = 4
#: How strongly the two heads may follow single features (scikit-learn's C).
STRENGTH = {"roles": 0.08, "parts": 0.02}
#: Beside incidents the key leaves out names have no part in it, which the best F1 of those it has does not know.
SURER = 0.1
#: So much above the best F1 of phrases a target's lies: beside incidents the key leaves out nobody was hit either.
SURER_HIT = 0.04
#: Documents are dealt into so many folds, by their order in the file.
FOLDS = 4
#: Steps of the solver: more changes no figure's first digit.
_STEPS = 120
#: A name has the part its phrases in an incident's own sentences have more likely than not: what stands in for the
#: second head while its examples are looked for.
_FIRST_PASS = Linear(
    ("none", *PARTS),
    (0.0, -2.0, -2.0, -2.0),
    {f"{part} here:0.3": (0.0, *(4.0 * (part == other) for other in PARTS)) for part in PARTS},
    dict.fromkeys(PARTS, 0.5),
)

Example = tuple[list[str], str]


@dataclass(frozen=True, slots=True)
class Read:
    """A document of the key, read once."""

    row: Row
    facts: Facts


def read(row: Row) -> Read:
    """A document as the coder reads it: in a reader's case."""
    plain = document(row)
    return Read(row, read_document(replace(plain, text=true_cased(plain.text))))


def phrase_examples(one: Read, matches: Any) -> list[Example]:
    """The phrases of a document with their features and parts; ``matches`` says whether two names are one."""
    facts = one.facts
    told = Told.of(find_tellings(facts, find_triggers(facts.doc)))
    return [
        (
            role_features(facts, candidate, told),
            _part(one.row["events"], facts.text[candidate.start : candidate.end], matches),
        )
        for candidate in candidates(facts, told)
    ]


def _part(events: Sequence[Row], name: str, matches: Any) -> str:
    return next((part for slot, part in _SLOTS.items() if _fills(events, slot, name, matches)), "none")


def _fills(events: Sequence[Row], slot: str, name: str, matches: Any) -> bool:
    fillers = [filler for event in events for filler in event[slot]]
    given = [text for f in fillers for text in f.get("any_of") or f.get("name", []) + f.get("description", [])]
    return any(matches(text, name) for text in given)


#: Taken while the examples of the second head are looked for; any will do that names who was hit.
_EARLY = {"initiator": 0.3, "target": 0.3, "object": 0.3}


def pair_examples(one: Read, phrases: Linear, module: ModuleType) -> list[Example]:
    """The names of a document beside each incident that answers an event of the key, with their parts in that event."""
    facts = one.facts
    tellings = find_tellings(facts, find_triggers(facts.doc, facts.grounds))
    # As the coder has them: the places of its mentions are theirs.
    incidents = [i for i in find_incidents(tellings) if not (is_exercise(facts, i) or is_misadventure(facts, i))]
    told = violent(incidents)
    names = judged_names(facts, tellings, phrases)
    mentions = [
        judged.mention for judged in judged_facts(facts, Heads(replace(phrases, thresholds=_EARLY), _FIRST_PASS))
    ]
    found = []
    for event, index in answers(one.row, mentions, module.align).items():
        if incidents[index] in told:
            key = [one.row["events"][event]]
            found += [
                (pair_features(incidents[index], named, names, told), _part(key, named.key, module.smatch))
                for named in names
            ]
    return found


def answers(row: Row, mentions: Sequence[EventMention], align: Any) -> dict[int, int]:
    """Which mention the scorer aligns with which event of the key."""
    typed = [i for i, m in enumerate(mentions) if m.sub_event_type in muc4.TYPES]
    templates = [muc4.template(mentions[i], muc4.day_of(row)) for i in typed]
    return {event: typed[j] for event, j in align(row["events"], templates)}


def best_thresholds(labels: Sequence[str], said: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """For each part the probability from which on taking it has the best F1."""
    found = {}
    for part in PARTS:
        true = sum(label == part for label in labels)
        figures = []
        for step in range(10, 80, 2):
            taken = [label == part for label, likely in zip(labels, said, strict=True) if likely[part] >= step / 100]
            figures.append((2 * sum(taken) / max(1, len(taken) + true), step / 100))
        f1, found[part] = max(figures)
        print(f"{part}: F1 {100 * f1:.1f} at {found[part]} of {true}")
    return found


def sklearn(name: str) -> ModuleType:
    """A module of the group ``train``: the product needs none of it."""
    return import_module(f"sklearn.{name}")


def fit(rows: Sequence[Sequence[Example]], strength: float) -> dict[str, Any]:
    """Weights and bias from the examples of each document."""
    seen = Counter(name for document in rows for name in {n for names, _ in document for n in names})
    flat = [example for document in rows for example in document]
    vectorizer = sklearn("feature_extraction").DictVectorizer()
    features = vectorizer.fit_transform([{n: 1.0 for n in names if seen[n] >= RARE} for names, _ in flat])
    model = sklearn("linear_model").LogisticRegression(C=strength, max_iter=_STEPS)
    model.fit(features, [part for _, part in flat])
    weights = {
        name: [round(float(w), 2) for w in column]
        for name, column in zip(vectorizer.get_feature_names_out(), model.coef_.T, strict=True)
    }
    return {
        "about": "multinomial logistic regression; made by benchmarks/train_roles.py",
        "documents": len(rows),
        "examples": len(flat),
        "classes": [str(name) for name in model.classes_],
        "thresholds": {},
        "bias": [round(float(b), 3) for b in model.intercept_],
        "weights": {name: row for name, row in sorted(weights.items()) if any(abs(w) >= 0.04 for w in row)},
    }


def by_fold(examples: Mapping[int, Sequence[Example]], strength: float) -> list[Linear]:
    """A head for each fold of documents (their place in the file, modulo ``FOLDS``) that has not seen it."""
    return [
        linear_of(fit([held for place, held in examples.items() if place % FOLDS != fold], strength))
        for fold in range(FOLDS)
    ]


@dataclass(frozen=True, slots=True)
class Trained:
    """The two heads as JSON, and for each fold of documents the heads that have not seen it."""

    roles: dict[str, Any]
    parts: dict[str, Any]
    folds: list[Heads]


def train(texts: Mapping[int, Read], module: ModuleType) -> Trained:
    """Both heads from the documents that have an event, by their place in the file."""
    first = {place: phrase_examples(one, module.smatch) for place, one in texts.items() if one.row["events"]}
    phrases = by_fold(first, STRENGTH["roles"])
    print("phrases", end=" ")
    plain = best_thresholds(*_unseen(first, phrases))
    plain["target"] = round(plain["target"] + SURER_HIT, 2)
    second = {place: pair_examples(texts[place], phrases[place % FOLDS], module) for place in first}
    pairs = by_fold(second, STRENGTH["parts"])
    print("names", end=" ")
    limits = {part: round(best + SURER, 2) for part, best in best_thresholds(*_unseen(second, pairs)).items()}
    parts = {**fit(list(second.values()), STRENGTH["parts"]), "thresholds": limits}
    roles = {**fit(list(first.values()), STRENGTH["roles"]), "thresholds": plain}
    heads = [
        Heads(replace(one, thresholds=plain), replace(other, thresholds=limits))
        for one, other in zip(phrases, pairs, strict=True)
    ]
    return Trained(roles, parts, heads)


def _unseen(
    examples: Mapping[int, Sequence[Example]], heads: Sequence[Linear]
) -> tuple[list[str], list[dict[str, float]]]:
    """The labels of some examples, and what the head that has not seen them says."""
    flat = [(place, names, label) for place, held in examples.items() for names, label in held]
    return [label for *_, label in flat], [heads[place % FOLDS].probabilities(names) for place, names, _ in flat]


def main(argv: list[str]) -> int:
    """Train and write the two files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder that holds muc4/train.jsonl and its scorer")
    parser.add_argument("--out", type=Path, default=SEEDS_DIR / "models")
    options = parser.parse_args(argv)
    module = scorer(options.gold / "muc4" / "score.py")
    rows = rows_of(options.gold / "muc4" / "train.jsonl")
    trained = train({place: read(row) for place, row in enumerate(rows) if row["events"]}, module)
    for name, model in (("roles", trained.roles), ("parts", trained.parts)):
        text = json.dumps(model, ensure_ascii=False, separators=(",", ":"))
        (options.out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(name, model["documents"], model["examples"], len(model["weights"]), "weights")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
