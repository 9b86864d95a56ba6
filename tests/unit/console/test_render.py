"""What a terminal or a pipe shows of foreign words: nothing that shows another text than the one that stands there."""

import io

import pytest
from rich.console import Console

from schemas.mention import Evidence
from tasks.console.quoted import line, marked_sentence
from tasks.console.render import show_rows

EVIL = "toll\u202e41\u2066 \x1b[2J"
ESCAPED = "toll\\u202e41\\u2066 \\x1b[2J"


@pytest.mark.parametrize("terminal", [True, False])
def test_an_answer_to_sql_shows_escapes(terminal: bool) -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, color_system=None, width=100)
    show_rows(console, ["title"], [[EVIL], [None], [3]])
    assert ESCAPED in file.getvalue()
    assert "\u202e" not in file.getvalue()


class Mention:
    """A sentence with one mark."""

    sentence = EVIL
    sentence_start = 10
    sentence_end = 10 + len(EVIL)
    evidence = (Evidence("killed", 14, 17, EVIL[4:7], "number"),)


def test_a_trace_shows_escapes_and_keeps_its_marks() -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=False, width=200)
    line(console, "article", EVIL)
    line(console, "sentence", marked_sentence(Mention()))
    assert file.getvalue() == (f"  article    {ESCAPED}\n  sentence   toll[\\u202e41|killed]\\u2066 \\x1b[2J\n")
