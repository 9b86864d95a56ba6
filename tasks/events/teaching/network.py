"""The reader's network in torch, to train it; ``tasks/events/reader/heads.py`` repeats the heads in numpy.

An encoder (MiniLM-L6) reads windows; a tagger finds the words that tell. Triggers and candidates then are the nodes of
a graph: two layers of attention, biased by distance, by sentences between, and by equal values, let each see all
others across windows. From the nodes come: real or not, together or not, sub-type, status, total, and pointers; from
the pieces and an incident's vector come the names of its sides.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from tasks.events.reader.candidates import FEATURES, feature
from tasks.events.reader.pieces import CLS, SEP, PieceSpan
from tasks.events.reader.read import CHOSEN, NAMED
from tasks.events.teaching.examples import Example

SIZE = 384
_SIDE = 8
_HEADS = 6
_SENTENCES = 32
_STEM = 5


def buckets(distance: Tensor) -> Tensor:
    """Signed distances in pieces as 0 to 16, by powers of two."""
    size = torch.log2(distance.abs().float() + 1).long().clamp(max=_SIDE)
    return torch.where(distance < 0, _SIDE - size, _SIDE + size)


def sentence_buckets(distance: Tensor) -> Tensor:
    """Signed distances in sentences as 0 to 16."""
    return distance.clamp(-_SIDE, _SIDE) + _SIDE


def _has_bfloat16() -> bool:
    """Whether the CPU multiplies in bfloat16 itself; to imitate it takes six times as long."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def network(inputs: int, outputs: int, drop: float) -> nn.Sequential:
    """A network of one hidden layer."""
    return nn.Sequential(nn.Linear(inputs, SIZE), nn.GELU(), nn.Dropout(drop), nn.Linear(SIZE, outputs))


class Layer(nn.Module):  # type: ignore[misc,unused-ignore]
    """One layer of attention over the graph."""

    def __init__(self, drop: float) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(SIZE, SIZE) for _ in range(4))
        self.rel, self.srel = nn.Embedding(2 * _SIDE + 1, _HEADS), nn.Embedding(2 * _SIDE + 1, _HEADS)
        self.eq = nn.Embedding(2, _HEADS)
        self.n1, self.n2 = nn.LayerNorm(SIZE), nn.LayerNorm(SIZE)
        self.f = nn.Sequential(nn.Linear(SIZE, 2 * SIZE), nn.GELU(), nn.Dropout(drop), nn.Linear(2 * SIZE, SIZE))
        self.drop = nn.Dropout(drop)
        for table in (self.rel, self.srel, self.eq):
            nn.init.zeros_(table.weight)

    def forward(self, x: Tensor, distance: Tensor, apart: Tensor, equal: Tensor) -> Tensor:
        """``x`` (n, size) with what each node took from the others; the rest are (n, n) numbers of buckets."""
        count, width = len(x), SIZE // _HEADS
        y = self.n1(x)
        q, k, v = (part(y).view(count, _HEADS, width).transpose(0, 1) for part in (self.q, self.k, self.v))
        bias = (self.rel(distance) + self.srel(apart) + self.eq(equal)).permute(2, 0, 1)
        shares = self.drop((q @ k.transpose(1, 2) / math.sqrt(width) + bias).softmax(-1))
        x = x + self.drop(self.o((shares @ v).transpose(0, 1).reshape(count, SIZE)))
        out: Tensor = x + self.drop(self.f(self.n2(x)))
        return out


