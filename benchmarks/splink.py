"""Compare splink with the learned match: ``uv run --with splink python -m benchmarks.splink --gold DIR``.

The mentions of gva_longtail's development documents go to splink as records (kind, day, place, tolls, sides, rare
words, names, hours, streets, ages), with the blocking the product uses: days that touch, or a name in full. Its
parameters are learned as its documents advise and without labels: u by random pairs, m by expectation maximisation
under two blocking rules. Scored are its own clusters (connected components, at several thresholds), and the product's
clusters and vetoes over its probabilities. No part of the product: splink is installed for this run alone.
"""

import argparse
import logging
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.clusters import SET, coded, documents, resolved
from benchmarks.event_sets import Row, rows_of, scorer
from benchmarks.train_match import Data, read
from schemas.event import StoredMention
from tasks.resolution.clusters import Cluster, Scores, cluster
from tasks.resolution.details import Detail, of_kind
from tasks.resolution.marks import is_name
from tasks.resolution.overrides import Forced
from tasks.resolution.pairs import Match, block_days, veto_of

#: Probabilities tried as the threshold of a link.
THRESHOLDS = (0.5, 0.9, 0.99, 0.999, 0.9999)
#: Mean probabilities tried for the product's own clusters.
MEANS = (0.3, 0.6, 0.9)
SEED = 7
#: Pairs parameters are learned from, twice: what one rule holds equal is learned under the other.
RULES = (
    "l.killed = r.killed AND l.injured = r.injured AND l.day = r.day",
    "l.place_id = r.place_id AND l.story <> r.story",
)
#: Pairs that are one event nearly for certain, and how many of all such pairs they are thought to be.
CERTAIN, CERTAIN_RECALL = (
    ("l.country = r.country AND l.day = r.day AND len(list_intersect(l.names, r.names)) >= 2",),
    0.3,
)
#: Pairs looked at: as the product's blocks, but for the distance, which is a comparison here.
BLOCKS = (
    "l.type_group = r.type_group AND l.country = r.country AND l.article <> r.article"
    " AND l.first_day <= r.last_day + INTERVAL 1 DAY AND r.first_day <= l.last_day + INTERVAL 1 DAY",
    "l.type_group = r.type_group AND l.country = r.country AND l.article <> r.article"
    " AND list_has_any(l.names, r.names)",
)


def record(m: StoredMention) -> dict[str, Any]:
    """A mention as splink reads one: empty lists are NULL, so that what is not told is no disagreement."""
    days = block_days(m)
    lists: dict[str, list[Any]] = {kind.name.lower(): sorted(of_kind(m.details, kind)) for kind in Detail}
    lists |= {"names": list(m.names), "initiators": list(m.initiators), "targets": list(m.targets)}
    lists |= {"rare_names": [w for w in m.words if is_name(w)], "rare_words": [w for w in m.words if not is_name(w)]}
    told = {name: [str(one) for one in values] or None for name, values in lists.items()}
    return told | {
        "unique_id": m.mention_id, "article": m.article_id, "type_group": m.type_group, "kind": m.sub_event_type,
        "country": m.country or "none", "day": m.date_start,
        "first_day": days and days[0], "last_day": days and days[1],
        "place_id": m.place_id, "latitude": m.latitude, "longitude": m.longitude,
        "killed": m.killed_best, "injured": m.injured_best, "story": m.story_id,
    }  # fmt: skip


def settings(cl: Any, cll: Any, creator: Any) -> Any:
    """The comparisons, each with levels from the closest to none."""
    arrays = {"names": [3, 1], "rare_names": [8, 4, 2, 1], "rare_words": [8, 4, 2, 1], "hour": [1], "street": [1]}
    near = cl.AbsoluteDateDifferenceAtThresholds(
        "day", input_is_string=False, metrics=["day", "day"], thresholds=[1, 7]
    )
    places = cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            cll.Or(cll.NullLevel("latitude"), cll.NullLevel("longitude")),
            cll.ExactMatchLevel("place_id"),
            cll.DistanceInKMLevel("latitude", "longitude", 25),
            cll.DistanceInKMLevel("latitude", "longitude", 120),
            cll.ElseLevel(),
        ],
    )
    compared = [cl.ArrayIntersectAtSizes(name, sizes) for name, sizes in arrays.items()]
    compared += [cl.ArrayIntersectAtSizes(name, [1]) for name in ("age", "initiators", "targets")]
    compared += [cl.ExactMatch("killed"), cl.ExactMatch("injured"), cl.ExactMatch("kind"), near, places]
    return creator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=compared,
        blocking_rules_to_generate_predictions=list(BLOCKS),
        retain_matching_columns=False,
    )


