"""The worked example of docs/codebook.md: from its three files to a map, by mentions made here."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.errors import SeedError
from schemas.mention import Actor, CodedArticle, Evidence, Role
from schemas.settings import Settings
from tasks.events.language import vocabulary
from tasks.events.own_types import own_types, refined, with_own_types
from tasks.llm.reply import sub_event_types
from tasks.reference import actor_entries, actors, event_types
from tasks.reference.seeds import layers
from tasks.resolve import resolve_changes
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.publish.export import export_views
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.runs.run_lifecycle import begin
from tasks.warehouse.store.connect import open_reader, open_writer, transaction
from tests.warehouse.build import a_batch, a_mention, a_run, a_source, an_article

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "codebook.md"
TEXT = "RIVERTON, Norland (Post) –\nGunmen of the Water Shield shelled a Pumping Station near Riverton, killed 2."
OTHER = "RIVERTON, Norland (Post) –\nGunmen shelled a bakery near Riverton, killed 2 guards."
CACHES = (
    actor_entries.actor_ids, actors.actors, event_types.event_types, layers.check_folder, own_types,
    vocabulary.acts, vocabulary.acts_by_subtype,
)  # fmt: skip


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the files of the document, laid over the seeds."""
    folder = tmp_path / "codebook"
    folder.mkdir()
    for name, text in re.findall(r"```\w+ (\w+\.\w+)\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL):
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("FIRSTDRAFT_SEEDS", str(folder))
    _forget()
    yield folder
    _forget()


def _forget() -> None:
    for cached in CACHES:
        cached.cache_clear()


def _told(source: str, text: str, hit: str) -> CodedArticle:
    """An article with the mention a reader makes of it, of one of ACLED's own types."""
    article = an_article(a_run(), a_source(source), "water", text)
    at = text.index(hit)
    mention = a_mention(article, killed=2)
    return CodedArticle(
        article,
        (
            replace(
                mention,
                event_type="Explosions/Remote violence",
                sub_event_type="Shelling/artillery/missile attack",
                actors=(*mention.actors, Actor(Role.OBJECT, hit, None, None, "property", None)),
                evidence=(*mention.evidence, Evidence("object", at, at + len(hit), hit, "object")),
            ),
        ),
    )


def test_from_three_files_to_a_map(own: Path, settings: Settings, tmp_path: Path) -> None:
    assert {file.name for file in own.iterdir()} == {"event_types.csv", "own_types.yml", "actors.csv"}
    told = with_own_types(_told("north", TEXT, "Pumping Station"))
    (mention,) = told.mentions
    assert (mention.event_type, mention.sub_event_type) == ("Explosions/Remote violence", "Attack on water supply")
    word = mention.evidence[-1]
    assert (word.field, word.quote, TEXT[word.start : word.end]) == ("own_type", "Pumping Station", "Pumping Station")
    assert word.rule == "water_attack in own_types.yml: targets; read as Shelling/artillery/missile attack"
    run = a_run()
    with open_writer(settings) as con:
        begin(con, run, [a_source("north")])
        load_batch(con, run, a_batch(a_source("north"), [told]))
        with transaction(con):
            resolve_changes(con, run)
    publish(settings)
    with open_reader(settings, external=True) as con:
        export_views(con, ("acled",), tmp_path / "exports")
        files = con.execute("SELECT name, file FROM seed_layers ORDER BY layer").fetchall()
        acled = con.execute("SELECT event_type, sub_event_type FROM acled").fetchall()
    (feature,) = json.loads((tmp_path / "exports" / "events.geojson").read_text(encoding="utf-8"))["features"]
    assert feature["properties"]["sub_event_type"] == "Attack on water supply"
    assert feature["geometry"]["coordinates"] == [40.25, 35.5]
    assert acled == [("Explosions/Remote violence", "Shelling/artillery/missile attack")]
    names = ["actors.csv", "event_types.csv", "own_types.yml"]
    assert files == [("firstdraft", "(all)"), *(("codebook", name) for name in names)]


def test_without_a_crosswalk_the_report_of_acled_leaves_it_out(own: Path, settings: Settings) -> None:
    file = own / "event_types.csv"
    file.write_text(file.read_text().replace(",violence,Shelling/artillery/missile attack", ",violence,none"))
    run = a_run()
    with open_writer(settings) as con:
        begin(con, run, [a_source("north")])
        load_batch(con, run, a_batch(a_source("north"), [with_own_types(_told("north", TEXT, "Pumping Station"))]))
        with transaction(con):
            resolve_changes(con, run)
        assert con.execute("SELECT count(*) FROM events").fetchall() == [(1,)]
        assert con.execute("SELECT count(*) FROM acled").fetchall() == [(0,)]


@pytest.mark.usefixtures("own")
def test_what_is_not_of_the_type_stays_as_read() -> None:
    (bakery,) = _told("north", OTHER, "bakery").mentions
    assert refined(OTHER, bakery) is bakery, "no word of it"
    (water,) = _told("north", TEXT, "Pumping Station").mentions
    clash = replace(water, sub_event_type="Armed clash")
    assert refined(TEXT, clash) is clash, "no sub-type that it refines"
    part = TEXT.replace("Pumping Station", "Dumping Station")
    assert refined(part, water) is water, "part of a word"


@pytest.mark.usefixtures("own")
def test_a_language_model_may_choose_the_type_by_itself() -> None:
    assert "Attack on water supply" in sub_event_types()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("own_types.yml", "water_attack:", "dam_attack:", r"own_types\.yml:3: dam_attack: no act of event_types\.csv"),
        ("own_types.yml", "Air/drone strike", "Air strike", r"own_types\.yml:3: water_attack\.refines: .*: Air strike"),
        ("own_types.yml", "targets:", "target:", r"own_types\.yml:4: types\.water_attack\.target: "),
        ("event_types.csv", "violence,Shelling", "violence,Shooting", r"water_attack: acled: 'Shooting/artillery"),
    ],
)
def test_what_will_not_do_is_named(own: Path, name: str, old: str, new: str, said: str) -> None:
    (own / name).write_text((own / name).read_text().replace(old, new))
    with pytest.raises(SeedError, match=said):
        own_types()


def test_an_actor_is_added_to_ones_own_folder_with_its_ids(own: Path) -> None:
    said = CliRunner().invoke(
        app, ["actors", "add", "sy-dry-land", "Dry Land", "--kind", "rebel", "--country", "SY", "--wikidata", "Q12345"]
    )
    # the header of the example has no column for what is not given
    assert said.exit_code == 0, said.output
    assert (own / "actors.csv").read_text().splitlines()[-1] == "sy-dry-land,Dry Land,,rebel,SY"
    found = actor_entries.actor_ids()[-1]
    assert (found.actor, found.scheme, found.id) == ("sy-dry-land", "wikidata", "Q12345")
    assert actors.actors()["sy-dry-land"].name == "Dry Land"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "is"}, "id: taken by"),
        ({"name": "isis"}, "is a name of is"),
        ({"kind": "robots"}, "kind: 'robots' is none of"),
        ({"country": "XX"}, "country"),
        ({"parents": "nobody-known"}, "parents: unknown nobody-known"),
    ],
)
def test_an_actor_that_will_not_do_is_not_written(own: Path, changes: dict[str, str], said: str) -> None:
    before = (own / "actors.csv").read_text()
    given = {"id": "sy-dry-land", "name": "Dry Land", "kind": "rebel"} | changes
    with pytest.raises(SeedError, match=said):
        actor_entries.add_actor(actors.Actor.model_validate(given))
    assert (own / "actors.csv").read_text() == before
