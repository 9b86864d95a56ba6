"""Sources: files and folders of them, what an entry may say, and entries written without touching the others."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.errors import SeedError
from schemas.source import Expected, Feed, Section, Source
from tasks.reference.seeds import source_entries
from tasks.reference.seeds.source_entries import add_entry, render_entry
from tasks.reference.seeds.sources import load_sources, read_entries, select_sources, source_files
from tasks.reference.zones import zones_of

ENTRY = "id: {id}\n  name: A\n  family: a\n  country: SY\n  language: en\n  homepage: https://example.org/\n"


def a_source(**changes: Any) -> Source:
    values = {"id": "new-en", "name": "New", "family": "new", "country": "SY", "language": "en"}
    return Source.model_validate(values | {"homepage": "https://new.example/"} | changes)


def test_sources_are_sorted_and_twins_refused(tmp_path: Path) -> None:
    file = tmp_path / "sources.yml"
    file.write_text(f"- {ENTRY.format(id='b')}- {ENTRY.format(id='a')}")
    assert [source.id for source in load_sources(file)] == ["a", "b"]
    file.write_text(f"- {ENTRY.format(id='a')}- {ENTRY.format(id='a')}")
    with pytest.raises(SeedError, match="used twice"):
        load_sources(file)


def test_a_source_with_an_unknown_field_names_file_entry_and_field(tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(f"- {ENTRY.format(id='a')}  colour: red\n")
    with pytest.raises(SeedError, match=r"s\.yml:7: entry 1 \(a\): colour"):
        load_sources(tmp_path / "s.yml")


def test_a_folder_is_all_its_files_and_ids_are_unique_over_them(tmp_path: Path) -> None:
    (tmp_path / "sy.yml").write_text(f"sources:\n- {ENTRY.format(id='b')}")
    (tmp_path / "ua.yml").write_text(f"- {ENTRY.format(id='a')}")
    (tmp_path / "notes.txt").write_text("no source")
    assert [source.id for source in load_sources(tmp_path)] == ["a", "b"]
    (tmp_path / "ua.yml").write_text(f"- {ENTRY.format(id='b')}# changed\n")
    with pytest.raises(SeedError, match=r"ua\.yml: source id 'b' is used twice.*sy\.yml"):
        load_sources(tmp_path)


def test_an_edit_is_seen_without_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "s.yml"
    file.write_text(f"- {ENTRY.format(id='a')}")
    assert [source.id for source in load_sources(file)] == ["a"]
    file.write_text(f"- {ENTRY.format(id='another')}")
    assert [source.id for source in load_sources(file)] == ["another"]


def test_a_folder_or_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"no \.yml file"):
        load_sources(tmp_path)
    with pytest.raises(SeedError, match="cannot be read"):
        load_sources(tmp_path / "none.yml")


def test_named_sources_run_even_where_they_are_off(tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(f"- {ENTRY.format(id='a')}  enabled: false\n- {ENTRY.format(id='b')}")
    assert [source.id for source in select_sources(tmp_path)] == ["b"]
    assert [source.id for source in select_sources(tmp_path, ["a"])] == ["a"]
    with pytest.raises(SeedError, match="no source c"):
        select_sources(tmp_path, ["c"])


def test_the_sources_of_the_project() -> None:
    sources = load_sources()
    assert len(sources) > 105
    assert {file.stem for file in source_files()} >= {"sy", "ua", "sd", "mm", "world"}
    outlets = [(source.name, source.language) for source in sources]
    assert len(set(outlets)) == len(outlets), "one outlet in one language is one source"
    feeds = [feed.url for source in sources for feed in source.feeds]
    assert len(set(feeds)) == len(feeds)
    assert all(source.addresses or not source.enabled for source in sources)
    assert all(source.homepage for source in sources), "region and alignment are optional (docs/sources.md)"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"feeds": [{"url": "feed.xml"}]}, "full address"),
        ({"sitemaps": ["ftp://e.org/s.xml"]}, "full address"),
        ({"wordpress": "https://e.org/wp json/"}, "full address"),
        ({"timezone": "Damascus"}, "IANA"),
        ({"robots": "ignore"}, "obey"),
        ({"tdm": "ignore"}, "respect"),
        ({"tls": "unverified"}, "tls_reason"),
        ({"tls_reason": "old server"}, "need each other"),
        ({"expected": {"min": 5, "max": 2}}, "min is above max"),
        ({"max_age_days": 0}, "greater than 0"),
        ({"sections": [{"url": "https://e.org/", "selector": "a", "archive": "https://e.org/"}]}, "name {page}"),
        ({"sections": [{"url": "https://e.org/", "selector": "a", "archive": "https://e.org/{day}"}]}, "name {page}"),
        ({"sections": [{"url": "https://e.org/", "selector": "a", "archive": "https://e.org/{p}"}]}, "only {page}"),
        ({"sections": [{"url": "https://e.org/", "selector": "a", "archive": "https://e.org/{page}{"}]}, "only {page}"),
        ({"sections": [{"url": "https://e.org/", "selector": "a", "archive": "/page/{page}"}]}, "full address"),
    ],
)
def test_what_an_entry_may_not_say(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told.replace("{", r"\{")):
        a_source(**changes)


def test_archives_by_page_and_by_day() -> None:
    numbered = Section(url="https://e.org/", selector="a", archive="https://e.org/page/{page}/", first_page=2)
    daily = Section(url="https://e.org/", selector="a", archive="https://e.org/{year}/{month}/{day}/?p={page}")
    day = date(2024, 3, 5)
    assert (numbered.by_page, numbered.by_day, numbered.archive_url(day, 7)) == (True, False, "https://e.org/page/7/")
    assert (daily.by_page, daily.by_day, daily.archive_url(day, 1)) == (True, True, "https://e.org/2024/03/05/?p=1")
    assert Section(url="https://e.org/", selector="a").archive_url(day, 1) is None


def test_what_a_source_names_and_when_it_was_seen() -> None:
    source = a_source(
        feeds=[{"url": "https://e.org/1", "verified_on": "2026-01-02"}],
        sitemaps=["https://e.org/2"],
        archive_sitemaps=["https://e.org/3"],
        sections=[{"url": "https://e.org/4", "selector": "a"}],
        wordpress="https://e.org/5",
        url_lists=["https://e.org/6", "lists/own.txt"],
    )
    assert [url[-1] for url in source.addresses] == list("123456")
    assert source.last_verified == date(2026, 1, 2)
    assert a_source(verified_on="2026-02-03").last_verified == date(2026, 2, 3)
    assert a_source().last_verified is None


def test_zones_of_countries() -> None:
    assert zones_of("UA")[0] in {"Europe/Kyiv", "Europe/Kiev"}
    assert len(zones_of("US")) > 5


FULL = {
    "feeds": [{"url": "https://e.org/1", "verified_on": "2026-01-02"}, {"url": "https://e.org/2"}],
    "sections": [{"url": "https://e.org/4", "selector": 'a[href^="/n"] > b', "archive": "https://e.org/{page}"}],
    "archive_sitemaps": ["https://e.org/3"],
    "wordpress": "https://e.org/wp-json/",
    "expected": {"min": 1.5},
    "tls": "unverified",
    "tls_reason": "a certificate of its own",
    "enabled": False,
    "day_first": True,
    "notes": 'Says "x": y # z\n- {no} list, C:\\ and \u2028 and د',
}


@pytest.mark.parametrize("changes", [{}, FULL])
def test_an_entry_reads_back_as_it_was(changes: dict[str, object]) -> None:
    source = a_source(**changes)
    assert Source.model_validate(yaml.safe_load(render_entry(source))[0]) == source
    assert "null" not in render_entry(a_source())


@given(st.text(), st.text())
def test_any_words_read_back(name: str, notes: str) -> None:
    source = a_source(name=name, notes=notes)
    assert Source.model_validate(yaml.safe_load(render_entry(source))[0]) == source


@pytest.mark.parametrize(
    "before",
    [
        "# why\r\nsources:\r\n\r\n  - id: b # here\r\n    {rest}",
        "# why\n- id: b\n  {rest}",
        "sources:\n    -   id: b\n        {rest}\n# the end",
        "sources:\n- {{id: b, {flow}}}",
    ],
)
def test_an_entry_is_added_and_every_byte_before_it_stays(tmp_path: Path, before: str) -> None:
    file = tmp_path / "sy.yml"
    flow = "name: A, family: a, country: SY, language: en, homepage: 'https://e.org/'"
    column = before.split("id: b", maxsplit=1)[0].splitlines()[-1]
    rest = flow.replace(", ", ("\r\n" if "\r\n" in before else "\n") + " " * len(column))
    file.write_bytes(before.format(rest=rest, flow=flow).encode())
    held = file.read_bytes()
    assert add_entry(a_source(**FULL), "sy", tmp_path) == file
    assert file.read_bytes().startswith(held)
    assert [source.id for source in read_entries(file)] == ["b", "new-en"]
    assert read_entries(file)[1] == a_source(**FULL)
    assert [path.name for path in tmp_path.iterdir()] == ["sy.yml"]
    if b"\r\n" in held:
        assert file.read_bytes().count(b"\n") == file.read_bytes().count(b"\r\n")


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    file = add_entry(a_source(), "sy", tmp_path / "sources")
    assert file == tmp_path / "sources" / "sy.yml"
    add_entry(a_source(id="other-en", feeds=[Feed(url="https://e.org/f")], expected=Expected(max=9)), "sy", file)
    assert [source.id for source in load_sources(tmp_path / "sources")] == ["new-en", "other-en"]


@pytest.mark.parametrize("content", ["sources: []\n", "other: 1\n", "a: [\n", f"- {ENTRY.format(id='a')}---\n- b\n"])
def test_a_file_of_another_form_is_left_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / "sy.yml").write_text(content)
    with pytest.raises(SeedError):
        add_entry(a_source(), "sy", tmp_path)
    assert (tmp_path / "sy.yml").read_text() == content
    assert [path.name for path in tmp_path.iterdir()] == ["sy.yml"]


def test_an_id_in_use_anywhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ua.yml").write_text(f"- {ENTRY.format(id='new-en')}")
    with pytest.raises(SeedError, match="--id"):
        add_entry(a_source(), "sy", tmp_path)
    assert not (tmp_path / "sy.yml").exists()


@pytest.mark.parametrize("before", [None, f"- {ENTRY.format(id='b')}"])
def test_what_does_not_load_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    """Somebody else breaks the folder while an entry is written."""
    file = tmp_path / "sy.yml"
    if before is not None:
        file.write_text(before)

    def broken_after_the_first_look(place: Path) -> tuple[Source, ...]:
        if file.exists() and file.read_text() != before:
            raise SeedError("ua.yml: broken")
        return load_sources(place)

    monkeypatch.setattr(source_entries, "load_sources", broken_after_the_first_look)
    with pytest.raises(SeedError, match="broken"):
        add_entry(a_source(), "sy", tmp_path)
    assert (file.read_text() if file.exists() else None) == before
