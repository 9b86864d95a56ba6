"""What changed between two texts, word by word: first by paragraph, then within those that changed."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from schemas.version import Difference, Edit, EditKind, StoredVersion

#: Words, the white space between them and punctuation, so that the parts together are the text again.
_PART = re.compile(r"\w+|\s+|[^\w\s]")
_PARAGRAPH = re.compile(r"[^\n]*\n?")


def differences(versions: Sequence[StoredVersion]) -> list[Difference]:
    """Each version against the one before it; versions in the order they were first seen."""
    return [
        Difference(old, new, word_diff(old.title or "", new.title or ""), word_diff(old.text, new.text))
        for old, new in pairwise(versions)
    ]


def word_diff(old: str, new: str) -> tuple[Edit, ...]:
    """The edits that turn one text into the other, neighbours of one kind joined.

    >>> [(edit.kind.value, edit.text) for edit in word_diff("killed 12 people", "killed 14 people")]
    [('same', 'killed '), ('removed', '12'), ('added', '14'), ('same', ' people')]
    """
    edits = _joined(_by_paragraph(_PARAGRAPH.findall(old), _PARAGRAPH.findall(new)))
    return tuple(edit for edit in edits if edit.text)


def _by_paragraph(old: list[str], new: list[str]) -> Iterator[Edit]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Edit(EditKind.SAME, "".join(old[i1:i2]))
        else:
            yield from _by_word(_PART.findall("".join(old[i1:i2])), _PART.findall("".join(new[j1:j2])))


def _by_word(old: list[str], new: list[str]) -> Iterator[Edit]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Edit(EditKind.SAME, "".join(old[i1:i2]))
            continue
        yield Edit(EditKind.REMOVED, "".join(old[i1:i2]))
        yield Edit(EditKind.ADDED, "".join(new[j1:j2]))


def _joined(edits: Iterator[Edit]) -> Iterator[Edit]:
    for kind, run in groupby((edit for edit in edits if edit.text), key=lambda edit: edit.kind):
        yield Edit(kind, "".join(edit.text for edit in run))
