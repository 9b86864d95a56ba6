"""Seeds: read, checked, and every fault said with its file, line and field."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import SeedError
from tasks.reference.actor_entries import ActorId, actor_ids
from tasks.reference.actors import actor_kinds, actor_modifiers, actor_nouns, actors, state_actor
from tasks.reference.places import admin1_units, countries, demonyms, kind_precision, seed_places
from tasks.reference.seeds import read_csv_seed, read_yaml_seed, split_list


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")
    word: str
    number: int = 3


def test_comments_and_empty_cells_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("# why\nword,number\n\na,\nb,4\n")
    assert [(row.word, row.number) for row in read_csv_seed(tmp_path / "a.csv", _Row)] == [("a", 3), ("b", 4)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("word,number\na,1\nb,x\n", r"a\.csv:3: number"),
        ("# c\nword,other\na,1\n", r"a\.csv:3: other"),
        ("word,number\na\n", r"a\.csv:2: 1 fields"),
        ("", "header line is missing"),
        ('word,number\n"a,1\n', r"a\.csv:2: not CSV"),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(SeedError, match=said):
        read_csv_seed(tmp_path / "a.csv", _Row)


def test_a_missing_or_malformed_file_is_a_seed_error(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("a: [")
    with pytest.raises(SeedError, match="not YAML"):
        read_yaml_seed(tmp_path / "a.yml")
    with pytest.raises(SeedError, match="cannot be read"):
        read_yaml_seed(tmp_path / "b.yml")


def test_the_seeds_of_the_project_are_sound() -> None:
    assert len(countries()) > 240
    assert {"SY", "IQ", "UA", "SD", "ML"} <= {country for country, _ in admin1_units()}
    assert {row.kind for row in seed_places()} <= kind_precision().keys()
    assert len(actors()) > 300
    assert {row.kind for row in actor_nouns().values()} <= actor_kinds().keys()
    assert set(actor_modifiers().values()) <= actor_kinds().keys()


def test_ids_of_other_catalogues_are_well_formed_and_say_where_they_stand() -> None:
    ids = actor_ids()
    assert len(ids) >= 10
    assert len({(one.scheme, one.id) for one in ids}) == len({(one.actor, one.scheme) for one in ids}) == len(ids)
    assert all(one.source.endswith(f"/{one.id}") for one in ids if one.scheme == "wikidata")


@pytest.mark.parametrize(
    ("scheme", "number"), [("wikidata", "1065"), ("ucdp", "Q1065"), ("wikidata", "Q01"), ("acled", "1")]
)
def test_an_id_of_another_form_is_none(scheme: str, number: str) -> None:
    with pytest.raises(ValidationError):
        ActorId.model_validate({"actor": "un", "scheme": scheme, "id": number, "source": "https://e.org"})


def test_demonyms_and_state_actors() -> None:
    assert (demonyms()["syrian"], demonyms()["syrians"], demonyms()["turkish"]) == ("SY", "SY", "TR")
    military = state_actor("TR", "state_forces")
    assert military is not None
    assert military.id == "tr-military"
    assert state_actor("TR", "civilians") is None


def test_lists_in_cells() -> None:
    assert split_list(" a | b||") == ("a", "b")
