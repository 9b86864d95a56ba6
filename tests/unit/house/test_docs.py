"""What the documents promise exists: commands, targets, files."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "benchmarks" / "README.md"]
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
TEXTS = {name: path.read_text(encoding="utf-8") for name, path in zip(NAMES, DOCUMENTS, strict=True)}


def commands(text: str, program: str) -> set[str]:
    """The sub-commands of a program in code: blocks and inline."""
    code = "\n".join(re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text))
    return set(re.findall(rf"^\$? ?(?:uv run (?:--frozen )?)?{program} ([a-z][a-z-]*)", code, re.MULTILINE))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_named_exists(name: str) -> None:
    for command in sorted(commands(TEXTS[name], "firstdraft")):
        shown = CliRunner().invoke(app, [command, "--help"])
        assert shown.exit_code == 0, f"firstdraft {command}"


def test_the_readme_names_the_commands_there_are() -> None:
    assert {"demo", "run", "backfill", "reprocess", "report", "events", "trace", "sql", "sources"} <= commands(
        TEXTS["README.md"], "firstdraft"
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_make_target_named_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert commands(TEXTS[name], "make") <= targets


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_to_a_file(name: str) -> None:
    folder = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#\s]+)\)", TEXTS[name])
    missing = [link for link in links if "://" not in link and not (folder / link).exists()]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_named_exists(name: str) -> None:
    named = set(re.findall(r"python -m benchmarks\.(\w+)", TEXTS[name]))
    assert {module for module in named if not (ROOT / "benchmarks" / f"{module}.py").exists()} == set()
