"""Training of the reader: what is asked of it at once, step by step, the same for the same seed.

Everything is learned together: which words tell, which of them are no incident after all, which belong together, kind,
status, total, the candidate of each field, the names of each side. What an article's annotators do not answer is left
out of its sum. The weights kept are the running mean of the second half.
"""

import logging
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from tasks.events.reader.layers import Array
from tasks.events.reader.pieces import PieceSpan
from tasks.events.reader.read import CHOSEN, NAMED
from tasks.events.reader.tellings import tagged
from tasks.events.teaching.examples import Example, Incident
from tasks.events.teaching.network import Network

log = logging.getLogger("firstdraft.teaching")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is trained. Rates are AdamW's, falling to nothing over all steps; ``batch`` is in articles."""

    epochs: int = 6
    encoder_rate: float = 5e-5
    heads_rate: float = 4e-4
    decay: float = 0.01
    batch: int = 4
    seed: int = 1
    #: How fast the mean of the weights follows, a step.
    follow: float = 0.005


#: Weights of a piece that tells, of a pair that belongs together, and of a piece that names nobody.
_TELLING, _PAIR, _NOBODY = 3.0, 1.5, 0.3
#: Words the tagger takes for telling from here on are shown to the graph as false ones.
_FALSE = 0.3
#: How often an incident is shown with one telling too few, as a reader may find it.
_PART = 0.3


