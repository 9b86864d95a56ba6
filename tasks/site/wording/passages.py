"""An evidence sentence in its context, cut into pieces that are each marked as one thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

#: A statement covers its whole sentence and is shown apart.
_APART = frozenset({"claim"})


class Piece(NamedTuple):
    """A run of characters. ``fields``: what was read from them, the narrowest evidence first; empty for nothing."""

    text: str
    fields: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The field to name beside the characters; empty where nothing was read."""
        return self.fields[0] if self.fields else ""

    @property
    def told(self) -> str:
        """All fields, for a title."""
        return ", ".join(self.fields)


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands before the sentence, the sentence in pieces, and what stands after; cut at words.

    ``elsewhere`` is the evidence read outside the passage, e.g. a date from the dateline. The texts of ``before``,
    ``sentence`` and ``after`` joined are characters of the article, nothing added, nothing left out between them.
    """

    before: str
    sentence: tuple[Piece, ...]
    after: str
    cut_before: bool
    cut_after: bool
    elsewhere: tuple[Mapping[str, Any], ...]


def passage(report: Mapping[str, Any]) -> Passage:
    """The passage of a report as ``site_event_pages`` gives it: ``context`` is the text from ``context_start`` on."""
    context, base = str(report["context"]), int(report["context_start"])
    start, stop = int(report["sentence_start"]) - base, int(report["sentence_end"]) - base
    evidence = [item for item in report["evidence"] or () if item["field"] not in _APART]
    inside = [item for item in evidence if item["start"] - base < stop and item["stop"] - base > start]
    before, cut_before = _from_word(context[:start], more=base > 0)
    after, cut_after = _to_word(context[stop:], more=base + len(context) < int(report["text_length"]))
    return Passage(
        before=before,
        sentence=pieces(
            context[start:stop], [(i["start"] - base - start, i["stop"] - base - start, i["field"]) for i in inside]
        ),
        after=after,
        cut_before=cut_before,
        cut_after=cut_after,
        elsewhere=tuple(item for item in evidence if item not in inside),
    )


def pieces(text: str, spans: Sequence[tuple[int, int, str]]) -> tuple[Piece, ...]:
    """A text cut wherever a span begins or ends; together the pieces are the text.

    >>> [(piece.text, piece.fields) for piece in pieces("five men died", [(0, 4, "killed"), (0, 8, "target")])]
    [('five', ('killed', 'target')), (' men', ('target',)), (' died', ())]
    """
    size = len(text)
    clipped = sorted(
        (stop - start, field, max(0, start), min(size, stop))
        for start, stop, field in spans
        if start < size and stop > 0
    )
    borders = sorted({0, size, *[span[2] for span in clipped], *[span[3] for span in clipped]})
    passages = []
    for start, stop in pairwise(borders):
        fields = [field for _, field, begin, finish in clipped if begin <= start and stop <= finish]
        passages.append(Piece(text[start:stop], tuple(dict.fromkeys(fields)) if fields else ()))
    return tuple(passages)


def _from_word(text: str, *, more: bool) -> tuple[str, bool]:
    if not more or not text:
        return text, False
    _, space, rest = text.partition(" ")
    return (rest, True) if space else ("", True)


def _to_word(text: str, *, more: bool) -> tuple[str, bool]:
    if not more or not text:
        return text, False
    head, space, _ = text.rpartition(" ")
    return (head, True) if space else ("", True)
