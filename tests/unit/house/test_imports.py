"""The house at run time: a noun never brings Prefect with it."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NOUNS = tuple(
    sorted(
        folder.name
        for folder in (ROOT / "tasks").iterdir()
        if (folder / "__init__.py").is_file() and folder.name != "care"
    )
)

#: Modules that train the reader: they need the group `train`, which is not everywhere.
TRAINING = {f"tasks.events.teaching.{name}" for name in ("export", "further", "learning", "network")}


def test_nouns_import_without_prefect() -> None:
    modules = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for noun in NOUNS
        for path in (ROOT / "tasks" / noun).rglob("*.py")
        if path.stem != "__init__"
    )
    assert len(modules) > len(NOUNS)
    if find_spec("torch") is None:
        modules = [name for name in modules if name not in TRAINING]
    script = f"import sys\nfor name in {modules!r}: __import__(name)\nprint([m for m in sys.modules if m == 'prefect'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout.strip() == "[]", done.stderr[-2000:]


@pytest.mark.parametrize("folder", ["flows", "tasks", "schemas"])
def test_every_module_says_what_it_is_for(folder: str) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*.py")
        if path.stem != "__init__" and not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))
    ]
    assert silent == []


def test_no_path_of_a_machine_is_in_the_project() -> None:
    home = str(Path.home())
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout.split()
    texts = ((name, (ROOT / name).read_text(encoding="utf-8", errors="replace")) for name in listed)
    leaks = [name for name, text in texts if str(ROOT) + "/" in text or (len(home) > 5 and home in text)]
    assert leaks == []
