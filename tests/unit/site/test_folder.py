"""The folder: nothing is written twice, nothing stays that should not, nothing of others is touched."""

import hashlib
import json
from pathlib import Path

from tasks.site.files.folder import Folder
from tasks.site.kinds.events import event_page
from tasks.site.outline import outline
from tasks.site.pages import HERE, data_block, source_path
from tasks.site.press import Press


def test_what_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    for expected in (1, 0):
        with Folder(tmp_path, "v1") as folder:
            folder.put("a/b.html", "one")
        assert folder.written == expected
    with Folder(tmp_path, "v2") as folder:
        folder.put("a/b.html", "one")
    assert folder.written == 1, "other templates make other pages"
    (tmp_path / "a" / "b.html").unlink()
    with Folder(tmp_path, "v2") as folder:
        folder.put("a/b.html", "one")
    assert folder.written == 1, "a page somebody removed comes back"


def test_what_is_gone_is_removed_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.put("a/b.html", "one")
    (tmp_path / "robots.txt").write_text("theirs")
    with Folder(tmp_path) as folder:
        folder.put("c.html", "two")
    assert folder.removed == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [".built.json", "c.html", "robots.txt"]


def test_a_build_that_failed_forgets_nothing(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.put("a.html", "one")
    try:
        with Folder(tmp_path) as folder:
            folder.put("b.html", "two")
            raise KeyError("half-way")
    except KeyError:
        pass
    assert (tmp_path / "a.html").exists()
    assert json.loads((tmp_path / ".built.json").read_text()).keys() == {"a.html"}


def test_a_linked_file_can_be_linked_again(tmp_path: Path) -> None:
    source = tmp_path / "export.csv"
    for text in ("one", "one", "two"):
        source.unlink(missing_ok=True) if text == "two" else None
        source.write_text(text)
        with Folder(tmp_path / "site") as folder:
            folder.link("downloads/export.csv", source)
        assert (tmp_path / "site" / "downloads" / "export.csv").read_text() == text
        assert [path.name for path in (tmp_path / "site" / "downloads").iterdir()] == ["export.csv"]


def test_the_press_writes_what_one_process_writes(tmp_path: Path) -> None:
    row = _row()
    for workers in (0, 2):
        with Folder(tmp_path / str(workers)) as folder, Press(folder, workers) as press:
            for number in range(1_100):
                press.add("event", f"event/{number}.html", row)
    written = [sorted((tmp_path / workers / "event").iterdir()) for workers in ("0", "2")]
    assert len(written[0]) == len(written[1]) == 1_100
    assert {path.read_text() for path in written[0] + written[1]} == {event_page(row)}


def _row() -> dict[str, object]:
    names = (
        "date_start", "date_end", "date_precision", "place_name", "place_id", "admin1", "admin2", "country", "latitude",
        "longitude", "place_precision", "killed_low", "killed_best", "killed_high", "injured_low", "injured_best",
        "injured_high", "detained_low", "detained_best", "detained_high", "displaced_low", "displaced_best",
        "displaced_high",
        "differs", "victims", "before_here", "before_by", "initiator", "target", "target_kind", "object", "weapon",
        "deniers", "title", "source_name", "actors", "reports", "former", "states", "reviews", "created_at",
        "changed_at",
    )  # fmt: skip
    known = {"event_id": "evt_1", "event_type": "Battles", "sub_event_type": "Armed clash", "status": "happened"}
    counts = dict.fromkeys(("mention_count", "article_count", "source_count", "family_count"), 1)
    runs = {"created_run_id": "run_1", "changed_run_id": "run_1", "rules": "", "disputed": False}
    return dict.fromkeys(names) | known | counts | runs


def test_vendored_files_are_those_that_are_credited() -> None:
    told = (HERE / "static" / "vendor" / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    vendored = [path for path in (HERE / "static" / "vendor").iterdir() if path.suffix in (".js", ".css")]
    for path in [*vendored, *(HERE / "outline").iterdir()]:
        line = next(line for line in told.splitlines() if line.startswith(f"{path.name} "))
        assert line.endswith(hashlib.sha256(path.read_bytes()).hexdigest()), path.name


def test_the_outline_has_the_neighbours_and_not_the_world() -> None:
    near = outline([(38.0, 35.0)], [760])
    names = {geometry["properties"]["name"] for geometry in near["objects"]["countries"]["geometries"]}
    assert {"Syria", "Turkey", "Iraq", "Lebanon"} <= names
    assert not names & {"Brazil", "Norway", "France"}
    used = {arc if arc >= 0 else ~arc for shape in near["objects"]["countries"]["geometries"] for arc in _arcs(shape)}
    assert used == set(range(len(near["arcs"])))
    world = outline([])
    assert len(world["objects"]["countries"]["geometries"]) > 150
    assert len(json.dumps(world)) < 250_000, "the world is drawn coarser"


def _arcs(shape: dict[str, object]) -> list[int]:
    found: list[int] = []
    stack: list[object] = [shape["arcs"]]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack.extend(one)
        elif isinstance(one, int):
            found.append(one)
    return found


def test_no_data_ends_its_script() -> None:
    told = data_block({"a": "</script><!--\u2028&"})
    assert not set("<>&\u2028") & set(told)
    assert json.loads(told) == {"a": "</script><!--\u2028&"}


def test_a_source_id_is_no_way_out_of_the_folder() -> None:
    assert source_path("../../etc/passwd") == "source/-..-etc-passwd.html"
