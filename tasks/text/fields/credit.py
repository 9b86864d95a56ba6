"""Whose text it is: the news agency that a copy names by its dateline, its byline or the credit it ends with."""

import re
from collections.abc import Sequence

from schemas.article import Dateline
from tasks.reference.words.agencies import agencies, plain

#: A closing credit is a line of its own, this short: "(Reuters)", "Source: AFP", "AP/dpa", "— North Press".
_LONGEST = 60
#: Lines from the end in which a credit may stand; a note on the author may follow it.
_LAST_LINES = 2
_PARTS = re.compile(r"\s*[/,،;|+&•]\s*|\s[-–—]\s")
_AROUND = " \t()[]{}.-–—―*:"
#: "Source: AFP", "المصدر: رويترز", "Источник: ТАСС", "Kaynak: AA".
_LABEL = re.compile(r"^[^\W\d_]{3,12}\s*[:：]\s*")


def wire_agency(text: str, authors: Sequence[str], dateline: Dateline | None) -> str | None:
    """The agency (its name in ``seeds/agencies.yml``) a text is credited to, ``None`` where it names none.

    Believed in this order: dateline, byline, closing credit. A mention in the text ("told Reuters") is no credit.
    """
    if dateline and dateline.agency and (named := agencies().get(plain(dateline.agency))):
        return named
    return _first(authors) or _first(_closing(text))


def _closing(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n")[-_LAST_LINES:]]
    return [_LABEL.sub("", line) for line in reversed(lines) if len(line) <= _LONGEST]


def _first(credits_named: Sequence[str]) -> str | None:
    """The first credit of which every part is an agency, by the first part; "Jane Doe, Reuters" counts by its last."""
    agencies_by_key = agencies()
    for words in credits_named:
        parts = [agencies_by_key.get(plain(part.strip(_AROUND))) for part in _PARTS.split(words.strip(_AROUND))]
        if agency := parts[0] or parts[-1]:
            return agency
    return None
