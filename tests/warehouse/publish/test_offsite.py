"""Exports in object storage: the same bytes, only what changed, nothing that was withdrawn."""

import hashlib
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from fsspec.core import url_to_fs  # type: ignore[import-untyped]

from tasks.warehouse.publish.export import export_view
from tasks.warehouse.publish.offsite import send_exports


def an_export(folder: Path, years: str) -> list[str]:
    """A folder as an export leaves it: a view by year, and the manifest."""
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE told AS SELECT unnest({years}) AS year, 1 AS toll")
        files = [file.path for file in export_view(con, "told", folder)]
    listed = [{"path": path, "sha256": hashlib.sha256((folder / path).read_bytes()).hexdigest()} for path in files]
    (folder / "manifest.json").write_text(json.dumps({"files": listed}), encoding="utf-8")
    (folder / "dictionary.md").write_text("words", encoding="utf-8")
    return files


def sent_and_sent_again(folder: Path, url: str) -> None:
    names = an_export(folder, "[2022, 2023]")
    assert send_exports(folder, url) == [*names, "dictionary.md", "manifest.json"]
    storage, root = url_to_fs(url)
    with storage.open(f"{root}/told/year=2022/told.parquet", "rb") as file:
        assert pq.read_table(file).num_rows == 1
    assert send_exports(folder, url) == ["dictionary.md", "manifest.json"], "all the same"
    an_export(folder, "[2023]")
    assert "told.csv" in send_exports(folder, url)
    storage.invalidate_cache()
    assert not storage.exists(f"{root}/told/year=2022/told.parquet"), "what was withdrawn does not stay"
    assert storage.exists(f"{root}/told/year=2023/told.parquet")


def test_a_folder_elsewhere_is_brought_up_to_the_export(tmp_path: Path) -> None:
    sent_and_sent_again(tmp_path / "exports", f"file://{tmp_path}/elsewhere")


@pytest.mark.long
def test_a_bucket_is_brought_up_to_the_export(tmp_path: Path, bucket: str) -> None:
    sent_and_sent_again(tmp_path / "exports", bucket)


def test_a_manifest_from_elsewhere_does_not_lead_out_of_its_folder(tmp_path: Path) -> None:
    an_export(tmp_path / "exports", "[2023]")
    there = tmp_path / "elsewhere"
    there.mkdir()
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (there / "manifest.json").write_text('{"files": [{"path": "../mine", "sha256": "0"}]}', encoding="utf-8")
    send_exports(tmp_path / "exports", f"file://{there}")
    assert (tmp_path / "mine").exists()
