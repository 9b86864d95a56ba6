"""A country dump on the command line: taken in, told to the ledger, used in reading, and no longer."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from schemas.errors import GazetteerError
from schemas.ledger import Wrote
from schemas.settings import Settings
from tasks.events.coder.code import code_with
from tasks.ledger.past import past_runs
from tasks.reference.gazetteer import use_dumps
from tasks.reference.gazetteer.dumps import active_dumps
from tasks.warehouse.care import replaying
from tasks.warehouse.decisions.llm import circumstances
from tasks.warehouse.store.connect import open_writer
from tasks.warehouse.store.queries import rows_of
from tests.unit.reference.test_gazetteer_dumps import GOOD, a_dump, line
from tests.warehouse.build import a_run, a_source, an_article

TEXT = "TALL QUMASH, Syria (Post) –\nISIS gunmen killed 14 soldiers in the village of Tall Qumash on Sunday."


def firstdraft(settings: Settings, *words: str) -> Result:
    environment = {"FIRSTDRAFT_DATA_DIR": str(settings.data_dir)}
    return CliRunner().invoke(app, ["gazetteer", *words], env=environment, catch_exceptions=False)


def test_a_dump_is_added_listed_used_and_removed(made: Settings, tmp_path: Path) -> None:
    dump = a_dump(tmp_path, [*[line(930000000 + n, f"Village {n}") for n in range(20)], *GOOD, "a bad line"])
    added = firstdraft(made, "add", str(dump))
    assert added.exit_code == 0, added.output
    assert "SY: 24 places" in added.output
    assert "1 bad lines left out: line 27: 1 columns instead of 19" in added.output
    assert "GeoNames" in added.output
    listed = json.loads(firstdraft(made, "list", "--json").output)
    (file,) = active_dumps(made.gazetteers_dir)
    assert [(row["country"], row["places"], row["bad"], row["file"]) for row in listed] == [("SY", 24, 1, file.name)]

    article = an_article(a_run(), a_source(), "one", TEXT)
    (plain,) = code_with(article, "SY", ())
    (located,) = code_with(article, "SY", (file,))
    use_dumps(())
    assert plain.place.place_id != "gn:900000001"
    assert (located.place.place_id, located.place.latitude) == ("gn:900000001", 34.55)
    joint = "." if "+" in plain.coder_version else "+"
    assert located.coder_version == f"{plain.coder_version}{joint}gn-SY-{file.stem[3:11]}"

    removed = firstdraft(made, "remove", "sy")
    assert removed.exit_code == 0, removed.output
    assert active_dumps(made.gazetteers_dir) == ()
    assert file.exists(), "a rebuild reads with it"
    assert firstdraft(made, "remove", "SY").exit_code == 2
    assert json.loads(firstdraft(made, "list", "--json").output) == []


def test_the_ledger_knows_which_gazetteers_a_run_had(made: Settings, tmp_path: Path) -> None:
    firstdraft(made, "add", str(a_dump(tmp_path, GOOD)))
    firstdraft(made, "add", str(a_dump(tmp_path, GOOD[:2])))
    firstdraft(made, "remove", "SY", "--delete")
    assert list(made.gazetteers_dir.glob("*.sqlite")) == []
    told = [entry for entry in past_runs(made.ledger_dir) if isinstance(entry, Wrote)]
    files = []
    with open_writer(made) as con:
        for entry in told:
            replaying.write_again(con, entry.table, entry.rows, removed=entry.removed)
            files.append(circumstances(con, "run_1").gazetteers)
        assert rows_of(con, "FROM gazetteers") == []
    assert [len(names) for names in files] == [1, 1, 0]
    assert files[0] != files[1]


def test_a_file_that_is_no_dump_is_refused(made: Settings, tmp_path: Path) -> None:
    (tmp_path / "SY.txt").write_text("nothing of the kind\n" * 20)
    with pytest.raises(GazetteerError, match="not a country dump"):
        firstdraft(made, "add", str(tmp_path / "SY.txt"))
    assert active_dumps(made.gazetteers_dir) == ()
