"""Clean and extract on a Dask cluster of two workers give what one process gives."""

from pathlib import Path

import pytest

from schemas.errors import FirstdraftError
from schemas.settings import Settings
from tasks.warehouse.care.checks import state_hash
from tasks.warehouse.store.connect import open_reader
from tests.flows.conftest import Demo


def hash_of(settings: Settings) -> str:
    with open_reader(settings) as con:
        return state_hash(con)


@pytest.mark.long
@pytest.mark.parametrize("store", ["", "objects"])
def test_two_workers_leave_the_state_of_one_process(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    """With ``objects`` the workers read captures from a storage that is not the folder they were written to."""
    pytest.importorskip("prefect_dask")
    from flows.demo import run_demo  # noqa: PLC0415 - the environment comes first

    url = f"file://{tmp_path / store}" if store else ""
    for name, value in {"TASK_RUNNER": "dask", "WORKERS": "2", "CAPTURES_URL": url}.items():
        monkeypatch.setenv(f"FIRSTDRAFT_{name}", value)
    settings = Settings(data_dir=tmp_path / "data", workers=2, captures_url=url)
    first, second = run_demo(settings)
    assert first.outcomes == demo.first.outcomes
    assert second.rows_changed == demo.second.rows_changed
    assert hash_of(settings.for_demo()) == hash_of(demo.settings)
    assert bool(list((tmp_path / "objects").rglob("*.warc.gz"))) is bool(store)


def test_threads_alone_where_nothing_else_is_set(settings: Settings) -> None:
    from flows.runners import Readers, cluster_runner  # noqa: PLC0415 - the environment comes first

    assert cluster_runner(settings) is None
    with Readers(max_workers=2) as runner:
        assert runner._cluster is None


def test_a_missing_package_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.runners import cluster_runner  # noqa: PLC0415 - the environment comes first

    monkeypatch.setitem(__import__("sys").modules, "prefect_dask.task_runners", None)
    with pytest.raises(FirstdraftError, match="--extra dask"):
        cluster_runner(settings.model_copy(update={"task_runner": "dask"}))
