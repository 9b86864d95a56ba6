"""Train ``tasks/resolution/pairs.py``: ``python -m benchmarks.train_match --gold DIR --coded FILE [--words]``.

``--words`` counts how common words are (``seeds/models/word_commonness.txt``); without it, a logistic regression is
fitted to the pairs of mentions of the development documents (scipy, group ``train``): weights, and the mean score
at which clusters join, by the B-cubed F1 of five folds by incident. Deterministic.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from zlib import crc32

import duckdb

from benchmarks.clusters import SET, article_of, coded, documents, resolved
from benchmarks.event_sets import Row, rows_of, scorer
from schemas.event import StoredMention
from tasks.reference.seeds import SEEDS_DIR
from tasks.resolution.clusters import Scores, cluster
from tasks.resolution.geography import REACHES_KM
from tasks.resolution.identity import is_report
from tasks.resolution.marks import TOKEN, fold_word
from tasks.resolution.overrides import Forced
from tasks.resolution.pairs import (
    NAMED_DAYS,
    TOLD_DAYS,
    Match,
    Model,
    better_of,
    features,
    in_one_block,
    veto_of,
    weigh,
)
from tasks.warehouse.resolve.matching import StoredBlocks

SOURCES = ("gva_longtail", "pitf_atrocities", "syria_news", "case2021_task2", "muc4")
#: A word of class 0 stands in at least this share of documents, of class 1 and 2 in these; others are of class 3.
SHARES = (0.05, 0.005, 0.0005)
#: A word mostly written with a capital is listed from this many documents on: the names of private people are not.
NAME_DOCUMENTS = 20
FOLDS = 5
STRENGTH = 1.0
#: An F1 this much below the best is as good; a merger costs a user more than a double.
NEARLY = 0.003
#: The means tried.
MEANS = (0.2, 0.3, 0.4)
#: Set, not learned: the pages of the set are alike by their furniture, where those the product cleans are copies.
PRIORS = {"same story": 1.5}
MODELS = SEEDS_DIR / "models"


def count_words(texts: Sequence[str]) -> list[list[str]]:
    """The words of each class but the last, sorted."""
    seen: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        written: dict[str, bool] = {}
        for found in TOKEN.finditer(text):
            word = fold_word(found[0])
            written[word] = written.get(word, True) and found[0][0].isupper()
        seen.update(written.keys())
        capital.update(word for word, large in written.items() if large)
    classes: list[list[str]] = [[] for _ in SHARES]
    for word, texts_with in sorted(seen.items()):
        name = capital[word] > texts_with / 2 or word.isdigit()
        if not word[:1].isalnum() or (name and texts_with < NAME_DOCUMENTS):
            continue
        kind = next((at for at, share in enumerate(SHARES) if texts_with >= share * len(texts)), None)
        if kind is not None and texts_with > 1:
            classes[kind].append(word)
    return classes


def write_words(gold: Path) -> None:
    """Count and write the file."""
    files = [gold / name / "dev.jsonl" for name in SOURCES]
    classes = count_words([row["text"] for file in files if file.exists() for row in rows_of(file)])
    head = "# How many texts hold a word; made by benchmarks/train_match.py --words from the development texts.\n"
    body = "".join(f"# class {kind}\n{' '.join(words)}\n" for kind, words in enumerate(classes))
    (MODELS / "word_commonness.txt").write_text(head + body, encoding="utf-8")
    print([len(words) for words in classes], "words by class")


@dataclass(frozen=True, slots=True)
class Data:
    """The reports of the development documents, the pairs in one block that nothing forbids, and what is known of them.

    ``incident`` and ``first`` (its document's first report of violence) are by mention id.
    """

    mentions: dict[str, StoredMention]
    pairs: list[tuple[str, str]]
    incident: dict[str, str]
    first: set[str]


def read(con: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> Data:
    """The data, from a warehouse that holds the documents resolved."""
    incident_of = {article_of(row).article_id: str(row["incident_id"]) for row in rows}
    ids = [one for (one,) in con.execute("SELECT mention_id FROM resolved_mentions ORDER BY 1").fetchall()]
    blocks = StoredBlocks(con, NAMED_DAYS, TOLD_DAYS, REACHES_KM, {})
    mentions = {m.mention_id: m for m in blocks.mentions(ids) if is_report(m)}
    met = {(min(both), max(both)) for both in blocks.pairs(sorted(mentions))}
    pairs = [
        (a, b)
        for a, b in sorted(met)
        if in_one_block(mentions[a], mentions[b]) and veto_of(mentions[a], mentions[b]) is None
    ]
    heads: dict[str, StoredMention] = {}
    for m in sorted(mentions.values(), key=_place_in_article):
        heads.setdefault(m.article_id, m)
    first = {m.mention_id for m in heads.values()}
    return Data(mentions, pairs, {one: incident_of[m.article_id] for one, m in mentions.items()}, first)


def _place_in_article(m: StoredMention) -> tuple[bool, int, str]:
    return m.type_group != "violence", m.trigger_start, m.mention_id


class Fitted:
    """Logistic regressions over the pairs, each without what its fold holds.

    Of two documents on one incident only the first reports are known to be one event, so their other pairs say nothing.
    """

    def __init__(self, data: Data) -> None:
        self.data = data
        usable = [
            both
            for both in data.pairs
            if data.incident[both[0]] != data.incident[both[1]] or data.first.issuperset(both)
        ]
        found = [features(data.mentions[a], data.mentions[b]) for a, b in usable]
        self.names = sorted({name for one in found for name in one})
        at = {name: number for number, name in enumerate(self.names)}
        numpy = import_module("numpy")
        self.table = numpy.zeros((len(usable), len(self.names)))
        for number, one in enumerate(found):
            for name, value in one.items():
                self.table[number, at[name]] = value
        self.right = numpy.array([data.incident[a] == data.incident[b] for a, b in usable])
        incidents = sorted(set(data.incident.values()))
        self.fold = {incident: crc32(incident.encode()) % FOLDS for incident in incidents}
        self.folds = numpy.array([[self.fold[data.incident[one]] for one in both] for both in usable])

    def fit(self, without: frozenset[int]) -> Model:
        """A model of the pairs that touch none of some folds."""
        numpy, optimize = import_module("numpy"), import_module("scipy.optimize")
        kept = ~numpy.isin(self.folds, sorted(without)).any(axis=1)
        spread = self.table[kept].std(axis=0) + 1e-9
        table, right = self.table[kept] / spread, self.right[kept].astype(float)

        def loss(weights: Any) -> tuple[float, Any]:
            total = table @ weights[1:] + weights[0]
            wrong = 1 / (1 + numpy.exp(-total)) - right
            value = numpy.logaddexp(0, total).sum() - (right * total).sum() + (weights[1:] ** 2).sum() / 2 / STRENGTH
            slope = numpy.concatenate([[wrong.sum()], table.T @ wrong + weights[1:] / STRENGTH])
            return float(value), slope

        bounds = [(None, None), *(_scaled(sign_of(n), width) for n, width in zip(self.names, spread, strict=True))]
        start = numpy.zeros(len(self.names) + 1)
        found = optimize.minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 400}).x
        weights = {n: round(float(w), 3) for n, w in zip(self.names, found[1:] / spread, strict=True)}
        return Model(round(float(found[0]), 3), weights | PRIORS, 0.0)


def _scaled(bounds: tuple[float | None, float | None], width: float) -> tuple[float | None, float | None]:
    low, high = bounds
    return (low if low is None else low * width), (high if high is None else high * width)


def sign_of(name: str) -> tuple[float | None, float | None]:
    """The bounds of a weight: what contradicts may not speak for a pair, what agrees not against it.

    The development set tells of one country's crime; a sign learned against reason there would do harm elsewhere.
    """
    if name in PRIORS:
        return 0.0, 0.0
    if name == "place far, one name":
        # Elsewhere two villages of one name are two villages more often than one misplaced.
        return 0.0, 3.0
    if name.endswith((" other", " far", " apart", "of one source")) or name in ("other day", "other division"):
        return None, 0.0
    if name.endswith((" same", " shared", " alike")) or name.startswith(("same ", "full names")):
        return 0.0, None
    return None, None


class HeldOut(Scores):
    """Scores of pairs by models that saw neither of their incidents."""

    def __init__(self, fitted: Fitted) -> None:
        super().__init__(fitted.data.mentions)
        folds = sorted(set(fitted.fold.values()))
        self.fitted = fitted
        self.models = {frozenset((a, b)): fitted.fit(frozenset((a, b))) for a in folds for b in folds if a <= b}

    def of(self, one: str, other: str) -> Match:
        """The match of two mentions, in either order."""
        key = (one, other) if one < other else (other, one)
        if key not in self.known:
            a, b = self.mentions[one], self.mentions[other]
            veto = veto_of(a, b)
            fold, incident = self.fitted.fold, self.fitted.data.incident
            model = self.models[frozenset((fold[incident[one]], fold[incident[other]]))]
            self.known[key] = Match(0.0, "", veto) if veto else better_of(a, b, weigh(features(a, b), model))
        return self.known[key]


def judged(data: Data, scores: Scores, mean: float, rows: Sequence[Row], judge: ModuleType) -> tuple[float, float]:
    """B-cubed precision and recall of the clusters some scores give."""
    found = cluster(scores, data.mentions, data.pairs, Forced(), mean)
    told = [(m.article_id, str(at)) for at, members in enumerate(found) for m in members if m.type_group == "violence"]
    truth = {row["id"]: row["incident_id"] for row in rows}
    precision, recall = judge.bcubed(truth, documents(rows, told))
    return float(precision), float(recall)


def best(data: Data, scores: Scores, rows: Sequence[Row], judge: ModuleType) -> tuple[float, dict[str, float]]:
    """The mean score at which clusters join: of those nearly the best the most precise, with the figures held out."""
    tried = []
    for mean in MEANS:
        p, r = judged(data, scores, mean, rows, judge)
        f = 2 * p * r / (p + r)
        print(f"mean {mean}: P {100 * p:.1f} R {100 * r:.1f} F {100 * f:.1f}", flush=True)
        tried.append((f, p, r, mean))
    enough = max(tried)[0] - NEARLY
    p, f, r, mean = max((p, f, r, mean) for f, p, r, mean in tried if f >= enough)
    return mean, {"precision": round(100 * p, 1), "recall": round(100 * r, 1), "f1": round(100 * f, 1)}


def main(argv: list[str]) -> int:
    """Count words, or fit and write the model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, required=True, help="folder with one folder a set")
    parser.add_argument("--coded", type=Path, help="file that keeps coded mentions between runs")
    parser.add_argument("--words", action="store_true", help="count words instead")
    parser.add_argument("--out", type=Path, default=MODELS / "event_match.json")
    options = parser.parse_args(argv)
    if options.words:
        write_words(options.gold)
        return 0
    rows = rows_of(options.gold / SET / "dev.jsonl")
    with resolved(rows, coded(rows, options.coded)) as con:
        data = read(con, rows)
    fitted = Fitted(data)
    print(f"{len(fitted.right)} pairs, {fitted.right.sum()} of one incident", flush=True)
    mean, held_out = best(data, HeldOut(fitted), rows, scorer(options.gold / "score_clusters.py"))
    whole = fitted.fit(frozenset())
    told = {
        "about": "logistic regression, two mentions; made by benchmarks/train_match.py",
        "documents": len(rows),
        "pairs": len(fitted.right),
        "of_one_incident": int(fitted.right.sum()),
        "cross_validated_bcubed": held_out,
        "mean": mean,
        "bias": whole.bias,
        "weights": whole.weights,
    }
    options.out.write_text(json.dumps(told, indent=0) + "\n", encoding="utf-8")
    print(held_out, mean)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
