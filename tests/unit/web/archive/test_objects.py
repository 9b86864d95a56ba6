"""Captures in object storage: what was written comes back, by the stretch, from whatever fsspec knows."""

from pathlib import Path

import pytest

from tasks.web.archive.objects import mirror, read_stretch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "a.warc.gz").write_bytes(b"0123456789")
    return tmp_path


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_a_stretch_of_a_copied_file_is_read(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, scheme: str
) -> None:
    url = f"{scheme}://{tmp_path_factory.mktemp('store')}"
    assert mirror(folder, url, ["run/a.warc.gz"]) == ["run/a.warc.gz"]
    assert read_stretch(url, "run/a.warc.gz", 3, 4) == b"3456" == read_stretch(folder, "run/a.warc.gz", 3, 4)


def test_only_what_grew_is_copied_again(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"file://{tmp_path_factory.mktemp('store')}"
    mirror(folder, url, ["run/a.warc.gz"])
    assert mirror(folder, url, ["run/a.warc.gz"]) == []
    with (folder / "run" / "a.warc.gz").open("ab") as file:
        file.write(b"ab")
    assert mirror(folder, url, ["run/a.warc.gz"]) == ["run/a.warc.gz"]
    assert read_stretch(url, "run/a.warc.gz", 9, 3) == b"9ab"


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    for root in (tmp_path, f"file://{tmp_path}", f"memory://{tmp_path}"):
        with pytest.raises(OSError, match=r"none\.warc\.gz"):
            read_stretch(root, "none.warc.gz", 0, 1)


@pytest.mark.long
def test_captures_are_read_from_s3(folder: Path, bucket: str) -> None:
    assert mirror(folder, bucket, ["run/a.warc.gz"]) == ["run/a.warc.gz"]
    assert read_stretch(bucket, "run/a.warc.gz", 3, 4) == b"3456"
    with pytest.raises(FileNotFoundError):
        read_stretch(bucket, "none.warc.gz", 0, 1)
