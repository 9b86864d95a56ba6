"""How numbers, days and places are said: ranges stay ranges, what is not known is said to be unknown.

Nothing here rounds, guesses or fills in: a count that no report gives is never written as 0.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from tasks.reference.machine.steering import shown
from tasks.reference.precision import DatePrecision
from tasks.reference.seeds import seed_path

EN_DASH = "\u2013"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
#: Characters that steer the direction of text across its borders, or show as nothing (Unicode TR 9, TR 36).
_STEERING = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s")
_LONGEST_TITLE = 160

#: UCDP's where_prec: what a position means, and how far from it (km) the event may have been. The radius of 1 is the
#: extent of a town, of 2 UCDP's own 25 km; 3, 4, 5 and 7 stand for units whose borders we do not hold. 6 is drawn as
#: the country's outline.
PLACE_PRECISION: Mapping[int, tuple[str, int]] = {
    1: ("at the named place", 3),
    2: ("near the named place, within about 25 km", 25),
    3: ("somewhere in the district; the position is only its middle", 40),
    4: ("somewhere in the province; the position is only its middle", 80),
    5: ("in a region without sharp borders; the position is only its middle", 100),
    6: ("somewhere in the country; no better position is known", 0),
    7: ("at sea or in the air; the position is approximate", 100),
}
#: UCDP's date_prec in words.
DATE_PRECISION: Mapping[int, str] = {
    1: "the day is known",
    2: "known to a few days (2 to 6)",
    3: "known to a week",
    4: "known to a month",
    5: "known only to more than a month",
}


def toll(low: int | None, best: int | None, high: int | None, more: bool | None = False) -> str | None:
    """A count as a range, ``None`` where nobody gave one. No ``high`` beside a ``low``, or ``more``: "or more".

    >>> toll(14, 14, 16), toll(5, 5, 5), toll(83, 83, None), toll(20, 20, 20, True), toll(None, None, None)
    ('14–16', '5', '83 or more', '20 or more', None)
    """
    told = _range(low, best, high)
    return f"{told} or more" if told and more and not told.endswith("more") else told


def of_event(row: Mapping[str, Any], what: str) -> str | None:
    """A toll of an event's row, ``what`` being killed, injured, detained or displaced."""
    return toll(row[f"{what}_low"], row[f"{what}_best"], row[f"{what}_high"], row.get(f"{what}_open"))


def _range(low: int | None, best: int | None, high: int | None) -> str | None:
    if low is None and best is None and high is None:
        return None
    if low is not None and low == high:
        return f"{low:,}"
    numbers = [number for number in (low, best, high) if number is not None]
    least = low if low is not None else min(numbers)
    if high is None:
        return f"{least:,} or more" if low is not None else f"{least:,}"
    return f"{least:,}" if least == high else f"{least:,}{EN_DASH}{high:,}"


@dataclass(frozen=True, slots=True)
class TollSum:
    """Counts of several events added up: lows with lows and highs with highs.

    ``open``: one of them has no upper end. ``counted`` events have a count, ``uncounted`` have none and add nothing.
    """

    low: int
    high: int
    open: bool
    counted: int
    uncounted: int

    def __str__(self) -> str:
        if not self.counted:
            return "no count"
        text = f"{self.low:,}" if self.low == self.high else f"{self.low:,}{EN_DASH}{self.high:,}"
        return f"{text} or more" if self.open else text


def toll_sum(rows: Iterable[Mapping[str, Any]], what: str) -> TollSum:
    """The sum over events of one count, ``what`` being killed or injured."""
    low = high = counted = uncounted = 0
    is_open = False
    for row in rows:
        least, best, most = row[f"{what}_low"], row[f"{what}_best"], row[f"{what}_high"]
        numbers = [number for number in (least, best, most) if number is not None]
        if not numbers:
            uncounted += 1
            continue
        counted += 1
        low += least if least is not None else min(numbers)
        high += most if most is not None else max(numbers)
        is_open = is_open or bool(row.get(f"{what}_open")) or (most is None and least is not None)
    return TollSum(low, high, is_open, counted, uncounted)


def day(value: date | None) -> str:
    """A day as a person writes it, without leading zero; empty for none."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if value else ""


def days(start: date | None, end: date | None, precision: int | None = 1) -> str:
    """The day or days of an event, as wide as they are known.

    >>> days(date(2023, 11, 26), date(2023, 11, 27), 2)
    '26–27 November 2023'
    """
    if start is None:
        return "date not given"
    if end is None or end == start:
        return day(start) if precision in (None, DatePrecision.DAY) else f"about {day(start)}"
    if (
        precision == DatePrecision.MONTH
        and start.day == 1
        and end.day == monthrange(start.year, start.month)[1]
        and _same_month(start, end)
    ):
        return f"some day in {_MONTHS[start.month - 1]} {start.year}"
    if _same_month(start, end):
        return f"{start.day}{EN_DASH}{day(end)}"
    if start.year == end.year:
        return f"{start.day} {_MONTHS[start.month - 1]} {EN_DASH} {day(end)}"
    return f"{day(start)} {EN_DASH} {day(end)}"


def instant(value: datetime | str | None) -> str:
    """An instant in UTC, to the minute; takes what DuckDB's JSON writes in a session in UTC too. Empty for none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"{value[:16].replace('T', ' ')} UTC"
    return f"{value:%Y-%m-%d %H:%M} UTC"


