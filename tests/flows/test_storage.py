"""Object storage that refuses is told in words, with what to do next; what was made on this machine stands."""

import json
from pathlib import Path

import pytest

from schemas.errors import StorageError
from schemas.settings import Settings


def exported(folder: Path, url: str) -> Settings:
    settings = Settings(data_dir=folder, exports_url=url)
    settings.exports_dir.mkdir()
    (settings.exports_dir / "manifest.json").write_text(json.dumps({"files": []}), encoding="utf-8")
    (settings.exports_dir / "dictionary.md").write_text("words", encoding="utf-8")
    return settings


@pytest.mark.parametrize("url", ["file:///proc/nowhere", "s4://bucket/exports", "file:///dev/null/exports"])
def test_a_storage_that_refuses_is_named_with_what_to_do(url: str, tmp_path: Path) -> None:
    from tasks.report import send_away  # noqa: PLC0415 - the environment comes first

    settings = exported(tmp_path, url)
    with pytest.raises(StorageError) as refused:
        send_away.fn(settings)
    told = str(refused.value)
    assert f"FIRSTDRAFT_EXPORTS_URL={url}" in told
    assert "`firstdraft report` sends what is missing" in told
    assert (settings.exports_dir / "manifest.json").exists()


def test_a_storage_that_takes_them_has_them(tmp_path: Path) -> None:
    from tasks.report import send_away  # noqa: PLC0415

    send_away.fn(exported(tmp_path, f"file://{tmp_path}/there"))
    assert (tmp_path / "there" / "manifest.json").exists()
