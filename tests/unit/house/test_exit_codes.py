"""What a command ends with where nothing could be read."""

from datetime import UTC, date, datetime

import pytest
import typer

from flows.cli.collect import fail_if_nobody_was_reached
from schemas.run import Run, RunSummary, SourceResult, Window

WINDOW = Window(date(2024, 1, 1), date(2024, 1, 7))
NOW = datetime(2024, 2, 1, tzinfo=UTC)


def _summary(*reached: bool) -> RunSummary:
    sources = tuple(SourceResult(f"s{number}", "S", one, 0, "") for number, one in enumerate(reached))
    return RunSummary(Run("backfill", WINDOW, NOW, "0.1.0"), NOW, 0, 0, {}, {}, 0, 0, 0, sources=sources)


def test_a_backfill_whose_only_source_was_away_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        fail_if_nobody_was_reached([_summary(True), _summary(False)])
    assert ended.value.exit_code == 1
    assert "no source could be read in 2024-01-01 to 2024-01-07" in capsys.readouterr().err


def test_one_that_reached_somebody_ends_well() -> None:
    fail_if_nobody_was_reached([])
    fail_if_nobody_was_reached([_summary(True, False)])
