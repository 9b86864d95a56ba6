"""What the documents tell people to type works: commands and SQL over the demo's warehouse, nothing made up."""

import io
import json
import os
import re
import shlex
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
import yaml
from typer.core import TyperGroup
from typer.testing import CliRunner

from flows.cli import app
from schemas.settings import DEMO_SOURCES, Settings
from tasks.demo.server import serve_demo
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.connect import open_reader
from tests.flows.conftest import Demo

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in DOCUMENTS}
#: Sources the documents name as if they were the reader's own: here they lead to an outlet of the demo site.
NAMED = ("north-press-en", "the-new-id")
#: They start a server, ask the web, make the demo, erase, or want a file of the reader: tests/flows/test_worker.py, the
#: fixture `demo` and the tests of those commands run them. Here it is seen that such a line can be parsed.
ELSEWHERE = (
    *("serve", "deploy", "notify", "demo", "sources add", "sources seek", "actors add"),
    *("forget", "code", "evaluate", "gazetteer add", "gazetteer remove", "review MENTION", "teach"),
    *("events merge", "events split", "events retract", "events undo"),
)
#: What asks the web, and ten years of windows.
APART = ("https://web.archive.org", "--from 2015-01-01")
#: Whole flows, seconds each.
FLOWS = ("run", "backfill", "reprocess", "rebuild", "report")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def command_lines(text: str) -> list[str]:
    """Lines of shell blocks, and of untagged ones behind a prompt, that call firstdraft; without comments."""
    shown = [line for block in blocks(text, "sh") for line in block.splitlines()]
    shown += [line[2:] for block in blocks(text, "") for line in block.splitlines() if line.startswith("$ ")]
    ours = (re.sub(r"^uv run (--frozen )?", "", line.strip()) for line in shown)
    return [re.split(r"\s+(?:#|&&)", line)[0].strip() for line in ours if line.startswith("firstdraft ")]


LINES = sorted({line for text in TEXTS.values() for line in command_lines(text) if "DATA_DIR" not in line})
SQL = [
    pytest.param(statement, id=f"{name}:{number}")
    for name, text in TEXTS.items()
    for number, block in enumerate(blocks(text, "sql"), 1)
    for statement in block.split(";\n")
    if statement.strip()
]
QUERIES = 22


#: A gold file of the reader's own: the example of docs/review.md, on one line.
OWN_GOLD = json.dumps(json.loads(blocks(TEXTS["docs/review.md"], "json")[0])) + "\n"


def zipped_dump() -> bytes:
    """A country's file as GeoNames gives it, with one village."""
    line = "\t".join(("900000001", "Tall Qumash", "Tall Qumash", "", "34.5", "38.2", "P", "PPL", "SY", *[""] * 10))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("SY.txt", f"{line}\n")
    return packed.getvalue()


def is_one_of(line: str, names: tuple[str, ...]) -> bool:
    said = line.removeprefix("firstdraft ")
    return any(said == name or said.startswith(f"{name} ") for name in names)


def parsed_only(line: str) -> bool:
    return is_one_of(line, ELSEWHERE) or any(part in line for part in APART)


@dataclass(frozen=True, slots=True)
class House:
    """A copy of the demo's data, as one's own and as the demo's, with ids that stand for those of the documents."""

    folder: Path
    ids: dict[str, str]

    def words(self, line: str) -> list[str]:
        """The words behind `firstdraft`; the day behind --since becomes the first run, for all runs are of today."""
        said = shlex.split(line)
        since = {n + 1 for n, word in enumerate(said) if word == "--since"}
        told = [self.ids["SINCE"] if n in since or word == "RUN_ID" else word for n, word in enumerate(said)][1:]
        return [self.ids.get(word, word) for word in told]