class Network(nn.Module):  # type: ignore[misc,unused-ignore]
    """Encoder and heads. ``encoder`` is a BERT of transformers, whose word vectors stay as they are.

    It may be ``None`` where :meth:`encode` is another's (``further.py``).
    """

    def __init__(self, encoder: Any, sub_types: int, statuses: int, drop: float = 0.1) -> None:
        super().__init__()
        self.enc = encoder
        if encoder is not None:
            encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        #: How many of the encoder's layers stay as they are, and what they made of articles.
        self.frozen = 0
        self._below: dict[str, list[Tensor]] = {}
        self.drop = nn.Dropout(drop)
        self.trig = nn.Linear(SIZE, 3)
        self.feat = nn.EmbeddingBag(FEATURES, SIZE, mode="sum", padding_idx=0)
        self.proj, self.sent = nn.Linear(2 * SIZE, SIZE), nn.Embedding(_SENTENCES, SIZE)
        self.layers = nn.ModuleList(Layer(drop) for _ in range(2))
        self.norm = nn.LayerNorm(SIZE)
        self.real = network(SIZE, 1, drop)
        self.dist, self.sdist = nn.Embedding(2 * _SIDE + 1, 16), nn.Embedding(2 * _SIDE + 1, 16)
        self.cor = network(3 * SIZE + 34, 1, drop)
        self.typ, self.sta = network(2 * SIZE, sub_types, drop), network(2 * SIZE, statuses, drop)
        self.sumf = network(2 * SIZE, 1, drop)
        self.ptr = nn.ModuleDict({field: network(3 * SIZE + 33, 1, drop) for field in CHOSEN})
        self.nul = nn.ModuleDict({field: network(SIZE, 1, drop) for field in CHOSEN})
        self.pd, self.psd = nn.Embedding(2 * _SIDE + 1, 16), nn.Embedding(2 * _SIDE + 1, 16)
        self.wt, self.we, self.wm = nn.Linear(SIZE, SIZE), nn.Linear(SIZE, SIZE), nn.Linear(SIZE, SIZE, bias=False)
        self.wd, self.ro = nn.Embedding(2 * _SIDE + 1, SIZE), nn.Linear(SIZE, 1 + 2 * len(NAMED))
        for table, deviation in ((self.feat, 0.05), (self.sent, 0.02), (self.wd, 0.02)):
            nn.init.normal_(table.weight, std=deviation)

    def freeze(self, layers: int) -> None:
        """Keep so many of the encoder's lower layers, and all below them, as they are; what they make of an article is
        computed once.
        """
        self.frozen = layers
        for part in (self.enc.embeddings, *self.enc.encoder.layer[:layers]):
            part.requires_grad_(False)

    def encode(self, example: Example, *, narrow: bool = True) -> tuple[Tensor, Tensor]:
        """The vectors of the pieces and the mean of the windows' sums; ``narrow``: in bfloat16 where the CPU can."""
        begin, rows, sums = len(example.pieces.head) + 2, [], []
        lower = self._below.get(example.id) or self._lower(example)
        if self.frozen:
            self._below[example.id] = lower
        for (first, last), hidden in zip(example.pieces.windows, lower, strict=True):
            with torch.autocast("cpu", torch.bfloat16, enabled=narrow and _has_bfloat16()):
                vectors = self._through(hidden.float(), self.frozen, None)[0].float()
            rows.append(vectors[begin : begin + last - first])
            sums.append(vectors[0])
        return self.drop(torch.cat(rows)), torch.stack(sums).mean(0)

    def _lower(self, example: Example) -> list[Tensor]:
        """Each window's vectors above the layers that stay as they are."""
        head, out = list(example.pieces.head), []
        for first, last in example.pieces.windows:
            ids = torch.tensor([[CLS, *head, SEP, *example.pieces.ids[first:last], SEP]])
            with torch.set_grad_enabled(not self.frozen):
                out.append(self._through(self.enc.embeddings(input_ids=ids), 0, self.frozen))
        return [hidden.half() for hidden in out] if self.frozen else out

    def _through(self, hidden: Tensor, first: int, last: int | None) -> Tensor:
        for layer in self.enc.encoder.layer[first:last]:
            hidden = layer(hidden)
        return hidden

    def graph(self, example: Example, vectors: Tensor, triggers: Sequence[PieceSpan]) -> tuple[Tensor, Tensor, Tensor]:
        """The nodes (triggers, then candidates), where each begins, and its sentence."""
        spans = [*triggers, *example.at]
        means = torch.stack([vectors[first:last].mean(0) for first, last in spans])
        names = [(feature("trigger"),)] * len(triggers) + list(example.features)
        longest = max(len(one) for one in names)
        features = self.feat(torch.tensor([[*one, *[0] * (longest - len(one))] for one in names]))
        at = torch.tensor([first for first, _ in spans])
        sentence = torch.tensor([example.pieces.sentence_of[first] for first, _ in spans])
        x = self.proj(torch.cat([means, vectors[at]], -1)) + features + self.sent(sentence.clamp(max=_SENTENCES - 1))
        values = [("trigger", n) for n in range(len(triggers))] + list(example.values)
        numbers: dict[object, int] = {}
        same = torch.tensor([numbers.setdefault(value, n) for n, value in enumerate(values)])
        distance, apart = buckets(at[None] - at[:, None]), sentence_buckets(sentence[None] - sentence[:, None])
        for layer in self.layers:
            x = layer(x, distance, apart, (same[None] == same[:, None]).long())
        return self.norm(x), at, sentence

    def together(
        self, example: Example, u: Tensor, triggers: Sequence[PieceSpan], at: Tensor, sentence: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The pairs of some triggers and their scores of being one incident."""
        i, j = torch.triu_indices(len(u), len(u), 1)
        if not len(i):
            return i, j, torch.zeros(0)
        low = [example.text[slice(*example.pieces.characters(span))].lower() for span in triggers]
        same = torch.tensor([
            [float(low[x] == low[y]), float(low[x][:_STEM] == low[y][:_STEM])]
            for x, y in zip(i.tolist(), j.tolist(), strict=True)
        ])  # fmt: skip
        a, b = u[i], u[j]
        pairs = [
            a + b, (a - b).abs(), a * b, self.dist(buckets(at[i] - at[j])),
            self.sdist(sentence_buckets(sentence[j] - sentence[i])), same,
        ]  # fmt: skip
        return i, j, self.cor(torch.cat(pairs, -1)).squeeze(-1)

    def pointer(
        self, field: str, incident: Tensor, candidates: Tensor, at: Tensor, sentence: Tensor, chosen: Sequence[int],
        told_at: Tensor, told_in: Tensor,
    ) -> Tensor:  # fmt: skip
        """The scores of silence and of each chosen candidate; ``told_*`` are where the incident is told."""
        none: Tensor = self.nul[field](incident)
        if not chosen:
            return none
        c, index = candidates[list(chosen)], torch.tensor(list(chosen))
        near, apart = _nearest(at[index], told_at), _nearest(sentence[index], told_in)
        parts = [
            c, incident[None].expand(len(c), -1), c * incident[None], self.pd(buckets(near)),
            self.psd(sentence_buckets(apart)), (apart == 0).float()[:, None],
        ]  # fmt: skip
        return torch.cat([none, self.ptr[field](torch.cat(parts, -1)).squeeze(-1)])

    def roles(self, vectors: Tensor, base: Tensor, incident: Tensor, at: Tensor) -> Tensor:
        """The scores of each piece to be no actor, or the first or a later piece of each role's."""
        near = _nearest(torch.arange(len(vectors)), at)
        x = base + self.we(incident)[None] + self.wm(vectors * incident[None]) + self.wd(buckets(near))
        out: Tensor = self.ro(self.drop(functional.gelu(x)))
        return out


def _nearest(points: Tensor, members: Tensor) -> Tensor:
    distance = points[:, None] - members[None]
    return distance.gather(1, distance.abs().argmin(1)[:, None])[:, 0]