def predicted(mentions: Sequence[StoredMention]) -> tuple[dict[tuple[str, str], float], Any, Any]:
    """The probability of each pair in a block, with the linker and its predictions."""
    splink = import_module("splink")
    cl, cll = import_module("splink.comparison_library"), import_module("splink.comparison_level_library")
    table = pa.Table.from_pylist([record(m) for m in mentions])
    api = splink.DuckDBAPI()
    linker = splink.Linker(api.register(table), settings(cl, cll, splink.SettingsCreator))
    linker.training.estimate_probability_two_random_records_match(list(CERTAIN), recall=CERTAIN_RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    for rule in RULES:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    found = linker.inference.predict(threshold_match_probability=0.01)
    rows = found.as_record_list()
    told = {tuple(sorted((r["unique_id_l"], r["unique_id_r"]))): float(r["match_probability"]) for r in rows}
    return {(one, other): p for (one, other), p in told.items()}, linker, found


def components(linker: Any, found: Any, threshold: float) -> dict[str, str]:
    """Splink's own clusters, by mention."""
    told = linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=threshold)
    return {row["unique_id"]: str(row["cluster_id"]) for row in told.as_record_list()}


def ours(data: Data, known: dict[tuple[str, str], float], mean: float) -> list[Cluster]:
    """The product's clusters and vetoes over splink's probabilities."""
    scores = Scores(data.mentions)
    for a, b in {*known, *data.pairs}:
        veto = veto_of(data.mentions[a], data.mentions[b])
        scores.known[a, b] = Match(0.0 if veto else known.get((a, b), 0.0), "splink", veto)
    return cluster(_Known(data.mentions, scores.known), data.mentions, list(known), Forced(), mean)


class _Known(Scores):
    """Scores that are given; a pair that is not has none."""

    def of(self, one: str, other: str) -> Match:
        """The match of two mentions, in either order."""
        key = (one, other) if one < other else (other, one)
        if key not in self.known:
            self.known[key] = Match(0.0, "", veto_of(self.mentions[key[0]], self.mentions[key[1]]))
        return self.known[key]


def main(argv: list[str]) -> int:
    """Learn, link, cluster and score."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, required=True, help="folder with one folder a set")
    parser.add_argument("--coded", type=Path, help="file that keeps coded mentions between runs")
    options = parser.parse_args(argv)
    logging.getLogger("splink").setLevel(logging.ERROR)
    rows = rows_of(options.gold / SET / "dev.jsonl")
    with resolved(rows, coded(rows, options.coded)) as con:
        data = read(con, rows)
    judge = scorer(options.gold / "score_clusters.py")
    known, linker, found = predicted(list(data.mentions.values()))
    print(f"{len(known)} pairs scored by splink", flush=True)
    for threshold in THRESHOLDS:
        home = components(linker, found, threshold)
        told = [(m.article_id, home[one]) for one, m in data.mentions.items() if m.type_group == "violence"]
        _say(f"splink, components at {threshold}", rows, told, judge)
    for mean in MEANS:
        made = ours(data, known, mean)
        told = [(m.article_id, str(at)) for at, group in enumerate(made) for m in group if m.type_group == "violence"]
        _say(f"splink's scores, our clusters at mean {mean}", rows, told, judge)
    return 0


def _say(what: str, rows: Sequence[Row], told: Iterable[tuple[str, str]], judge: Any) -> None:
    truth = {row["id"]: row["incident_id"] for row in rows}
    p, r = judge.bcubed(truth, documents(rows, told))
    print(f"{what:<44} P {100 * p:5.1f}  R {100 * r:5.1f}  F {200 * p * r / (p + r):5.1f}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
