"""Without a network the nightly run ends cleanly, each source recorded as unreachable."""

from pathlib import Path

import pytest

from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.connect import open_reader


def test_the_nightly_run_ends_cleanly_and_says_which_sources_were_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.nightly import nightly  # noqa: PLC0415 - the environment comes first
    from schemas.settings import Settings  # noqa: PLC0415

    sources = tmp_path / "sources.yml"
    sources.write_text(
        "sources:\n"
        + "".join(
            f"  - {{id: {name}, name: {name}, family: {name}, country: SY, language: en, delay_seconds: 0,"
            f" homepage: 'http://{name}.invalid/', feeds: [{{url: 'http://{name}.invalid/feed'}}]}}\n"
            for name in ("one", "two")
        )
    )
    monkeypatch.setenv("FIRSTDRAFT_SOURCES_FILE", str(sources))
    monkeypatch.setenv("FIRSTDRAFT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FIRSTDRAFT_RETRIES", "0")
    state = nightly(return_state=True)
    assert f"{state.name}: {state.message}".startswith("Completed: degraded, 2 of 2 sources down: one, two; ")
    summary = state.result()
    assert [source.reached for source in summary.sources] == [False, False]
    with open_reader(Settings()) as con:
        probes = answer(con, "SELECT source_id, error FROM probes ORDER BY 1").rows
    assert [(source, bool(error)) for source, error in probes] == [("one", True), ("two", True)]
