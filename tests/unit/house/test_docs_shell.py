"""Lines of the documents that call other programs than firstdraft: each is run by a test, looked at here, or excused.

Lines that begin with `firstdraft` are run by tests/flows/test_docs_run.py, queries in `sql` blocks there too.
"""

import ast
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from schemas.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in DOCUMENTS}
#: What a line begins with, and who runs it: else why nobody does.
KNOWN = {
    "make ": "`.ci/run` runs demo, test and check on a clean clone; that the target exists: test_docs.py",
    "uv run --frozen --group extras pytest": "`.ci/run`, with the marks below",
    "uv run pytest": "`.ci/run`, with the marks below",
    "set -a; . data/serve.env": "what `firstdraft serve` wrote; tests/flows/test_worker.py reads the secret",
    "prefect worker start --pool firstdraft": "flows/serve.py starts the same: tests/flows/test_worker.py",
    "prefect deployment run": "tests/flows/serving.py does for nightly; parameters are compared with the flows below",
    "export ": "the names are compared with the settings below",
    "FIRSTDRAFT_FAULT=": "tests/flows/test_forget_cut.py and tests/warehouse kill at every point there is",
    "duckdb -readonly": "another program on the same file: tests/warehouse/publish/test_reading.py runs its SQL",
    "git ": "fetches the reader's copy",
    "uv sync": "changes the environment the tests run in; `make` does it on a clean clone",
    "uv pip install prefect-docker": "changes the environment the tests run in",
    "prefect work-pool create": "needs prefect-docker, which is no dependency",
    "sudo ": "installs a service; what it copies is read by systemd-analyze in test_units.py",
    "systemctl ": "needs an installed service",
    "journalctl ": "needs an installed service",
    "rsync ": "needs another machine",
    "llama-server ": "needs a model; tests/unit/llm/server.py speaks its protocol",
    "vllm serve ": "needs a model and a GPU",
    "ollama serve": "needs a model",
}
#: Read from the environment, and no settings: a point to die at, and a key that is never kept.
OTHERS = {"FAULT", "LLM_KEY", "MEDIA_CLOUD_KEY", "WAYBACK_KEY"}
#: What Prefect calls its settings; the documents name these.
OF_PREFECT = {"PREFECT_API_URL", "PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING"}


def shell_lines(text: str) -> list[str]:
    """What stands in shell blocks, without comments, joined where a line ends in a backslash; one command each."""
    found = []
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            found += [part.strip() for part in re.split(r"\s+#", line)[0].split(" && ")]
    return [line for line in found if line and not line.startswith("#")]


LINES = sorted(
    {
        line
        for text in TEXTS.values()
        for line in shell_lines(text)
        if not re.match(r"(uv run (--frozen )?)?firstdraft ", line)
    }
)


def test_there_are_such_lines() -> None:
    assert len(LINES) > 25


@pytest.mark.parametrize("line", LINES)
def test_every_line_is_run_somewhere_or_excused(line: str) -> None:
    line = line if not line.startswith("cd ") else "git clone"  # after a clone
    assert [how for begins, how in KNOWN.items() if line.startswith(begins)], f"nobody runs: {line}"


@pytest.mark.parametrize("begins", KNOWN)
def test_no_excuse_outlives_its_line(begins: str) -> None:
    assert [line for line in LINES if line.startswith(begins)]


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("export ")])
def test_a_variable_that_is_set_is_one_there_is(line: str) -> None:
    name = line.removeprefix("export ").split("=")[0]
    assert name in OF_PREFECT or name.removeprefix("FIRSTDRAFT_").lower() in Settings.model_fields


@pytest.mark.parametrize("name", TEXTS)
def test_every_setting_named_is_one_there_is(name: str) -> None:
    named = set(re.findall(r"\bFIRSTDRAFT_([A-Z][A-Z_]*[A-Z])\b", TEXTS[name]))
    assert {one for one in named if one.lower() not in Settings.model_fields} <= OTHERS


def parameters_of(flow: str) -> set[str]:
    """What the flow of a deployment may be given, read without importing Prefect."""
    tree = ast.parse((ROOT / "flows" / f"{flow}.py").read_text(encoding="utf-8"))
    (found,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == flow]
    return {argument.arg for argument in found.args.args}


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("prefect deployment run ")])
def test_a_deployment_is_given_what_it_takes(line: str) -> None:
    words = shlex.split(line)[3:]
    flow, _, deployment = words[0].partition("/")
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    assert deployment in {one["name"] for one in declared}
    given = {value.split("=")[0] for flag, value in pairwise(words) if flag == "--param"}
    assert given <= parameters_of(flow)


def test_the_python_that_orders_backfills_gives_what_the_flow_takes() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```", TEXTS["docs/backfill.md"], re.DOTALL | re.MULTILINE)
    calls = [node for node in ast.walk(ast.parse(block)) if isinstance(node, ast.Call)]
    (call,) = [node for node in calls if getattr(node.func, "id", "") == "run_deployment"]
    given = {keyword.arg: keyword.value for keyword in call.keywords}["parameters"]
    assert isinstance(given, ast.Dict)
    assert {ast.literal_eval(key) for key in given.keys if key} <= parameters_of("backfill")


def test_the_marks_that_are_asked_for_exist() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = {
        word for line in LINES if " -m " in line and "pytest" in line for word in re.findall(r"-m \"?([^\"]+)", line)
    }
    marks = {word for words in asked for word in re.findall(r"[a-z]+", words)} - {"not", "and", "or", "tests", "flows"}
    assert all(f'"{mark}: ' in project for mark in marks), marks


def test_the_yaml_of_the_documents_is_yaml() -> None:
    for name, text in TEXTS.items():
        for block in re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            assert yaml.safe_load(block), name


def test_the_alarms_watch_figures_that_are_written() -> None:
    written = (ROOT / "tasks" / "service" / "metrics.py").read_text(encoding="utf-8")
    rules = "\n".join(re.findall(r"expr: (.*)", TEXTS["docs/deploy.md"]))
    names = set(re.findall(r"firstdraft_\w+", rules))
    assert len(names) >= 3
    assert {name for name in names if name.removeprefix("firstdraft_") not in written} == set()
