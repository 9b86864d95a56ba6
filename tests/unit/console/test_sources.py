"""The commands about sources, from the command line to the file they write."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from flows.cli.collect import sources_app
from schemas.checkup import Finding, State
from schemas.errors import FirstdraftError
from schemas.settings import Settings
from schemas.source import Source
from tasks.console.sources import COLUMNS, show_findings, show_sources, source_rows
from tasks.reference.seeds.sources import load_sources
from tasks.warehouse.store.connect import open_writer
from tests.unit.web.server import Server, answer
from tests.unit.web.sites import HOME, feed, page

OLD = (
    "# ours\nsources:\n  - id: old-en\n    name: Old\n    family: old\n    country: SY\n    language: en\n"
    f"    homepage: http://old.firstdraft.test/\n    delay_seconds: 0\n    feeds: [{{url: '{HOME}/old.xml'}}]\n"
)
HEAD = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
runner = CliRunner()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A site, and settings that lead to it and to a folder of sources."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "sy.yml").write_text(OLD)
    with Server({"/": page(HEAD), "/feed/": feed("/a")}) as server:
        hosts = dict.fromkeys(("news.firstdraft.test", "old.firstdraft.test"), f"127.0.0.1:{server.port}")
        monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("FIRSTDRAFT_SOURCES_FILE", str(folder))
        monkeypatch.setenv("FIRSTDRAFT_ALLOW_LOOPBACK", "true")
        monkeypatch.setenv("FIRSTDRAFT_ALLOWED_PORTS", f"[80, 443, {server.port}]")
        monkeypatch.setenv("FIRSTDRAFT_CONNECT_TO", json.dumps(hosts))
        monkeypatch.setenv("FIRSTDRAFT_RETRIES", "0")
        yield server


def add(*more: str) -> tuple[int, str, BaseException | None]:
    done = runner.invoke(sources_app, ["add", f"{HOME}/", "--delay", "0", *more])
    return done.exit_code, done.stdout, done.exception


@pytest.mark.usefixtures("site")
def test_the_list_says_how_each_is_read(tmp_path: Path) -> None:
    done = runner.invoke(sources_app, ["--json"])
    (row,) = json.loads(done.stdout)
    assert (done.exit_code, row["id"], row["read by"], row["verified"], row["state"]) == (
        0,
        "old-en",
        "feed",
        None,
        None,
    )
    lines = runner.invoke(sources_app, []).stdout.splitlines()
    assert lines[0].split("\t") == list(COLUMNS)
    assert lines[1].startswith("old-en\tOld\tSY\ten\tyes\tfeed")


@pytest.mark.usefixtures("site")
def test_the_list_has_the_health_that_the_warehouse_knows() -> None:
    with open_writer(Settings()) as con:
        con.execute(
            "INSERT INTO sources BY NAME SELECT 'old-en' AS source_id, 'Old' AS name, 'old' AS family, 'SY' AS country,"
            " 'en' AS language, '' AS homepage, '' AS region, '' AS alignment, 'UTC' AS timezone, [] AS feeds,"
            " [] AS sitemaps, [] AS sections, 5 AS delay_seconds, true AS enabled, '' AS notes, 'run' AS changed_run_id"
        )
    (row,) = json.loads(runner.invoke(sources_app, ["--json"]).stdout)
    assert row["state"], "the view source_health has a column of that name"


def test_a_checkup_ends_with_one_where_something_is_down(site: Server) -> None:
    done = runner.invoke(sources_app, ["check", "old-en"])
    assert done.exit_code == 1
    assert "not_found: HTTP 404" in done.stdout
    assert "-> the address is gone" in done.stdout
    site.routes["/old.xml"] = feed("/x")
    again = runner.invoke(sources_app, ["check", "--all", "--json"])
    rows = json.loads(again.stdout)
    assert [row["kind"] for row in rows] == ["robots", "feed"]
    assert (rows[1]["status"], rows[1]["format"], rows[1]["entries"]) == (200, "RSS", 1)
    assert again.exit_code == 0


@pytest.mark.usefixtures("site")
def test_a_checkup_needs_a_name_and_the_name_must_be_known() -> None:
    assert runner.invoke(sources_app, ["check"]).exit_code == 2
    assert runner.invoke(sources_app, ["check", "old-en", "--all"]).exit_code == 2
    assert isinstance(runner.invoke(sources_app, ["check", "none"]).exception, FirstdraftError)


@pytest.mark.usefixtures("site")
def test_without_write_an_entry_is_only_printed(tmp_path: Path) -> None:
    code, shown, _ = add("--country", "SY")
    assert code == 0
    printed = tmp_path / "printed.yml"
    printed.write_text(shown)
    (source,) = load_sources(printed)
    assert (source.id, source.feeds[0].url) == ("the-news-en", f"{HOME}/feed/")
    assert (tmp_path / "sources" / "sy.yml").read_text() == OLD


@pytest.mark.usefixtures("site")
def test_with_write_it_goes_to_its_file_and_the_rest_stays(tmp_path: Path) -> None:
    code, shown, _ = add("--country", "SY", "--write", "--json")
    told = json.loads(shown)
    file = tmp_path / "sources" / "sy.yml"
    assert (code, told["written_to"]) == (0, str(file))
    assert file.read_text().startswith(OLD)
    assert [source.id for source in load_sources(tmp_path / "sources")] == ["old-en", "the-news-en"]
    _, _, refused = add("--country", "SY", "--write")
    assert isinstance(refused, FirstdraftError)
    assert "the-news-en reads" in str(refused)


def test_what_is_not_written_says_why(site: Server, tmp_path: Path) -> None:
    assert "--country" in str(add("--write")[2])
    assert "ISO 3166" in str(add("--country", "Syria")[2])
    assert "--id" in str(add("--country", "SY", "--write", "--id", "old-en")[2])
    assert "--file" in str(add("--country", "SY", "--write", "--file", "../x")[2])
    site.routes["/"] = page()
    site.routes.pop("/feed/")
    assert "no feed, sitemap or API was found" in str(add("--country", "SY", "--write")[2])
    site.routes["/"] = answer(status=503)
    assert "server_error" in str(add()[2])
    assert (tmp_path / "sources" / "sy.yml").read_text() == OLD
    assert [path.name for path in (tmp_path / "sources").iterdir()] == ["sy.yml"]


@pytest.mark.usefixtures("site")
def test_a_file_of_another_name(tmp_path: Path) -> None:
    assert add("--country", "GB", "--file", "middle-east", "--write")[0] == 0
    assert (tmp_path / "sources" / "middle-east.yml").exists()


@pytest.mark.parametrize("command", [[], ["check"], ["add"]])
def test_every_command_has_an_example(command: list[str]) -> None:
    assert "Example: firstdraft sources" in runner.invoke(sources_app, [*command, "--help"]).stdout


def test_a_terminal_shows_what_a_pipe_does() -> None:
    source = Source(id="a-en", name="[red]A", family="a", country="SY", language="en", homepage="", enabled=False)
    for width in (80, 200):
        console = Console(width=width, force_terminal=True, record=True, file=StringIO())
        show_sources(console, source_rows([source], {"a-en": {"state": "paused", "pause_reason": "down"}}))
        show_findings(
            console, source, [Finding("a-en", "feed", "https://e.org/", State.DOWN, problem="[x", advice="y")]
        )
        shown = console.export_text()
        assert "[red]A" in shown
        assert "paused" in shown
        assert "1 sources, 1 of them off; 1 never verified" in shown
        assert "-> y" in shown
