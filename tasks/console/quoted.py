"""What was read from a sentence, on a terminal: the words behind each field, who claims what, the sentence marked."""

from collections.abc import Iterable
from typing import Protocol

from rich.console import Console
from rich.text import Text

from schemas.mention import Claim, Evidence
from tasks.reference.machine.steering import shown

#: How the evidence of a field is marked on a terminal; in a pipe the field's name follows in brackets instead.
_STYLES = {
    "trigger": "bold",
    "date": "cyan",
    "place": "green",
    "initiator": "magenta",
    "target": "blue",
    "killed": "bold red",
    "injured": "red",
}


def line(console: Console, label: str, value: str | Text) -> None:
    """A label and what there is to it, on one line however long."""
    text = Text(f"  {label:<10} ", style="dim") + (Text(shown(value)) if isinstance(value, str) else value)
    console.print(text, soft_wrap=True)


def show_evidence(console: Console, evidence: Iterable[Evidence]) -> None:
    """The words behind each field, in the order of the text."""
    for piece in sorted(evidence, key=lambda e: (e.start, e.field)):
        coder = f" ({piece.coder})" if piece.coder else ""
        line(console, f"  {piece.field}", f"[{piece.start}:{piece.end}] “{piece.quote}” by {piece.rule}{coder}")


def show_claims(console: Console, claims: Iterable[Claim]) -> None:
    """Who says what of it."""
    for claim in claims:
        message = f"{claim.speaker} {claim.stance.value.replace('_', ' ')} ({claim.about}): “{claim.quote}”"
        line(console, "  claim", f"[{claim.start}:{claim.end}] {message}")


class Quoted(Protocol):
    """A sentence with its document offsets and what was read from it."""

    @property
    def sentence(self) -> str:
        """The words."""

    @property
    def sentence_start(self) -> int:
        """The document offset of the first character."""

    @property
    def sentence_end(self) -> int:
        """That of the character after the last."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The quotes."""


def marked_sentence(mention: Quoted) -> Text:
    """The sentence with its evidence marked: by style, and as ``[quote|field]`` so that a pipe shows it too.

    Marks nest: ``[killed [16|...] soldiers|killed]``.
    """
    inside = [e for e in mention.evidence if mention.sentence_start <= e.start and e.end <= mention.sentence_end]
    marked = Text()
    open_marks: list[Evidence] = []
    position = mention.sentence_start
    for evidence in [*_nested(inside), None]:
        while open_marks and (evidence is None or open_marks[-1].end <= evidence.start):
            closing = open_marks.pop()
            _copy(marked, mention, position, closing.end)
            position = max(position, closing.end)
            marked.append(f"|{closing.field}]", style=_STYLES.get(closing.field, "dim"))
        if evidence is not None:
            _copy(marked, mention, position, evidence.start)
            position = max(position, evidence.start)
            marked.append("[", style=_STYLES.get(evidence.field, "dim"))
            open_marks.append(evidence)
    _copy(marked, mention, position, mention.sentence_end)
    return marked


def _copy(marked: Text, mention: Quoted, start: int, stop: int) -> None:
    marked.append(shown(mention.sentence[start - mention.sentence_start : max(start, stop) - mention.sentence_start]))


def _nested(evidence: list[Evidence]) -> list[Evidence]:
    """Outer marks before inner ones, left to right; one that crosses another, or marks the same words, is left out."""
    outer: list[Evidence] = []
    for candidate in sorted(evidence, key=lambda e: (e.start, -e.end, e.field)):
        crossing = any(container.start < candidate.start < container.end < candidate.end for container in outer)
        twin = any((container.start, container.end) == (candidate.start, candidate.end) for container in outer)
        if not crossing and not twin:
            outer.append(candidate)
    return outer