class Learner:
    """A network in training, which can be saved after each epoch and taken up again."""

    def __init__(self, model: Network, labels: tuple[Sequence[str], Sequence[str]], recipe: Recipe, steps: int) -> None:
        self.model, self.recipe = model, recipe
        self.sub_types, self.statuses = ([*one] for one in labels)
        self.random = random.Random(recipe.seed)  # noqa: S311 - no secret
        encoder = [p for name, p in model.named_parameters() if name.startswith("enc.") and p.requires_grad]
        heads = [p for name, p in model.named_parameters() if not name.startswith("enc.")]
        self.optimizer = torch.optim.AdamW(
            [{"params": encoder, "lr": recipe.encoder_rate}, {"params": heads, "lr": recipe.heads_rate}],
            weight_decay=recipe.decay,
        )
        total = max(1, steps // recipe.batch)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda k: min(1.0, (k + 1) / (0.08 * total + 1)) * max(0.02, 1 - k / total)
        )
        self.mean: dict[str, Tensor] | None = None
        self.epoch = 0
        #: Whether the tagger's false words are shown from the first epoch on: it has learned before.
        self.told_false = False

    def learn(self, examples: Sequence[Example], saved: Path | None = None) -> None:
        """Train to the end of the recipe; after each epoch the state is written to ``saved``."""
        while self.epoch < self.recipe.epochs:
            self._learn_once(examples)
            self.epoch += 1
            if saved is not None:
                torch.save(self._state(), saved)

    def take_up(self, saved: Path) -> None:
        """Go on from a saved state."""
        state = torch.load(saved, weights_only=False)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.mean, self.epoch = state["mean"], state["epoch"]
        self.random.setstate(state["random"])
        torch.set_rng_state(state["torch"])

    def weights(self) -> dict[str, Tensor]:
        """The weights to use: the mean where there is one."""
        return {**self.model.state_dict(), **(self.mean or {})}

    def _state(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(), "mean": self.mean, "epoch": self.epoch,
            "random": self.random.getstate(), "torch": torch.get_rng_state(),
        }  # fmt: skip

    def _learn_once(self, examples: Sequence[Example]) -> None:
        started, order = time.monotonic(), [*examples]
        self.random.shuffle(order)
        self.model.train()
        sums: dict[str, list[float]] = {}
        for number, example in enumerate(order, 1):
            losses = self.losses(example)
            if losses:
                (torch.stack(list(losses.values())).sum() / self.recipe.batch).backward()
            for name, loss in losses.items():
                sums.setdefault(name, []).append(loss.item())
            if number % self.recipe.batch == 0 or number == len(order):
                self._step()
        told = {name: round(sum(found) / len(found), 3) for name, found in sums.items()}
        log.info("epoch %d: %s, %d s", self.epoch, told, time.monotonic() - started)

    def _step(self) -> None:
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.schedule.step()
        if self.epoch < self.recipe.epochs / 2:
            return
        with torch.no_grad():
            if self.mean is None:
                self.mean = {name: p.detach().clone() for name, p in self.model.named_parameters()}
            for name, p in self.model.named_parameters():
                self.mean[name].lerp_(p, self.recipe.follow)

    def losses(self, example: Example) -> dict[str, Tensor]:
        """What the network gets wrong on one article, by question."""
        model = self.model
        vectors, whole = model.encode(example)
        tags = model.trig(vectors)
        if any(not incident.tellings for incident in example.incidents):
            return self._losses_of_one(example, vectors, whole, tags)
        found = _telling(tags, example)
        owners: dict[PieceSpan, set[int]] = {}
        for number, incident in enumerate(example.incidents):
            for span in incident.tellings:
                owners.setdefault(span, set()).add(number)
        known = {*owners, *example.rejected}
        false_ones = self._false_ones(tags, [*known])
        triggers = sorted([*known, *false_ones])
        if not triggers:
            return found
        nodes, at, sentence = model.graph(example, vectors, triggers)
        u, candidates = nodes[: len(triggers)], nodes[len(triggers) :]
        asked = [n for n, span in enumerate(triggers) if example.judged is None or span in known]
        truth = torch.tensor([float(triggers[n] in owners) for n in asked])
        if asked:
            found["real"] = functional.binary_cross_entropy_with_logits(model.real(u[asked]).squeeze(-1), truth)
        if example.incidents:
            found |= self._pairs(example, u, triggers, owners, at, sentence)
            scene = _Scene(
                example,
                vectors,
                whole,
                u,
                candidates,
                at,
                sentence,
                model.wt(vectors),
                {t: n for n, t in enumerate(triggers)},
            )
            found |= self._incidents(scene)
        return found

    def _losses_of_one(self, example: Example, vectors: Tensor, whole: Tensor, tags: Tensor) -> dict[str, Tensor]:
        """The same of an article of which only what its one event was is known: whatever seems to tell, tells of it."""
        told = 1 - tags.softmax(-1)[:, 0]
        best = int(told.argmax())
        shares: Array = tags.detach().softmax(-1).numpy()
        spans = [one.pieces for one in tagged(shares, 1, _FALSE)] or [(best, best + 1)]
        nodes, at, sentence = self.model.graph(example, vectors, spans)
        count = len(spans)
        base, numbers = self.model.wt(vectors), {span: number for number, span in enumerate(spans)}
        scene = _Scene(example, vectors, whole, nodes[:count], nodes[count:], at, sentence, base, numbers)
        asked = self._incident(scene, example.incidents[0], range(count))
        return {"something": -torch.log(told[best] + 1e-6)} | asked

    def _false_ones(self, tags: Tensor, told: Sequence[PieceSpan]) -> list[PieceSpan]:
        """What the tagger takes for telling and is not known to tell, after the first epoch."""
        if self.epoch == 0 and not self.told_false:
            return []
        shares: Array = tags.detach().softmax(-1).numpy()
        spans = [one.pieces for one in tagged(shares, 1, _FALSE)]
        return [s for s in spans if not any(s[0] < last and first < s[1] for first, last in told)][: 3 + len(told)]

    def _pairs(
        self, example: Example, u: Tensor, triggers: Sequence[PieceSpan], owners: Mapping[PieceSpan, set[int]],
        at: Tensor, sentence: Tensor,
    ) -> dict[str, Tensor]:  # fmt: skip
        kept = [n for n, span in enumerate(triggers) if span in owners]
        spans = [triggers[n] for n in kept]
        i, j, scores = self.model.together(example, u[kept], spans, at[kept], sentence[kept])
        if not len(i):
            return {}
        pairs = [(owners[spans[x]], owners[spans[y]]) for x, y in zip(i.tolist(), j.tolist(), strict=True)]
        asked = [n for n, (a, b) in enumerate(pairs) if a & b or all(example.incidents[k].apart for k in a | b)]
        if not asked:
            return {}
        truth = torch.tensor([float(bool(pairs[n][0] & pairs[n][1])) for n in asked])
        loss = functional.binary_cross_entropy_with_logits(scores[asked], truth, pos_weight=torch.tensor(_PAIR))
        return {"together": loss, "first": _first_told(len(kept), i[asked], j[asked], scores[asked], truth)}

    def _incidents(self, scene: "_Scene") -> dict[str, Tensor]:
        """The mean over the incidents of what is asked of each."""
        asked: dict[str, list[Tensor]] = {}
        for incident in scene.example.incidents:
            members = [scene.number_of[span] for span in incident.tellings]
            if len(members) > 1 and self.random.random() < _PART:
                members = self.random.sample(members, len(members) - 1)
            for name, loss in self._incident(scene, incident, members).items():
                asked.setdefault(name, []).append(loss)
        return {name: torch.stack(losses).mean() for name, losses in asked.items()}

    def _incident(self, scene: "_Scene", incident: Incident, members: Sequence[int]) -> dict[str, Tensor]:
        model, vector = self.model, scene.u[list(members)].mean(0)
        both = torch.cat([vector, scene.whole])
        asked = incident.asked
        found: dict[str, Tensor] = {}
        if incident.sub_types and (asked is None or "sub_type" in asked):
            found["sub_type"] = _any_of(model.typ(both), [self.sub_types.index(one) for one in incident.sub_types])
        if incident.statuses and asked is None:
            found["status"] = _any_of(model.sta(both), [self.statuses.index(one) for one in incident.statuses])
        if incident.aggregate is not None:
            truth = torch.tensor(float(incident.aggregate))
            found["total"] = functional.binary_cross_entropy_with_logits(model.sumf(both)[0], truth)
        count = len(scene.u)
        for field in CHOSEN if asked is None else [field for field in CHOSEN if field in asked]:
            chosen, right = scene.example.fields[field], incident.right[field]
            answers = [1 + chosen.index(n) for n in right if n in chosen] if incident.given[field] else [0]
            if answers:
                scores = model.pointer(
                    field, vector, scene.candidates, scene.at[count:], scene.sentence[count:], chosen,
                    scene.at[list(members)], scene.sentence[list(members)],
                )  # fmt: skip
                found[field] = _any_of(scores, answers)
        if asked is not None:
            return found
        scores = model.roles(scene.vectors, scene.base, vector, scene.at[list(members)])
        found["names"] = 4 * _naming(scores, scene.example, incident)
        return found


