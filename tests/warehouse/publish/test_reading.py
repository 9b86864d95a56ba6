"""What docs/reading.md tells readers to type works as it stands there."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from flows.cli import app
from schemas.settings import Settings
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.connect import open_reader

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "reading.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


#: Commands that only read; the others are run elsewhere.
COMMANDS = [
    line.removeprefix("firstdraft ")
    for block in blocks("sh")
    for line in block.splitlines()
    if line.startswith(("firstdraft sql", "firstdraft changes", "firstdraft events"))
]


@pytest.fixture(scope="module")
def house(filled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``data/published.duckdb`` in it."""
    folder = tmp_path_factory.mktemp("reader")
    settings = Settings(data_dir=folder / "data")
    settings.data_dir.mkdir()
    shutil.copyfile(filled.warehouse_path, settings.warehouse_path)
    publish(settings)
    return folder


def test_there_is_something_of_each_kind() -> None:
    assert (len(blocks("python")), len(blocks("sql")), len(blocks("yaml")), len(COMMANDS)) == (2, 4, 2, 6)


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_runs(code: str, house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(house)
    exec(compile(code, "reading.md", "exec"), {})


@pytest.mark.parametrize("query", blocks("sql"))
def test_the_sql_is_answered(query: str, house: Path) -> None:
    with open_reader(Settings(data_dir=house / "data")) as con:
        assert answer(con, query).rows or "2023-11-01" in query


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run(command: str, house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(house / "data"))
    if "--since" in command:
        # A warehouse made today has no run of that day.
        command = re.sub(r"\d{4}-\d\d-\d\d", "run_", command)
    shown = CliRunner().invoke(app, shlex.split(command, comments=True))
    assert shown.exit_code == 0, (shown.output, shown.exception)


def test_the_profile_of_dbt_attaches_the_published_file_read_only() -> None:
    profile, sources = (yaml.safe_load(block) for block in blocks("yaml"))
    (attached,) = profile["firstdraft"]["outputs"]["dev"]["attach"]
    assert attached == {"path": "data/published.duckdb", "alias": "news", "read_only": True}
    assert sources["sources"][0]["database"] == attached["alias"]


def test_the_tables_and_views_named_there_exist(house: Path) -> None:
    with open_reader(Settings(data_dir=house / "data")) as con:
        known = {str(name) for name, *_ in con.execute("SELECT table_name FROM duckdb_columns()").fetchall()}
    named = {table["name"] for table in yaml.safe_load(blocks("yaml")[1])["sources"][0]["tables"]}
    charted = re.search(r"^(`acled`.*?) are one row a thing", TEXT, re.DOTALL | re.MULTILINE)
    assert charted is not None
    assert named | set(re.findall(r"`(\w+)`", charted[1])) <= known


def test_the_file_is_in_a_format_that_drivers_of_last_year_read(house: Path) -> None:
    with open_reader(Settings(data_dir=house / "data")) as con:
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'published'").fetchall()
    assert tags[0][0]["storage_version"].startswith("v1.5")
