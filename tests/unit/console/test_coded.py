"""``firstdraft code``: one text, its events, and the words behind each field."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app

TEXT = "Clash in Idlib\n\nRebels killed two soldiers near the town of Saraqib in Syria on Monday, a monitor said.\n"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "article.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_each_event_is_shown_with_its_sentence_and_quotes(article: Path) -> None:
    told = CliRunner().invoke(app, ["code", str(article), "--published", "2023-12-11"])
    assert told.exit_code == 0, told.output
    assert "1. Battles / Armed clash (happened)" in told.output
    assert "killed 2" in told.output
    assert "2023-12-11" in told.output
    assert "[Rebels|initiator]" in told.output


def test_json_quotes_the_characters_of_the_text(article: Path) -> None:
    told = CliRunner().invoke(app, ["code", str(article), "--json"])
    (mention,) = json.loads(told.output)
    assert mention["killed"]["best"] == 2
    assert all(TEXT[piece["start"] : piece["end"]] == piece["quote"] for piece in mention["evidence"])
    assert mention["when"]["start"] is None, "without a day of publication, Monday is no date"


def test_a_text_without_events_and_another_language_are_told_as_such(tmp_path: Path) -> None:
    quiet = CliRunner().invoke(app, ["code", "-"], input="The market was open on Monday, and bread was cheap.\n")
    assert "no event is read in this text" in quiet.output
    french = CliRunner().invoke(
        app, ["code", "-"], input="Deux soldats ont été tués lundi près de la ville, a dit l'armée.\n"
    )
    assert "the text is read as fr" in french.output


def test_a_file_that_is_none_or_no_text_is_refused_in_a_line(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["code", str(tmp_path / "none.txt")]).exit_code == 2
    (tmp_path / "page.bin").write_bytes(b"\xff\xfe\x00")
    assert CliRunner().invoke(app, ["code", str(tmp_path / "page.bin")]).exit_code == 2
