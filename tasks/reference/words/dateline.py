"""The dateline of agency copy: where it was filed and by whom, at the very beginning of a text."""

import functools
import re

from schemas.article import Dateline
from tasks.reference.words.agencies import agencies, agency_spellings, plain
from tasks.reference.words.daytext import month_names

#: How far into a text its dateline may reach.
_REACH = 160
_DASH = r"(?:--|[-–—―:])"
_PLACE = r"(?P<place>[^\W\d_][^()\n:–—]{1,59}?)"
#: "DEIR EZ-ZOR, Syria (North Press) –", "LONDON, Dec 11 (Reuters) -", "دمشق (أ ف ب) -"
_PARENTHESES = re.compile(rf"\s*(?:{_PLACE}\s*)?\((?P<agency>[^()\n]{{2,40}})\)\s*(?P<dash>{_DASH})?\s*")
#: "BEIRUT — ", "ALEPPO, Syria – "
_CAPITALS = re.compile(r"\s*(?P<place>[^\W\d_]{2}[^()\n:–—]{1,58}?)\s+(?:--|[–—―]|-(?=\s))\s*")
_DATE_WORD = re.compile(r"[^\W_]+")
#: Words in capitals before a dash that are no place.
_NO_PLACES = frozenset(
    """breaking update updated exclusive live watch video photos opinion analysis factbox explainer correction
    срочно عاجل""".split()  # noqa: SIM905 - a list of words
)


def read_dateline(text: str) -> Dateline | None:
    """The dateline a text opens with, ``text[start:end]`` being all of it with its dash; ``None`` where there is none.

    A known agency makes one, or a place in capitals; a name and a dash alone do not (it may be a speaker).
    """
    opening = text[:_REACH]
    if match := _PARENTHESES.match(opening):
        return _in_parentheses(match)
    if (match := _dashed().match(opening)) and (place_name := _place(match["place"])):
        return _made(match, place_name, _agency(match["agency"]))
    if (match := _CAPITALS.match(opening)) and _is_capital(match["place"]) and (place_name := _place(match["place"])):
        return _made(match, place_name, None)
    return None


@functools.cache
def _dashed() -> re.Pattern[str]:
    """A place, a dash (or a point, as Russian agencies write), and a known agency as it spells itself, or in capitals.

    "دمشق-سانا: ", "القامشلي – نورث برس", "ДАМАСК, 11 дек - РИА Новости. ", "Дамаск. 11 декабря. ИНТЕРФАКС - "
    """
    spellings = {form for name in agency_spellings() for form in (name, name.upper())}
    names = "|".join(re.escape(name) for name in sorted(spellings, key=lambda name: (-len(name), name)))
    place_pattern = _PLACE.replace(":–—", ":")
    return re.compile(
        rf"\s*{place_pattern}(?:\s*{_DASH}\s*|\.\s+)(?P<agency>{names})(?!\w)\s*(?:[.:]|{_DASH}|\n|(?=\s))\s*"
    )


def _in_parentheses(match: re.Match[str]) -> Dateline | None:
    """A place and an agency in brackets; an agency nobody listed needs the place in capitals and the dash."""
    words = match["place"] or ""
    place_name, agency = _place(words), _agency(match["agency"])
    if agency is None and match["dash"] and _is_capital(words):
        agency = match["agency"].strip()
    return _made(match, place_name, agency) if agency and (place_name or not words) else None


def _made(match: re.Match[str], place_name: str, agency: str | None) -> Dateline:
    start = len(match.group()) - len(match.group().lstrip())
    return Dateline(place_name, agency, start, match.end())


def _agency(name: str) -> str | None:
    """The agency a bracket names, alone or with others: ``(AP)``, ``(Reuters/AFP)``, ``(dpa) 11 Dec``."""
    agencies_by_key = agencies()
    for part in (name, *re.split(r"\s*[/,،;]\s*|\s[-–]\s", name)):
        if agency := agencies_by_key.get(plain(part)):
            return agency
    return None


def _place(words: str) -> str:
    """The place without a date behind it: ``LONDON, Dec 11`` is London; nothing where a date is all there is."""
    parts = []
    for part in re.split(r"\s*[,،.]\s*|\s+-\s+", words.strip(" ,،.-–")):
        names = _DATE_WORD.findall(part.casefold())
        if names and not any(name in month_names() or name.isdecimal() for name in names):
            parts.append(part.strip())
    place_name = ", ".join(parts)
    return (
        place_name
        if len(place_name) <= 60 and len(place_name.split()) <= 6 and place_name.casefold() not in _NO_PLACES
        else ""
    )


def _is_capital(words: str) -> bool:
    """Whether the first part (before a comma) is written in capitals, as datelines are, and is no heading."""
    first = re.split(r"[,،]", words.strip())[0]
    letters = [char for char in first if char.isalpha()]
    rest = words[len(first) :]
    return len(letters) > 2 and all(char.isupper() for char in letters) and len(first.split()) <= 4 and len(rest) <= 25