def day_of(value: date | str | None) -> date | None:
    """A day out of JSON."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def place_line(place: str | None, *wider: str | None) -> str:
    """A place and what it lies in, each said once; "place not given" for nothing at all.

    >>> place_line("town of Ariha", "Idlib", "Syria"), place_line("Syria", None, "Syria"), place_line(None, None)
    ('town of Ariha, Idlib, Syria', 'Syria', 'place not given')
    >>> place_line("North Kordofan state", "North Kordofan", "Sudan")
    'North Kordofan state, Sudan'
    """
    parts: list[str] = []
    for part in (place, *wider):
        if part and not any(_names(part) <= _names(before) for before in parts):
            parts.append(part)
    return ", ".join(parts) or "place not given"


def _names(part: str) -> set[str]:
    return set(part.casefold().replace("-", " ").split())


#: With these before it a noun takes no article.
_OWNERS = frozenset({"its", "their", "his", "her", "our", "this", "that", "the", "a", "an"})


def as_subject(speaker: str) -> str:
    """A speaker as the subject of a sentence: an article before a common noun, none before a name or many.

    >>> as_subject("hospital official"), as_subject("village council"), as_subject("officers"), as_subject("Reuters")
    ('a hospital official', 'the village council', 'officers', 'Reuters')
    >>> as_subject("its monthly report"), as_subject("statement")
    ('its monthly report', 'a statement')
    """
    noun = re.split(r" (?:of|in|at|from|for|with) ", speaker, maxsplit=1)[0].rsplit(maxsplit=1)[-1]
    if not speaker[:1].islower() or is_many(speaker) or speaker.partition(" ")[0] in _OWNERS:
        return speaker
    article = "the" if noun in _group_words() else "an" if speaker[0] in "aeiou" else "a"
    return f"{article} {speaker}"


def is_many(speaker: str) -> bool:
    """Return True if a speaker is several: "officers", "forces of the government", not "the ministry".

    >>> is_many("officers"), is_many("military source of the government forces"), is_many("Reuters")
    (True, False, False)
    """
    words = re.split(r" (?:of|in|at|from|for|with) ", speaker, maxsplit=1)[0].split()
    last = words[-1] if words else ""
    return last.islower() and (last in ("people", "police") or (last.endswith("s") and not last.endswith(("ss", "us"))))


@cache
def _group_words() -> frozenset[str]:
    return frozenset(seed_path("organisation_words.txt").read_text(encoding="utf-8").split())


def whole_names(names: Iterable[str]) -> list[str]:
    """The names without those that only take up the end of another: "ministry" beside "Turkish Defence Ministry".

    >>> whole_names(["ministry", "Turkish Defence Ministry", "army"])
    ['Turkish Defence Ministry', 'army']
    """
    found = list(dict.fromkeys(names))
    return [one for one in found if not any(name.lower().endswith(f" {one.lower()}") for name in found)]


def plain(text: str | None, longest: int = _LONGEST_TITLE) -> str:
    """Text for titles and labels, where no markup can isolate it: no control or direction marks, bounded length.

    What would turn the text around is shown as an escape.
    """
    text_line = " ".join(_STEERING.sub(_steered, text or "").split())
    return text_line if len(text_line) <= longest else f"{text_line[: longest - 1]}…"


def _steered(found: re.Match[str]) -> str:
    """An escape for what turns text around; nothing for a control character or a mark."""
    return shown(found[0]) if found[0] > "\u2029" and found[0] != "\ufeff" else ""


def xml_text(text: str | None) -> str:
    """Text any XML parser takes: without the characters XML 1.0 forbids."""
    return _NOT_XML.sub("", text or "")


def web_link(url: str | None) -> str | None:
    """The address if it is http or https with a host, else ``None``: shown, but no link.

    >>> web_link("javascript:alert(1)") is None, web_link("https://example.org/a")
    (True, 'https://example.org/a')
    """
    if not url or _STEERING.search(url) or _SPACE.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def host(url: str | None) -> str:
    """The host of an address, for a short label; the address itself where it has none."""
    link = web_link(url)
    return (urlsplit(link).hostname or "") if link else plain(url, 60)


def count(number: int, singular: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "event"), count(2, "event"), count(0, "country", "countries")
    ('1 event', '2 events', '0 countries')
    """
    return f"{number:,} {singular if number == 1 else many or singular + 's'}"


def _same_month(start: date, end: date) -> bool:
    return (start.year, start.month) == (end.year, end.month)
