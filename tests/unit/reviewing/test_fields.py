"""What a person may write as the right value of a field, and what is made of it."""

from datetime import date

import pytest

from schemas.errors import ReviewError
from tasks.reviewing.fields import read_correction


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("killed=14", {"killed_low": 14, "killed_best": 14, "killed_high": 14}),
        ("injured = 1,200-1,500", {"injured_low": 1200, "injured_best": 1200, "injured_high": 1500}),
        ("detained=0", {"detained_low": 0, "detained_best": 0, "detained_high": 0}),
        ("displaced=none", {"displaced_low": None, "displaced_best": None, "displaced_high": None}),
        ("status=Denied", {"status": "denied"}),
        ("type=air/drone strike", {"event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike"}),
        ("type=suicide", {"event_type": "Explosions/Remote violence", "sub_event_type": "Suicide bomb"}),
        ("date=2024-02-29", {"date_start": date(2024, 2, 29), "date_end": date(2024, 2, 29), "date_precision": 1}),
        (
            "date=2024-05-01..2024-05-03",
            {"date_start": date(2024, 5, 1), "date_end": date(2024, 5, 3), "date_precision": 2},
        ),
        ("date=2024-02", {"date_start": date(2024, 2, 1), "date_end": date(2024, 2, 29), "date_precision": 4}),
        ("date=2024-12", {"date_start": date(2024, 12, 1), "date_end": date(2024, 12, 31), "date_precision": 4}),
    ],
)
def test_a_value_becomes_columns(words: str, changes: dict[str, object]) -> None:
    assert read_correction(words).changes == changes


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("killed 14", "<field>=<value>"),
        ("wounded=3", "killed"),
        ("killed=some", "not a number"),
        ("killed=14-12", "not a number of persons"),
        ("killed=-3", "not a number"),
        ("killed=99999999", "not a number of persons"),
        ("date=last Monday", "not a date"),
        ("date=2024-02-30", "not a date"),
        ("date=2024-05-03..2024-05-01", "ends before"),
        ("type=none", "reject"),
        ("type=a", "is not one of"),
        ("status=perhaps", "happened"),
    ],
)
def test_what_cannot_be_meant_is_told(words: str, told: str) -> None:
    with pytest.raises(ReviewError, match=told):
        read_correction(words)


def test_a_place_is_looked_up_and_one_nobody_knows_is_kept_as_named() -> None:
    raqqa = read_correction("place=Raqqa, SY")
    assert (raqqa.changes["place_name"], raqqa.changes["country"]) == ("Raqqa", "SY")
    assert str(raqqa.changes["place_id"]).startswith("gn:")
    assert raqqa.changes["latitude"] == pytest.approx(35.95, abs=0.1)
    unknown = read_correction("place=Nowhere At All, SY")
    assert (unknown.changes["place_name"], unknown.changes["country"]) == ("Nowhere At All", "SY")
    assert (unknown.changes["place_id"], unknown.changes["latitude"]) == (None, None)
    assert "not located" in unknown.told


def test_a_side_is_looked_up_by_any_of_its_names() -> None:
    found = read_correction("initiators=ISIS; the Band of Nobody")
    assert found.actors is not None
    isis, band = found.actors["initiator"]
    assert (isis["name"], isis["actor_id"] is not None) == ("ISIS", True)
    assert (band["name"], band["actor_id"], band["kind"]) == ("the Band of Nobody", None, "unknown")
