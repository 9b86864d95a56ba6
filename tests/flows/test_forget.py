"""A page forgotten leaves no text anywhere, no hole in the accounts, and does not come back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.erasure import Erasure
from schemas.settings import Settings
from schemas.verification import Verification
from tasks.care.verify import verify
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.store.connect import open_reader, open_writer
from tests.flows.conftest import Demo

#: Words of one page of the demo's site, the event it alone tells of, and its address.
URL = "https://%/Binnish%"
ORDER = "order of a court, 2024-05-01"


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with open_writer(settings) as con:
        return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def house(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the demo's folder after a report, with an old copy of the warehouse beside it."""
    from flows.report import report_on  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("house") / "demo"
    shutil.copytree(demo.settings.data_dir, folder, ignore=shutil.ignore_patterns("prefect", "*.lock"))
    settings = demo.settings.model_copy(update={"data_dir": folder})
    report_on(settings)
    shutil.copyfile(settings.warehouse_path, folder / "warehouse.duckdb.bak-20240101T000000")
    return settings


@pytest.fixture(scope="module")
def page(house: Settings) -> dict[str, str]:
    """The page of an event that nobody else tells of, with words of its text."""
    found = rows(
        house,
        """SELECT a.article_id, a.canonical_url, l.event_id, t.text, t.title, v.capture_id, k.sha256
           FROM event_links l JOIN mentions m USING (mention_id) JOIN articles a USING (article_id)
           JOIN article_versions v ON v.version_id = a.current_version_id JOIN contents t USING (content_sha256)
           JOIN captures k USING (capture_id) JOIN events e ON e.event_id = l.event_id
           WHERE e.place_name LIKE '%Dhiban%' AND e.article_count = 1 LIMIT 1""",
    )
    names = ("article_id", "url", "event_id", "text", "title", "capture_id", "sha256")
    return dict(zip(names, map(str, found[0]), strict=True))


@pytest.fixture(scope="module")
def phrases(page: dict[str, str]) -> list[bytes]:
    """Distinctive pieces of the text, and its headline."""
    lines = [line for line in page["text"].split("\n") if len(line) > 60]
    return [line[10:50].encode() for line in lines] + [page["title"].encode()]


@pytest.fixture(scope="module")
def before(house: Settings, phrases: list[bytes]) -> list[str]:
    """The files that hold a phrase before it is forgotten, the gzip members of WARC files unpacked."""
    return holding(house.data_dir, phrases)


@pytest.fixture(scope="module")
def done(house: Settings, page: dict[str, str], before: list[str]) -> Erasure:
    from flows.forget import forget  # noqa: PLC0415

    return forget(page["url"], ORDER, house)


