"""A page being forgotten when the process dies: done again, it is as if it had been done once."""

import shutil
from pathlib import Path

import pytest

from schemas.settings import Settings
from tasks.care.verify import verify
from tasks.warehouse.store.connect import open_writer
from tests.flows.test_forget import holding
from tests.warehouse.kept import keep_run

URL = "https://north.test/a-0"
#: What stands in the text of that page alone.
WORDS = [b"near Riverton on Monday, a-0 said."]


class DiedError(RuntimeError):
    """What stands for the end of the process."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two runs, all kept."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("whole"))
    keep_run(settings, 0)
    keep_run(settings, 1, ("a", "d"))
    return settings


@pytest.mark.parametrize(
    "step",
    [
        "tasks.web.archive.erasing.overwrite",
        pytest.param("tasks.care.forget.write_blanked", marks=pytest.mark.long),
        pytest.param("tasks.warehouse.care.forgetting.erase_rows", marks=pytest.mark.long),
        pytest.param("flows.forget.resolve", marks=pytest.mark.long),
        pytest.param("tasks.care.forget.compact", marks=pytest.mark.long),
    ],
)
def test_cut_off_at_any_step_it_is_completed_by_doing_it_again(
    whole: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from flows.forget import forget  # noqa: PLC0415

    shutil.copytree(whole.data_dir, tmp_path / "data", ignore=shutil.ignore_patterns("*.lock"))
    house = Settings(data_dir=tmp_path / "data")
    assert holding(house.data_dir, WORDS)

    def die(*_: object, **__: object) -> None:
        raise DiedError

    with monkeypatch.context() as dying:
        dying.setattr(step, die)
        with pytest.raises(DiedError):
            forget(URL, "an order", house)
    if step.endswith("erase_rows"):
        assert {found.what for found in verify(house).findings if found.damaged} == {"erasure_unfinished"}
    assert forget(URL, "an order", house).captures
    assert holding(house.data_dir, WORDS) == []
    found = verify(house)
    assert found.whole, found.findings
    with open_writer(house) as con:
        assert con.execute("SELECT count(*) FROM captures WHERE url = ?", [URL]).fetchall() == [(0,)]
        assert con.execute("SELECT DISTINCT url FROM erasures").fetchall() == [(URL,)]
        assert con.execute("SELECT origin, state FROM runs WHERE origin = 'forget' ORDER BY started_at").fetchall()[
            -1
        ] == (
            "forget",
            "done",
        )
