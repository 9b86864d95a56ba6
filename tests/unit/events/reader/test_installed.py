"""Models of an installation: in use, taken back, and used by the children that read pages."""

import shutil
from pathlib import Path

import pytest

from schemas.errors import TeachError
from tasks.events.coder.code import code_with, coder_version
from tasks.events.reader.folder import FILES, SHIPPED, model_hash, use_model
from tasks.events.reader.installed import go_back, hash_of, model_in_use, take
from tasks.pool.pool import Answered, Limits, Pool
from tests.warehouse.build import a_run, a_source, an_article


def a_model(folder: Path, name: str) -> Path:
    """A copy of the shipped model under another name, which is another model."""
    folder.mkdir(parents=True)
    for file in FILES:
        shutil.copyfile(SHIPPED / file, folder / file)
    told = (folder / "reader.json").read_text(encoding="utf-8").replace('"name": "', f'"name": "{name}, ')
    (folder / "reader.json").write_text(told, encoding="utf-8")
    return folder


def test_the_shipped_model_is_in_use_until_another_is_taken_and_after_it_is_taken_back(tmp_path: Path) -> None:
    assert model_in_use(tmp_path / "reader") == SHIPPED
    for name in ("one", "two"):
        a_model(tmp_path / "reader" / name, name)
        take(tmp_path / "reader", name)
        assert model_in_use(tmp_path / "reader") == tmp_path / "reader" / name
    assert go_back(tmp_path / "reader") == "two"
    assert model_in_use(tmp_path / "reader") == tmp_path / "reader" / "one"
    assert go_back(tmp_path / "reader") == "one"
    assert model_in_use(tmp_path / "reader") == SHIPPED
    with pytest.raises(TeachError, match="shipped model is in use"):
        go_back(tmp_path / "reader")
    assert (tmp_path / "reader" / "two").is_dir(), "what is left is kept"


def test_a_model_that_is_gone_is_named(tmp_path: Path) -> None:
    a_model(tmp_path / "one", "one")
    take(tmp_path, "one")
    (tmp_path / "one" / "heads.npz").unlink()
    with pytest.raises(TeachError, match=r"one: heads\.npz gone"):
        model_in_use(tmp_path)


def test_a_child_reads_with_the_model_it_is_given_and_with_the_shipped_one_again(tmp_path: Path) -> None:
    article = an_article(a_run(), a_source(), "one", "Gunmen killed four farmers in Ouallam on Wednesday, police said.")
    own = a_model(tmp_path / "own", "own")
    assert hash_of(own) != model_hash(), "nothing of this process is changed"
    pool, limits = Pool(1), Limits(60.0, 2 << 30)
    try:
        jobs = [(article, "NE", (), folder) for folder in (own, SHIPPED)]
        answers = pool.map(code_with, jobs, limits)
    finally:
        pool.close()
    versions = [{m.coder_version for m in answer.value} for answer in answers if isinstance(answer, Answered)]
    assert versions == [{coder_version().replace(model_hash(), hash_of(own))}, {coder_version()}]


def test_a_process_goes_back_to_what_it_read_with(tmp_path: Path) -> None:
    before = model_hash()
    own = a_model(tmp_path / "own", "own")
    use_model(own)
    assert model_hash() != before
    use_model(SHIPPED)
    assert model_hash() == before