def holding(folder: Path, phrases: list[bytes]) -> list[str]:
    """The files below a folder that hold one of some phrases, as they are or unpacked."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = b"".join(_unpacked(path)) if path.suffix == ".gz" else path.read_bytes()
        if any(phrase in data for phrase in phrases):
            found.append(str(path.relative_to(folder)))
    return found


def _unpacked(path: Path) -> Iterator[bytes]:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415

    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            yield record.content_stream().read()


def test_nothing_of_the_text_is_left_in_any_file(
    house: Settings, phrases: list[bytes], before: list[str], done: Erasure
) -> None:
    kinds = {name.split("/")[0].split("-")[0] for name in before}
    assert {"captures", "warehouse.duckdb", "published.duckdb", "exports", "warehouse.duckdb.bak"} <= kinds
    *text, headline = phrases
    assert holding(house.data_dir, text) == []
    # Pages of other articles that link to it are those articles' own evidence.
    assert {name.split("/")[0] for name in holding(house.data_dir, [headline])} == {"captures"}
    # Whose text a model was asked about its answers do not say: all that are kept go.
    left = [name for name in done.files if not name.endswith(".json")]
    assert (done.captures, done.feeds > 0, left) == (1, True, ["warehouse.duckdb.bak-20240101T000000"])
    assert not any(house.llm_cache_dir.rglob("*.json"))


def test_hash_date_and_reason_are_kept_and_it_is_not_asked_for_again(
    house: Settings, page: dict[str, str], done: Erasure
) -> None:
    kept = rows(house, "SELECT capture_id, url, sha256, reason, run_id, captured_at IS NOT NULL FROM erasures")
    assert kept == [(page["capture_id"], page["url"], page["sha256"], ORDER, done.run_id, True)]
    values = {value for (value,) in rows(house, "SELECT value FROM suppressions")}
    assert values == {page["url"], page["sha256"]}


def test_every_table_is_without_it(house: Settings, page: dict[str, str], done: Erasure) -> None:
    for table in (
        "captures",
        "articles",
        "article_versions",
        "mentions",
        "event_links",
        "resolved_mentions",
        "stories",
    ):
        columns = {name for (name,) in rows(house, f"SELECT column_name FROM (DESCRIBE {table})")}
        for column, value in (("capture_id", page["capture_id"]), ("article_id", page["article_id"])):
            if column in columns:
                assert rows(house, f"SELECT count(*) FROM {table} WHERE {column} = '{value}'") == [(0,)], table
    orphans = "SELECT count(*) FROM {} WHERE mention_id NOT IN (SELECT mention_id FROM mentions)"
    for table in ("mention_actors", "mention_claims", "mention_evidence", "event_links", "resolved_mentions"):
        assert rows(house, orphans.format(table)) == [(0,)], table
    assert done.rows["mentions"] >= 1


def test_its_event_is_gone_and_the_change_is_told(house: Settings, page: dict[str, str], done: Erasure) -> None:
    told = rows(house, f"SELECT change, why FROM changes WHERE run_id = '{done.run_id}'")
    assert told == [("removed", "erased")]
    past = rows(house, f"SELECT place_name, killed_best FROM event_history WHERE event_id = '{page['event_id']}'")
    assert set(past) == {(None, None)}, "that it was stays, not what it was"
    with open_reader(house) as con:
        assert con.execute("SELECT count(*) FROM events WHERE event_id = ?", [page["event_id"]]).fetchall() == [(0,)]
        runs = con.execute("SELECT origin FROM runs ORDER BY started_at DESC LIMIT 1").fetchall()
    assert runs == [("forget",)]
    manifest = json.loads((house.exports_dir / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["run"]["run_id"] == done.run_id


def test_the_house_is_whole_and_says_what_was_erased(house: Settings, page: dict[str, str], done: Erasure) -> None:
    found = verify(house)
    assert found.whole, found.findings
    assert {finding.what for finding in found.findings} == {"erased"}
    assert len(found.findings) == done.captures + done.feeds
    (told,) = [finding for finding in found.findings if finding.capture_id == page["capture_id"]]
    assert ORDER in told.detail


def test_other_pages_of_the_same_file_stay_readable(house: Settings, done: Erasure) -> None:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415

    kinds: list[str] = []
    for path in house.captures_dir.rglob("*.warc.gz"):
        with path.open("rb") as file:
            kinds += [record.rec_type for record in ArchiveIterator(file, check_digests="raise")]
    assert kinds.count("metadata") == done.captures + done.feeds
    assert kinds.count("response") > 20


def test_a_rebuild_does_not_bring_it_back(
    house: Settings, page: dict[str, str], phrases: list[bytes], done: Erasure, tmp_path: Path
) -> None:
    from flows.rebuild import rebuild_from  # noqa: PLC0415

    shutil.copytree(house.data_dir, tmp_path / "demo", ignore=shutil.ignore_patterns("*.lock"))
    copy = house.model_copy(update={"data_dir": tmp_path / "demo"})
    with open_writer(copy) as con:
        before = state_hash(con)
    copy.warehouse_path.unlink()
    made = rebuild_from(copy)
    assert (made.same, made.state_hash) == (True, before)
    assert rows(copy, f"SELECT count(*) FROM articles WHERE canonical_url = '{page['url']}'") == [(0,)]
    assert rows(copy, "SELECT count(*) FROM erasures") == [(1,)]
    assert holding(copy.data_dir, phrases[:-1]) == []
    again: Verification = verify(copy)
    assert again.whole, again.findings
    accounts = "SELECT run_id, sum(discovered) FROM run_sources GROUP BY 1 ORDER BY 1"
    assert rows(copy, accounts) == rows(house, accounts)


@pytest.mark.long
def test_the_next_visit_leaves_it_alone(house: Settings, page: dict[str, str], done: Erasure, tmp_path: Path) -> None:
    from flows.demo import run_demo  # noqa: PLC0415

    shutil.copytree(house.data_dir, tmp_path / "demo", ignore=shutil.ignore_patterns("*.lock"))
    first, _ = run_demo(house.model_copy(update={"data_dir": tmp_path}))
    assert first.reasons["rejected:suppressed"] == 1
    copy = house.model_copy(update={"data_dir": tmp_path / "demo"})
    assert rows(copy, f"SELECT count(*) FROM captures WHERE url = '{page['url']}'") == [(0,)]
    assert rows(copy, f"SELECT count(*) FROM events WHERE event_id = '{page['event_id']}'") == [(0,)]


@pytest.mark.long
def test_forgetting_again_changes_nothing(house: Settings, page: dict[str, str], done: Erasure) -> None:
    from flows.forget import forget  # noqa: PLC0415

    with open_writer(house) as con:
        before = state_hash(con)
    again = forget(page["capture_id"], ORDER, house)
    assert again.rows == {}
    with open_writer(house) as con:
        assert state_hash(con) == before
    assert verify(house).whole


def test_the_command_shows_what_would_go_and_asks(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(demo.settings.data_dir.parent))
    with open_reader(demo.settings) as con:
        article_id, url = con.execute("SELECT article_id, canonical_url FROM articles LIMIT 1").fetchall()[0]
    shown = CliRunner().invoke(app, ["forget", article_id, "--dry-run", "--json", "--demo"])
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.output)["urls"] == [url]
    assert CliRunner().invoke(app, ["forget", article_id, "--demo"]).exit_code == 2, "no reason given"
    asked = CliRunner().invoke(app, ["forget", article_id, "--demo", "--reason", "x"], input="n\n")
    assert asked.exit_code == 1
    assert "not to be fetched again" in asked.output
    with duckdb.connect(str(demo.settings.warehouse_path), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM erasures").fetchall() == [(0,)]
