"""The demo's seeds: they load, agree with one another and with the cases, and a fault in one is named."""

import csv
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from schemas.errors import SeedError
from schemas.outcome import Outcome, Reason
from schemas.settings import DEMO_SOURCES
from tasks.demo import content
from tasks.demo.content import Kind, Site, load_site
from tasks.reference.seeds import SEEDS_DIR, read_csv_seed
from tasks.reference.seeds.sources import load_sources

CASES = Path(__file__).parents[2] / "cases"
OUTLETS = """
built: 2023-12-15T06:00:00+00:00
outlets:
  - {id: one, host: one.firstdraft.test, name: One, tagline: "", language: en, documents: []}
"""


class _Type(BaseModel):
    event_type: str
    sub_event_type: str


def _rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_every_kind_of_page_is_there(site: Site) -> None:
    assert {page.kind for page in site.pages} == set(Kind)
    assert sum(page.version == 2 for page in site.pages) == 1
    assert {page.outlet.language for page in site.pages} == {"en", "ar"}


def test_dates_lie_in_the_demo_window(site: Site) -> None:
    days = [page.published.date() for page in site.pages if page.published]
    assert date(2023, 11, 1) <= min(days)
    assert max(days) <= date(2023, 12, 31)


def test_only_one_article_is_undated(site: Site) -> None:
    undated = [page for page in site.pages if page.kind is Kind.ARTICLE and page.published is None]
    assert [(page.listed_in, page.modified) for page in undated] == [(("section",), None)]


def test_correction_replaces_one_toll(site: Site) -> None:
    corrected = next(page for page in site.pages if page.version == 2)
    first = next(page for page in site.pages if page.version == 1 and page.url == corrected.url)
    *same, note = corrected.paragraphs
    assert "killed 12 people" in first.paragraphs[0]
    assert same == [first.paragraphs[0].replace("12", "14"), *first.paragraphs[1:]]
    assert note.startswith("Correction: ")
    assert "12" in note
    assert "14" in note


def test_sources_are_valid_and_lead_to_the_outlets(site: Site) -> None:
    sources = load_sources(DEMO_SOURCES)
    hosts = {outlet.host for outlet in site.outlets}
    assert {source.homepage for source in sources} == {f"http://{host}/" for host in hosts}
    assert all(source.delay_seconds == 0 and source.enabled for source in sources)
    assert len({source.family for source in sources}) == len(sources)


def test_outcome_cases_name_each_page_once(site: Site) -> None:
    rows = _rows("demo_outcomes.csv")
    assert sorted(row["url"] for row in rows) == sorted({page.url for page in site.pages})
    for row in rows:
        assert Outcome(row["outcome"]) is Outcome.STORED if not row["reason"] else Reason(row["reason"])


def test_event_cases_use_known_words() -> None:
    rows = _rows("demo_events.csv")
    types = {(row.event_type, row.sub_event_type) for row in read_csv_seed("event_types.csv", _Type)}
    families = {source.family for source in load_sources(DEMO_SOURCES)}
    assert len(rows) == 18
    for row in rows:
        assert (row["event_type"], row["sub_event_type"]) in types
        assert set(row["families"].split("|")) <= families
        assert row["date_start"] <= row["date_end"]
        assert (row["killed_best"] or "0").isdigit()
        assert (row["injured_best"] or "0").isdigit()


def test_readme_has_a_row_for_every_page(site: Site) -> None:
    readme = (SEEDS_DIR / "demo" / "README.md").read_text(encoding="utf-8")
    files = [file.stem for file in (SEEDS_DIR / "demo" / "pages").glob("*.md")]
    assert [name for name in files if "." not in name and f"| {name} |" not in readme] == []
    assert "assumption" in readme


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("no head at all", "begin with a YAML head"),
        ("---\noutlet: one\n", "begin with a YAML head"),
        ("---\n- a\n- b\n---\n", "must hold one field"),
        ("---\ntitle: [\n---\n", "not YAML"),
        ("---\noutlet: two\npath: /\ntitle: T\n---\n", "'two' is not in outlets.yml"),
        ("---\noutlet: one\npath: a\ntitle: T\n---\n", "path"),
        ("---\noutlet: one\npath: /a\ntitle: T\npublished: 2023-12-01\n---\n", "published"),
        ("---\noutlet: one\npath: /a\ntitle: T\ncolour: red\n---\n", "colour"),
    ],
)
def test_faulty_page_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, fault: str) -> None:
    _write_site(tmp_path, {"faulty": page})
    monkeypatch.setattr(content, "DEMO_DIR", str(tmp_path))
    with pytest.raises(SeedError, match=rf"faulty\.md: .*{fault}"):
        load_site()


def test_page_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "---\noutlet: one\npath: /a\ntitle: T\n---\nText.\n"
    _write_site(tmp_path, {"a": page, "b": page})
    monkeypatch.setattr(content, "DEMO_DIR", str(tmp_path))
    with pytest.raises(SeedError, match="occurs twice"):
        load_site()


def _write_site(folder: Path, pages: dict[str, str]) -> None:
    (folder / "outlets.yml").write_text(OUTLETS, encoding="utf-8")
    (folder / "pages").mkdir()
    for name, text in pages.items():
        (folder / "pages" / f"{name}.md").write_text(text, encoding="utf-8")