@pytest.fixture(scope="module")
def house(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(demo.settings.data_dir, folder / "data", ignore=shutil.ignore_patterns("prefect"))
    shutil.copytree(demo.settings.data_dir, folder / "data" / "demo", ignore=shutil.ignore_patterns("prefect"))
    shutil.copytree(demo.settings.captures_dir, folder / "downloads" / "cc-news")
    with open_reader(demo.settings) as con:
        event = answer(con, "SELECT event_id FROM events ORDER BY article_count DESC LIMIT 1").rows[0][0]
        mention = answer(con, "SELECT min(mention_id) FROM mentions WHERE killed_best > 0").rows[0][0]
        article, url = answer(
            con, "SELECT article_id, any_value(canonical_url) FROM articles JOIN article_versions USING (article_id) "
            "GROUP BY 1 HAVING count(*) > 1"
        ).rows[0]  # fmt: skip
    seeds = yaml.safe_load(DEMO_SOURCES.read_text(encoding="utf-8"))
    seeds["sources"] += [seeds["sources"][0] | {"id": name} for name in NAMED]
    (folder / "sources.yml").write_text(yaml.safe_dump(seeds), encoding="utf-8")
    (folder / "SY.zip").write_bytes(zipped_dump())
    (folder / "gold.jsonl").write_text(OWN_GOLD, encoding="utf-8")
    names = {"EVENT_ID": str(event), "ARTICLE": str(article), "URL": str(url), "ID": NAMED[0], "MENTION": str(mention)}
    names["SINCE"] = demo.first.run.run_id
    return House(folder, names)


@pytest.fixture
def inside(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """In the folder, with the demo site behind the names of its outlets."""
    with serve_demo() as site:
        monkeypatch.chdir(house.folder)
        monkeypatch.setenv("FIRSTDRAFT_SOURCES_FILE", str(house.folder / "sources.yml"))
        monkeypatch.setenv("FIRSTDRAFT_ALLOW_LOOPBACK", "true")
        monkeypatch.setenv("FIRSTDRAFT_CONNECT_TO", json.dumps(site.connect_to))
        monkeypatch.delenv("PREFECT_API_URL", raising=False)
        yield house


def run(house: House, line: str) -> None:
    told = CliRunner().invoke(app, house.words(line), env=dict(os.environ))
    judged = is_one_of(line, ("doctor", "sources check"))  # they end with 1 where something is down
    assert told.exit_code in ({0, 1} if judged else {0}), f"{line}\n{told.output}\n{told.exception!r}"
    assert told.exception is None or isinstance(told.exception, SystemExit)
    for made in house.folder.glob("rebuilt*.duckdb*"):
        made.unlink()


def test_the_documents_have_commands_and_queries() -> None:
    assert len(LINES) > 30
    assert len(blocks(TEXTS["docs/analyst.md"], "sql")) >= QUERIES
    assert len(re.findall(r"^\*\*\d+\. ", TEXTS["docs/analyst.md"], re.MULTILINE)) == QUERIES


@pytest.mark.parametrize("line", LINES)
def test_every_command_of_the_documents_can_be_parsed(line: str, house: House) -> None:
    command, words = typer.main.get_command(app), house.words(line)
    context = command.make_context("firstdraft", words[:1], resilient_parsing=True)
    # A command's file is loaded when its group is asked for it.
    while words and isinstance(command, TyperGroup) and words[0] in command.commands:
        _, inner, words = command.resolve_command(context, words)
        assert inner is not None
        command = inner
    try:
        command.make_context(line, words, parent=context)
    except typer.BadParameter as error:
        if "does not exist" not in str(error):  # a file the reader has
            raise


@pytest.mark.parametrize("line", [line for line in LINES if not parsed_only(line) and not is_one_of(line, FLOWS)])
def test_every_command_of_the_documents_works(line: str, inside: House) -> None:
    run(inside, line)


@pytest.mark.long
@pytest.mark.parametrize("line", [line for line in LINES if not parsed_only(line) and is_one_of(line, FLOWS)])
def test_every_flow_of_the_documents_works(line: str, inside: House) -> None:
    run(inside, line)


@pytest.mark.parametrize("statement", SQL)
def test_every_query_of_the_documents_has_an_answer(statement: str, demo: Demo) -> None:
    with open_reader(demo.settings) as con:
        assert answer(con, statement).rows, "an example that shows nothing teaches nothing"


def test_the_python_of_the_documents_works(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(house.folder)
    for block in blocks(TEXTS["docs/analyst.md"], "python"):
        exec(compile(block, "docs/analyst.md", "exec"), {})
    assert Settings(data_dir=house.folder / "data").for_demo().published_path.exists()