@dataclass(frozen=True, slots=True)
class _Scene:
    """An article as the network sees it; ``number_of`` gives the node of each telling."""

    example: Example
    vectors: Tensor
    whole: Tensor
    u: Tensor
    candidates: Tensor
    at: Tensor
    sentence: Tensor
    base: Tensor
    number_of: Mapping[PieceSpan, int]


def _first_told(count: int, i: Tensor, j: Tensor, scores: Tensor, truth: Tensor) -> Tensor:
    """How unlikely each telling finds an earlier one of its incident, or that it is the first, among all earlier ones.

    ``i`` and ``j`` are the pairs that are known, earlier and later; ``scores`` is 0 where a telling stands alone.
    """
    ranked = torch.full((count, count), -torch.inf).index_put((j, i), scores)
    right = torch.zeros(count, count).index_put((j, i), truth)
    alone = (right.sum(1, keepdim=True) == 0).float()
    logs = torch.cat([torch.zeros(count, 1), ranked], 1).log_softmax(1)
    out: Tensor = -torch.logsumexp(logs.masked_fill(torch.cat([alone, right], 1) == 0, -torch.inf), 1).mean()
    return out


def _any_of(scores: Tensor, answers: Sequence[int]) -> Tensor:
    """How unlikely any of the right answers is, as a negative logarithm."""
    out: Tensor = -torch.logsumexp(scores.log_softmax(0)[list(answers)], 0)
    return out


def _telling(tags: Tensor, example: Example) -> dict[str, Tensor]:
    """How wrong the tags of the pieces are of which it is known whether they tell."""
    truth, weight = _tags(example), torch.tensor([1.0, _TELLING, _TELLING])
    if example.judged is not None:
        asked = sorted({n for first, last in example.judged for n in range(first, last)})
        tags, truth = tags[asked], truth[asked]
    return {"tellings": 2 * functional.cross_entropy(tags, truth, weight=weight)} if len(truth) else {}


def _naming(scores: Tensor, example: Example, incident: Incident) -> Tensor:
    """How wrong the tags of names are. A piece of no known name may be one of a side that is not known completely."""
    truth, logs = _roles(example, incident), scores.log_softmax(-1)
    own = logs.gather(1, truth[:, None])[:, 0]
    unsure = [1 + 2 * n + k for n, field in enumerate(NAMED) if field not in incident.complete for k in (0, 1)]
    if unsure:
        own = torch.where(truth == 0, torch.logsumexp(logs[:, [0, *unsure]], 1), own)
    weight = torch.where(truth == 0, _NOBODY, 1.0)
    return -(weight * own).sum() / weight.sum()


def _tags(example: Example) -> Tensor:
    found = torch.zeros(len(example.pieces.ids), dtype=torch.long)
    for incident in example.incidents:
        for first, last in incident.tellings:
            found[first] = 1
            found[first + 1 : last] = 2
    return found


def _roles(example: Example, incident: Incident) -> Tensor:
    """The tags of an incident's names; of two roles of one piece the first counts."""
    found = torch.zeros(len(example.pieces.ids), dtype=torch.long)
    for number, field in reversed([*enumerate(NAMED)]):
        for first, last in incident.names[field]:
            found[first] = 1 + 2 * number
            found[first + 1 : last] = 2 + 2 * number
    return found
