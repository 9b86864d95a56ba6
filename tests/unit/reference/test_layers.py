"""A folder of one's own laid over the seeds: merged by key, every fault told with its file and line."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from schemas.errors import SeedError
from tasks.reference.actors import Actor
from tasks.reference.seeds import SEEDS_DIR, layers, read_csv_seed, read_yaml_as, read_yaml_seed, seed_path
from tasks.reference.seeds.layers import KEYS, Layer, check_folder, own_version
from tasks.reference.seeds.source_entries import add_entry
from tasks.reference.seeds.sources import load_sources
from tasks.reference.seeds.version import code_version
from tasks.reference.words import grammar_words
from tasks.reference.words.grammar_words import NumberWords

ENTRY = "- id: {id}\n  name: {name}\n  family: a\n  country: SY\n  language: en\n  homepage: https://example.org/\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of one's own, empty yet."""
    folder = tmp_path / "codebook"
    folder.mkdir()
    monkeypatch.setenv("FIRSTDRAFT_SEEDS", str(folder))
    check_folder.cache_clear()
    yield folder
    check_folder.cache_clear()


def _actors() -> dict[str, Actor]:
    return {row.id: row for row in read_csv_seed("actors.csv", Actor)}


def test_a_row_takes_the_place_of_the_one_with_its_key_and_others_come_last(own: Path) -> None:
    before = list(read_csv_seed("actors.csv", Actor))
    changed = before[3].id
    text = f"# ours\nid,name,kind,country\nsy-shield,Water Shield,rebel,SY\n{changed},Another Name,rebel,SY\n"
    (own / "actors.csv").write_text(text)
    after = list(read_csv_seed("actors.csv", Actor))
    assert [row.id for row in after] == [*(row.id for row in before), "sy-shield"]
    assert (after[3].name, after[3].aliases) == ("Another Name", "")
    assert after[:3] == before[:3]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "actors.csv",
            "id,name,kind\na,A,rebel\nb,B,rebel\na,C,rebel\n",
            r"actors\.csv:4: id: 'a' stands twice .*line 2",
        ),
        ("actors.csv", "id,name,kind\n,A,rebel\n", r"actors\.csv:2: id: empty"),
        ("actors.csv", "id,name,kind,colour\na,A,rebel,red\n", r"actors\.csv:2: colour"),
        ("actors.csv", "id,name,kind\nA B,A,rebel\n", r"actors\.csv:2: id"),
    ],
)
def test_a_row_that_will_not_do_is_named_by_file_and_line(own: Path, name: str, text: str, said: str) -> None:
    (own / name).write_text(text)
    with pytest.raises(SeedError, match=said):
        read_csv_seed(name, Actor)


def test_yaml_is_merged_key_by_key_and_lists_get_what_they_lack(own: Path) -> None:
    before = read_yaml_seed("number_words.yml")
    (own / "number_words.yml").write_text(f"cardinals:\n  oneish: 1\nabout: [{before['about'][0]}, ish]\n")
    after = read_yaml_seed("number_words.yml")
    assert after["cardinals"] == before["cardinals"] | {"oneish": 1}
    assert after["about"] == [*before["about"], "ish"]
    assert {name: after[name] for name in after.keys() - {"cardinals", "about"}} == {
        name: before[name] for name in before.keys() - {"cardinals", "about"}
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cardinals:\n  one: 1\n  oneish: many\n", r"codebook/number_words\.yml:3: cardinals\.oneish: "),
        ("about:\n  - ish\n  - [a]\n", r"codebook/number_words\.yml:3: about\.\d+: "),
        ("vague:\n  - words: [heaps]\n    low: 2\n", r"codebook/number_words\.yml:2: vague\.\d+\.best: "),
        ("\ncardinals: [one]\n", r"codebook/number_words\.yml:2: a list here, where .* a mapping"),
        ("colours: [red]\n", r"codebook/number_words\.yml:1: colours: "),
    ],
)
def test_a_fault_in_merged_yaml_names_the_line_it_stands_in(own: Path, text: str, said: str) -> None:
    (own / "number_words.yml").write_text(text)
    with pytest.raises(SeedError, match=said):
        read_yaml_as("number_words.yml", NumberWords)


def test_a_file_that_nobody_would_read_is_refused(own: Path) -> None:
    (own / "README.md").write_text("notes\n")
    (own / "actor.csv").write_text("id\n")
    with pytest.raises(SeedError, match=r"actor\.csv: no seed has this name; did you mean actors\.csv\?"):
        read_csv_seed("actors.csv", Actor)


def test_a_folder_that_is_not_there_is_named(own: Path) -> None:
    own.rmdir()
    with pytest.raises(SeedError, match=r"codebook: no such folder; FIRSTDRAFT_SEEDS"):
        read_csv_seed("actors.csv", Actor)


def test_sources_are_merged_by_id_and_new_ones_are_written_to_ones_own_folder(own: Path) -> None:
    before = {source.id: source for source in load_sources()}
    first = min(before)
    (own / "sources").mkdir()
    (own / "sources" / "sy.yml").write_text(ENTRY.format(id=first, name="Ours") + ENTRY.format(id="zz-en", name="New"))
    after = {source.id: source for source in load_sources()}
    assert after.keys() == before.keys() | {"zz-en"}
    assert (after[first].name, after["zz-en"].name) == ("Ours", "New")
    another = after["zz-en"].model_copy(update={"id": "zzz-en"})
    assert add_entry(another, "sy") == own / "sources" / "sy.yml"
    assert load_sources()[-1].id == "zzz-en"


def test_a_source_that_will_not_do_is_named_by_its_line(own: Path) -> None:
    (own / "sources").mkdir()
    (own / "sources" / "sy.yml").write_text(ENTRY.format(id="a-en", name="A") + "  delay_seconds: soon\n")
    with pytest.raises(SeedError, match=r"sy\.yml:7: entry 1 \(a-en\): delay_seconds"):
        load_sources()


def test_lists_of_addresses_are_found_in_ones_own_folder_first(own: Path) -> None:
    (own / "lists").mkdir()
    (own / "lists" / "dam.txt").write_text("https://example.org/a\n")
    assert seed_path("lists/dam.txt") == own / "lists" / "dam.txt"
    assert seed_path("actors.csv") == SEEDS_DIR / "actors.csv"


def test_layers_are_told_by_name_file_and_hash_and_in_the_version(own: Path) -> None:
    assert [(layer.layer, layer.file) for layer in layers.layers()] == [("firstdraft", "(all)")]
    assert own_version() == ""
    (own / "actors.csv").write_text("id,name,kind\na,A,rebel\n")
    held = sha256((own / "actors.csv").read_bytes()).hexdigest()
    assert layers.layers()[1:] == (Layer("codebook", "actors.csv", held),)
    code_version.cache_clear()
    try:
        assert code_version().endswith(f"seeds.{own_version()}")
        first = own_version()
        (own / "actors.csv").write_text("id,name,kind\na,B,rebel\n")
        assert len(first) == 8
        assert own_version() != first
    finally:
        code_version.cache_clear()


def test_every_csv_seed_says_what_a_row_is_known_by() -> None:
    assert KEYS.keys() == {file.name for file in SEEDS_DIR.glob("*.csv")}
    for name, columns in KEYS.items():
        header = next(line for line in (SEEDS_DIR / name).read_text().splitlines() if line[:1] != "#")
        assert set(columns) <= set(header.split(",")), name


def test_without_a_folder_nothing_is_laid_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIRSTDRAFT_SEEDS", raising=False)
    assert layers.own_folder() is None
    assert "one" in grammar_words.number_words().cardinals
