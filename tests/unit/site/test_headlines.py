"""Headlines are sentences made of the fields of an event, and of nothing else."""

from csv import DictReader

import pytest

from tasks.reference.seeds import read_csv_seed, seed_path
from tasks.reference.words.headline_words import HeadlineWord
from tasks.site.wording.headlines import headline

BASE: dict[str, object] = {
    "sub_event_type": "Air/drone strike", "weapon": None, "initiator": None, "target": None, "target_kind": None,
    "object": None, "place_name": "town of Ariha", "place_precision": 1, "admin1": "Idlib", "country": "Syria",
    "disputed": False, "deniers": None,
}  # fmt: skip


def a_row(**changes: object) -> dict[str, object]:
    tolls = {
        f"{what}_{end}": None
        for what in ("killed", "injured", "detained", "displaced")
        for end in ("low", "best", "high")
    }
    return BASE | tolls | changes


def killed(low: int, high: int | None = None, more: bool = False) -> dict[str, object]:
    return {"killed_low": low, "killed_best": low, "killed_high": high or low, "killed_open": more}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"weapon": "drone", "object": "market", "place_name": "city of El Obeid", "disputed": True,
             "deniers": "RSF", **killed(14)},
            "Drone strike on market in El Obeid kills 14; RSF denies it",
        ),
        (killed(20, more=True), "Air strike in Ariha kills at least 20"),
        (killed(14, 16) | {"initiator": "the Syrian army"}, "Air strike by Syrian army in Ariha kills 14 to 16"),
        (
            {"sub_event_type": "Armed clash", "initiator": "SDF", "target": "Islamic State", "target_kind": "rebel"},
            "Clash between SDF and Islamic State in Ariha",
        ),
        (
            {"sub_event_type": "Arrests", "initiator": "police", "detained_low": 12, "detained_best": 12,
             "detained_high": 12},
            "Arrests by police in Ariha; 12 detained",
        ),
        ({"place_name": None, "admin1": None}, "Air strike in Syria"),
        ({"place_precision": 2, "target": "civilians", "target_kind": "civilians"}, "Air strike near Ariha"),
        ({"disputed": True}, "Air strike in Ariha; one side denies it"),
        (
            {"disputed": True, "deniers": "ministry; Turkish Defence Ministry"},
            "Air strike in Ariha; Turkish Defence Ministry denies it",
        ),
        (
            {"disputed": True, "deniers": "military source of the government forces"},
            "Air strike in Ariha; a military source of the government forces denies it",
        ),
        ({"disputed": True, "deniers": "officers"}, "Air strike in Ariha; officers deny it"),
        ({"sub_event_type": "A kind of tomorrow"}, "A kind of tomorrow in Ariha"),
    ],
)  # fmt: skip
def test_a_headline_says_what_the_fields_say(changes: dict[str, object], told: str) -> None:
    assert headline(a_row(**changes)) == told


def test_every_sub_type_has_a_word() -> None:
    lines = [line for line in seed_path("event_types.csv").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    known = {row["sub_event_type"] for row in DictReader(lines)}
    assert known <= {row.sub_event_type for row in read_csv_seed("headline_words.csv", HeadlineWord)}
