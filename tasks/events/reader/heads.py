"""What the reader makes of the vectors of a text: which words tell, of what, and what belongs to it.

Every function takes arrays of ``encoder.encode`` and gives probabilities; the weights are trained by
``benchmarks/train_reader.py``, whose network these functions repeat in numpy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from schemas.errors import SeedError
from tasks.events.reader.candidates import Candidate, feature
from tasks.events.reader.folder import model_folder, of_the_model
from tasks.events.reader.layers import (
    Array,
    Numbers,
    Weights,
    attention,
    buckets,
    gelu,
    linear,
    network,
    normal,
    sentence_buckets,
    sigmoid,
    softmax,
)
from tasks.events.reader.pieces import Pieces, PieceSpan

_FILE = "heads.npz"
#: Sentences of a text told apart by their number.
_SENTENCES = 32
_LAYERS = 2
#: Two triggers that begin with the same letters may be one word.
_STEM = 5


@of_the_model
@cache
def weights() -> Weights:
    """The heads' weights by name. Raises :class:`SeedError` where they are missing or damaged."""
    try:
        with np.load(model_folder() / _FILE, allow_pickle=False) as held:
            return {name: held[name].astype(np.float32) for name in held.files}
    except (OSError, ValueError) as error:
        raise SeedError(f"{_FILE}: {error}; make it again with benchmarks/train_reader.py") from error


def trigger_tags(vectors: Array) -> Array:
    """For each piece how likely it is none of a telling, its first, a later one: (pieces, 3)."""
    return softmax(linear(weights(), "trig", vectors))


@dataclass(frozen=True, slots=True)
class Graph:
    """Triggers and candidates of a text, each with a vector that has seen all the others.

    ``at`` and ``sentence`` are the first piece and the sentence of each: triggers first, then candidates.
    """

    triggers: Array
    candidates: Array
    at: Numbers
    sentence: Numbers

    @property
    def count(self) -> int:
        """How many triggers there are."""
        return len(self.triggers)


def graph_of(pieces: Pieces, vectors: Array, triggers: Sequence[PieceSpan], found: Sequence[Candidate]) -> Graph:
    """The graph of some triggers (at least one) and the candidates."""
    held = weights()
    spans = [*triggers, *(one.pieces for one in found)]
    means = np.stack([vectors[first:last].mean(0) for first, last in spans])
    firsts = vectors[[first for first, _ in spans]]
    names = [(feature("trigger"),)] * len(triggers) + [one.features for one in found]
    features = np.stack([held["feat.weight"][list(one)].sum(0) for one in names])
    sentence = np.array([pieces.sentence_of[first] for first, _ in spans], dtype=np.int64)
    at = np.array([first for first, _ in spans], dtype=np.int64)
    x = linear(held, "proj", np.concatenate([means, firsts], axis=1)) + features
    x = x + held["sent.weight"][np.minimum(sentence, _SENTENCES - 1)]
    values = [("trigger", number) for number in range(len(triggers))] + [one.value for one in found]
    first_of: dict[object, int] = {}
    same = np.array([first_of.setdefault(value, number) for number, value in enumerate(values)])
    equal = (same[None] == same[:, None]).astype(np.int64)
    distance, apart = buckets(at[None] - at[:, None]), sentence_buckets(sentence[None] - sentence[:, None])
    for layer in range(_LAYERS):
        name = f"layers.{layer}"
        bias = sum(
            held[f"{name}.{part}.weight"][index]
            for part, index in (("rel", distance), ("srel", apart), ("eq", equal))
        )  # fmt: skip
        x = attention(held, name, x, np.transpose(np.asarray(bias), (2, 0, 1)))
    x = normal(held, "norm", x)
    return Graph(x[: len(triggers)], x[len(triggers) :], at, sentence)


def real(graph: Graph) -> Array:
    """How likely each trigger tells of an incident at all."""
    return sigmoid(network(weights(), "real", graph.triggers)[:, 0])


def together(graph: Graph, kept: Sequence[int], words: Sequence[str]) -> Array:
    """How likely two of the kept triggers tell of one incident: (kept, kept), 1 on the diagonal."""
    held, count = weights(), len(kept)
    found = np.eye(count, dtype=np.float32)
    i, j = np.triu_indices(count, 1)
    if not len(i):
        return found
    u, at, sentence = graph.triggers[list(kept)], graph.at[list(kept)], graph.sentence[list(kept)]
    low = [word.lower() for word in words]
    pairs_of = [*zip(i.tolist(), j.tolist(), strict=True)]
    same = np.array([[low[x] == low[y], low[x][:_STEM] == low[y][:_STEM]] for x, y in pairs_of], dtype=np.float32)
    a, b = u[i], u[j]
    pairs = np.concatenate([
        a + b, np.abs(a - b), a * b, held["dist.weight"][buckets(at[i] - at[j])],
        held["sdist.weight"][sentence_buckets(sentence[j] - sentence[i])], same,
    ], axis=1)  # fmt: skip
    found[i, j] = found[j, i] = sigmoid(network(held, "cor", pairs)[:, 0])
    return found


def kinds(incident: Array, whole: Array) -> tuple[Array, Array, float]:
    """How likely each sub-type and each status is, and that it is a total."""
    held, x = weights(), np.concatenate([incident, whole])[None]
    types, statuses = (softmax(network(held, name, x)[0]) for name in ("typ", "sta"))
    return types, statuses, float(sigmoid(network(held, "sumf", x)[0, 0]))


def pointed(field: str, graph: Graph, incident: Array, members: Sequence[int], candidates: Sequence[int]) -> Array:
    """How likely nothing answers for a field, then each candidate: (1 + candidates,), together 1."""
    held = weights()
    none = network(held, f"nul.{field}", incident[None])[0]
    if not candidates:
        return softmax(none)
    index = [graph.count + number for number in candidates]
    c = graph.candidates[list(candidates)]
    near = _nearest(graph.at[index], graph.at[list(members)])
    apart = _nearest(graph.sentence[index], graph.sentence[list(members)])
    x = np.concatenate([
        c, np.broadcast_to(incident, c.shape), c * incident, held["pd.weight"][buckets(near)],
        held["psd.weight"][sentence_buckets(apart)], (apart == 0).astype(np.float32)[:, None],
    ], axis=1)  # fmt: skip
    return softmax(np.concatenate([none, network(held, f"ptr.{field}", x)[:, 0]]))


def role_base(vectors: Array) -> Array:
    """What the roles of every incident of a text begin with."""
    return linear(weights(), "wt", vectors)


def role_tags(vectors: Array, base: Array, graph: Graph, incident: Array, members: Sequence[int]) -> Array:
    """For each piece how likely it is no actor of an incident, or the first or a later piece of each role's."""
    held = weights()
    near = _nearest(np.arange(len(vectors), dtype=np.int64), graph.at[list(members)])
    # Scaling the map's columns by the incident is the same as scaling every vector, and cheaper.
    scaled = vectors @ (held["wm.weight"] * incident[None]).T
    x = base + linear(held, "we", incident[None]) + scaled + held["wd.weight"][buckets(near)]
    return softmax(linear(held, "ro", gelu(x)))


def _nearest(points: Numbers, members: Numbers) -> Numbers:
    """The signed distance of each point to the nearest member."""
    distance = points[:, None] - members[None]
    chosen: Numbers = np.take_along_axis(distance, np.abs(distance).argmin(1)[:, None], axis=1)[:, 0]
    return chosen
