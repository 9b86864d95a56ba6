"""Readings compared page by page: what the library keeps and we lose, where a peer is far better; and folds of sites.

A share kept is of the 4-grams that the library's defaults find and the gold confirms: what somebody reading with the
library would know of the article, and reading with us would not.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.gold import Gold, Reading
from benchmarks.grams import f1, grams
from tasks.web.urls.canonical import host_of, site_of

#: Less of what the library keeps is a loss.
LEAST_KEPT = 0.8
#: How much better a peer's body must be to be worth reading the page.
MARGIN = 0.2
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Loss:
    """One page on which another tool read more or better."""

    page: str
    tool: str
    ours: float
    theirs: float
    kept: float


def kept_share(gold: str, library: str, ours: str) -> float:
    """The share of the library's confirmed 4-grams that our text has too; 1 where the library has none."""
    confirmed = grams(library) & grams(gold)
    return (grams(ours) & confirmed).total() / confirmed.total() if confirmed else 1.0


def losses(golds: Sequence[Gold], ours: Sequence[Reading], library: Sequence[Reading]) -> list[Loss]:
    """The pages of which less than ``LEAST_KEPT`` is kept, the worst first."""
    found = []
    for gold, mine, theirs in zip(golds, ours, library, strict=True):
        if gold.text and (share := kept_share(gold.text, theirs.text, mine.text)) < LEAST_KEPT:
            found.append(Loss(gold.id, "trafilatura", f1(gold.text, mine.text), f1(gold.text, theirs.text), share))
    return sorted(found, key=lambda loss: (loss.kept, loss.page))


def worse(golds: Sequence[Gold], ours: Sequence[Reading], peers: Mapping[str, Sequence[Reading]]) -> list[Loss]:
    """The pages on which the best peer's body is better by more than ``MARGIN``, the worst first."""
    found = []
    for at, (gold, mine) in enumerate(zip(golds, ours, strict=True)):
        if not gold.text or not peers:
            continue
        figures = {name: f1(gold.text, readings[at].text) for name, readings in peers.items()}
        best = max(sorted(figures), key=figures.__getitem__)
        own = f1(gold.text, mine.text)
        if figures[best] > own + MARGIN:
            share = kept_share(gold.text, peers[best][at].text, mine.text)
            found.append(Loss(gold.id, best, own, figures[best], share))
    return sorted(found, key=lambda loss: (loss.ours - loss.theirs, loss.page))


def fold_of(url: str) -> int:
    """The fold of a page: all pages of a site are in one, whatever else the corpus holds."""
    site = site_of(host_of(url)) or url
    return hashlib.sha256(site.encode()).digest()[0] % FOLDS


def by_folds(
    golds: Sequence[Gold],
    readings: Sequence[Reading],
    measure: Callable[[Iterable[tuple[Gold, Reading]]], dict[str, float]],
) -> dict[str, tuple[float, float, float]]:
    """Of each measure the mean, the least and the most over folds of sites."""
    folds: list[list[tuple[Gold, Reading]]] = [[] for _ in range(FOLDS)]
    for gold, reading in zip(golds, readings, strict=True):
        folds[fold_of(gold.url)].append((gold, reading))
    figures = [measure(fold) for fold in folds if fold]
    keys = {key for found in figures for key in found}
    values = {key: [found[key] for found in figures if key in found] for key in sorted(keys)}
    return {key: (sum(found) / len(found), min(found), max(found)) for key, found in values.items()}
