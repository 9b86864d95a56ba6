"""The command line explains itself: a table of contents, an example for each command, completion for the shell."""

import inspect
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from flows.cli import CONTENTS, app, load_command


def walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Every command under its full name; a group that does something by itself is one too."""
    if not hasattr(command, "commands") or command.invoke_without_command:
        yield " ".join(words), command
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from walk(inner, (*words, name))


COMMANDS = {
    name: command for entry in CONTENTS for name, command in walk(load_command(entry.name), ("firstdraft", entry.name))
}


def examples(name: str) -> list[str]:
    """The command lines a help text shows."""
    text = f"{COMMANDS[name].help or ''}\n{COMMANDS[name].epilog or ''}"
    return re.findall(rf"^(?:.*?Examples?:\s*)?[\s$]*((?:[A-Z_]+=\S+ )?{name}\b.*)$", text, re.MULTILINE)


def test_there_are_commands() -> None:
    assert {"firstdraft demo", "firstdraft serve", "firstdraft doctor", "firstdraft sources check"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_can_be_parsed(name: str) -> None:
    shown = examples(name)
    assert shown, f"the help of `{name}` shows no example that begins with `{name}`"
    for line in shown:
        given = re.split(r"\s+(?:#|->)", line)[0]
        words = [word for word in shlex.split(given) if not re.fullmatch(r"[A-Z_]+=\S+", word)]
        try:
            COMMANDS[name].make_context(name, words[len(name.split()) :])
        except typer.BadParameter as error:
            if "does not exist" not in str(error):  # a file of the example is nobody's
                raise


def test_every_command_speaks_json_on_demand() -> None:
    mute = {name for name, command in COMMANDS.items() if "--json" not in {o for p in command.params for o in p.opts}}
    assert mute == {"firstdraft serve", "firstdraft api"}, "they stay, and what they say are logs"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name: str) -> None:
    command = COMMANDS[name]
    first = (command.help or "").strip().splitlines()[0]
    assert first.rstrip("*_`").endswith((".", ".)")), f"{name}: {first}"
    silent = [
        parameter.name
        for parameter in command.params
        if parameter.param_type_name == "option" and not parameter.help and parameter.name != "help"
    ]
    assert silent == []


def test_the_help_is_a_table_of_contents() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "150"})
    assert shown.exit_code == 0
    panels = [line for line in shown.output.splitlines() if line.startswith("╭─")]
    assert len(panels) >= 4, "commands are grouped"
    for entry in CONTENTS:
        assert re.search(rf"│ {entry.name} ", shown.output), entry.name
    assert "…" not in shown.output, "no line of the table is cut"


def test_each_command_has_one_line_of_the_contents_in_a_narrow_window() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}).output.splitlines()
    panels = [at for at, line in enumerate(shown) if line.startswith("╭─")]
    inside = [line for line in shown[panels[1] :] if line.startswith("│")]
    assert len(inside) == len(CONTENTS), inside


#: What needs more than two seconds, and what it shows on a terminal meanwhile: stages, a count, bytes; or, where there
#: is nothing to count, that it works.
SHOWS = {
    "progress(": ("demo", "run", "backfill", "reprocess", "forget", "review", "events merge", "events undo"),
    "count_bar(": ("report", "rebuild", "evaluate", "sources check"),
    "byte_bar(": ("verify", "gazetteer add"),
    "growth_bar(": ("compact",),
    "working(": ("code", "teach", "sql", "sources add", "deploy", "notify"),
}


@pytest.mark.parametrize(("how", "name"), [(how, name) for how, names in SHOWS.items() for name in names])
def test_what_takes_long_shows_how_far_it_is(how: str, name: str) -> None:
    assert how in inspect.getsource(inspect.getmodule(COMMANDS[f"firstdraft {name}"].callback))  # type: ignore[arg-type]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands(shell: str) -> None:
    words = {"_FIRSTDRAFT_COMPLETE": f"complete_{shell}", "COMP_WORDS": "firstdraft do", "COMP_CWORD": "1"}
    asked = {"_TYPER_COMPLETE_ARGS": "firstdraft do", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    told = CliRunner().invoke(app, [], prog_name="firstdraft", env=os.environ | words | asked)
    assert "doctor" in told.output
    assert "verify" not in told.output


def test_wrong_use_says_what_to_do() -> None:
    told = CliRunner().invoke(app, ["backfill", "--from", "2024-01-02", "--to", "2024-01-01"])
    assert told.exit_code == 2
    assert "--to 2024-01-01 lies before --from 2024-01-02" in " ".join(told.output.split())
    unknown = CliRunner().invoke(app, ["docter"])
    assert unknown.exit_code == 2
    assert "doctor" in unknown.output, "the nearest command is named"


@pytest.mark.parametrize("words", [("--help",), ("events", "--help"), ("sql", "--help")])
def test_help_needs_neither_prefect_nor_a_language_model(words: tuple[str, ...]) -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from flows.cli import app\n"
        f"assert CliRunner().invoke(app, {list(words)!r}).exit_code == 0\n"
        "print(sorted({'prefect', 'spacy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
