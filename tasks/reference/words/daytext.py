"""Days as people and machines write them, read strictly: what is not surely a date is refused with a reason.

The one reader of dates: feeds, sitemaps and listings (``tasks/web``) and pages (``tasks/text``) are read by it.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.errors import SeedError
from tasks.reference.seeds import read_yaml_seed
from tasks.reference.words.calendars import LUNAR_HIJRI, SOLAR_HIJRI, calendar_of, gregorian, solar_months

#: Nothing was on the web before 1990; what says so is a default nobody filled in.
FIRST_YEAR = 1990
#: Later years are of another calendar, or defaults like 9999. That a day has not come yet is for others to say.
LAST_YEAR = 2499
#: Offsets people live by (IANA): from -12:00 to +14:00.
MAX_OFFSET = timedelta(hours=14)
#: Minutes east of UTC of zone letters that mean one offset wherever newsrooms write them: IST and CST have several.
ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT", "WET"), 0),
    **dict.fromkeys(("CET", "BST", "WEST", "MEZ"), 60),
    **dict.fromkeys(("CEST", "EET", "MESZ", "SAST"), 120),
    **dict.fromkeys(("EEST", "MSK", "TRT"), 180),
    "EST": -300,
    "EDT": -240,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "WIB": 420,
    "JST": 540,
    "KST": 540,
    "AEST": 600,
    "AEDT": 660,
}
#: Marks of direction around numbers in Arabic and Hebrew text are nothing that is read; the Arabic comma is a comma.
_MARKS: dict[int, str | None] = {
    **dict.fromkeys((0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    0x060C: ",",
}
#: One letter has several code points between Arabic and Persian keyboards, and hamza is written or not.
_LETTERS = str.maketrans("یىکأإآ", "ييكااا")
#: Longer strings are prose, not a date somebody declared.
_LONGEST = 120

_CLOCK = (
    r"(?P<hour>\d{1,2})[:.hH](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,:]\d{1,9})?)?(?:\s?(?P<half>[aApP])\.?[mM]\b)?"
)
_ZONE = r"(?P<zone>[Zz]|(?:GMT|UTC)?[+-]\d{2}:?\d{2}|[+-]\d{2}|[A-Z]{2,5})\b"
#: After a day: separators or a word or two ("at", "um", "- Uhr"), then the clock, then the zone.
_AFTER = rf"(?:\D{{0,12}}?(?<!\d){_CLOCK}(?:\s?{_ZONE})?)?"
_ISO = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?P<dash>[-/.])(?P<month>\d{1,2})(?P=dash)(?P<day>\d{1,2})(?!\d)"
    rf"(?:(?:[Tt]|\s+|-(?=\d\d:))\s?{_CLOCK}(?:\s?{_ZONE})?)?"
)
_COMPACT = re.compile(
    rf"^(?P<year>(?:19|20)\d{{2}})(?P<month>\d{{2}})(?P<day>\d{{2}})"
    rf"(?:[Tt]?(?P<hour>\d{{2}}):?(?P<minute>\d{{2}})(?::?(?P<second>\d{{2}}))?\s?(?:{_ZONE})?)?$"
)
_NUMERIC = re.compile(
    rf"(?<![\d/.-])(?P<a>\d{{1,2}})(?P<dash>\s?[-/.]\s?)(?P<b>\d{{1,2}})(?P=dash)(?P<year>\d{{4}}|\d{{2}})(?![\d/])[.,]?{_AFTER}"
)
_CJK = re.compile(rf"(?P<year>\d{{4}})\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]{_AFTER}")
_VIETNAMESE = re.compile(r"ngày (?P<day>\d{1,2}) tháng (?P<month>\d{1,2}) năm (?P<year>\d{4})", re.IGNORECASE)
#: "Fri Apr 28 19:20:36 CEST 2023": the C library's asctime with a zone.
_ASCTIME = re.compile(
    r"^[A-Za-z]{3},? (?P<name>[A-Za-z]{3})\w* +(?P<day>\d{1,2}),? (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
    r" (?:(?P<zone>[A-Z]{2,5}|[+-]\d{4}) )?(?P<year>\d{4})$"
)
#: RFC 822 in full: a year of two digits, read as RFC 2822 4.3 wants: up to 49 is of this century.
_RFC822 = re.compile(
    r"^(?:[A-Za-z]{3,9},? )?(?P<day>\d{1,2}) (?P<name>[A-Za-z]{3})[a-z]*\.? (?P<year>\d{2})"
    rf"(?: {_CLOCK}(?:\s?{_ZONE})?)?$"
)


@dataclass(frozen=True, slots=True)
class DayText:
    """A day read from words, with its clock (hour, minute, second) and zone as written if there are any.

    ``calendar`` names the one it was converted from, ``None`` for the Gregorian.
    """

    day: date
    clock: tuple[int, int, int] | None
    zone: str | None
    calendar: str | None = None


def read_day(raw: str, day_first: bool | None) -> DayText | str:
    """The day in some words, or a reason word: ``empty``, ``epoch``, ``calendar``, ``ambiguous``, ``invalid``,
    ``not_a_date``.

    ``day_first`` settles 03/04/2024; with ``None`` it is ``ambiguous`` unless both readings are one day.
    Digits of any script are read. Years of the solar Hijri (1402) and Buddhist (2567) calendars are converted, those
    of the lunar Hijri (1445) refused.
    """
    text = " ".join(ascii_digits(raw).translate(_MARKS).split())[:_LONGEST]
    if not text:
        return "empty"
    if text.isdecimal() and len(text) in (10, 13):
        return "epoch"
    for pattern in (_ISO, _COMPACT, _ASCTIME, _CJK, _VIETNAMESE):
        if match := pattern.search(text):
            return _made(match.groupdict())
    if match := _RFC822.search(text):
        year = int(match["year"])
        return _made(match.groupdict() | {"year": str(year + (2000 if year < 50 else 1900))})
    folded = _folded(text)
    for pattern in _named():
        if match := pattern.search(folded):
            return _made(match.groupdict())
    return _numeric(text, day_first)


def _numeric(text: str, day_first: bool | None) -> DayText | str:
    match = _NUMERIC.search(text)
    if match is None:
        return "not_a_date"
    parts = match.groupdict()
    first, second = int(parts["a"]), int(parts["b"])
    if "." in parts["dash"]:
        # The point is the separator of languages that write the day first (CLDR: de, ru, tr, cs and others).
        day_first = True if day_first is None else day_first
    elif first > 12 or second > 12 or first == second:
        day_first = first > 12 or first == second
    if day_first is None:
        return "ambiguous"
    day, month = (first, second) if day_first else (second, first)
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    return _made(parts | {"day": str(day), "month": str(month), "year": str(year)})


def _made(parts: dict[str, str | None]) -> DayText | str:
    year, number = int(parts["year"] or 0), int(parts["day"] or 0)
    calendar = calendar_of(year)
    month = _month(parts, calendar)
    if month is None or not (calendar or FIRST_YEAR <= year <= LAST_YEAR):
        return "invalid"
    if calendar == LUNAR_HIJRI:
        return "calendar"
    try:
        day = gregorian(calendar, year, month, number) if calendar else date(year, month, number)
    except ValueError:
        return "invalid"
    clock = _clock(parts)
    if clock == "invalid":
        return "invalid"
    zone = parts.get("zone")
    if isinstance(clock, str):
        return DayText(day, None, None, calendar)
    return DayText(day, clock, zone.upper() if zone else None, calendar)


def _month(parts: dict[str, str | None], calendar: str | None) -> int | None:
    """The month's number; a name counts in its own calendar only."""
    name = _folded(parts.get("name") or "").rstrip(".")
    if not name:
        return int(parts["month"] or 0)
    return _folded_months(calendar == SOLAR_HIJRI).get(name)


@functools.cache
def _folded_months(solar: bool) -> dict[str, int]:
    names = solar_months() if solar else month_names()
    return {_folded(name): number for name, number in names.items()}


def _folded(text: str) -> str:
    """Lower case, and one form for letters of Arabic script that keyboards write differently."""
    return text.casefold().translate(_LETTERS)


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int] | str:
    if parts.get("hour") is None:
        return "none"
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else "invalid"


def offset_of(zone: str) -> timedelta | None:
    """The offset of a zone as written, in letters or digits; ``None`` for one that no place on Earth has.

    >>> [str(offset_of(zone)) for zone in ("+0300", "GMT+03:00", "CET", "+25:00", "XYZ")]
    ['3:00:00', '3:00:00', '1:00:00', 'None', 'None']
    """
    if zone in ZONES:
        return timedelta(minutes=ZONES[zone])
    digits = zone.removeprefix("GMT").removeprefix("UTC").replace(":", "")
    if not digits[1:].isdecimal():
        return None
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5] or 0))
    if offset > MAX_OFFSET or int(digits[3:5] or 0) > 59:
        return None
    return -offset if digits[0] == "-" else offset


def ascii_digits(text: str) -> str:
    """Every decimal digit of any script as 0-9: Arabic-Indic, Persian, full-width and others.

    >>> ascii_digits("١٢/٠٣/٢٠٢٤")
    '12/03/2024'
    """
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


@functools.cache
def month_names() -> dict[str, int]:
    """Every month name of ``seeds/months.yml`` in lower case. Raises :class:`SeedError` if one means two months."""
    names: dict[str, int] = {}
    for language, months in read_yaml_seed("months.yml").items():
        if len(months) != 12:
            raise SeedError(f"months.yml: {language}: {len(months)} months")
        for number, spellings in enumerate(months, 1):
            for name in spellings.casefold().split("|"):
                if names.setdefault(name, number) != number:
                    raise SeedError(f"months.yml: {language}: {name!r} is month {number} here, {names[name]} elsewhere")
    return names


@functools.cache
def _named() -> tuple[re.Pattern[str], ...]:
    """Day, month, year and month, day, year, with the name of the month in any language of the seed."""
    every = {*_folded_months(solar=False), *_folded_months(solar=True)}
    names = "|".join(re.escape(name) for name in sorted(every, key=lambda name: (-len(name), name)))
    name = rf"(?<!\w)(?P<name>{names})(?!\w)\.?"
    day = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|°|-)?,?\s?(?:de |of |d'|d’|/ ?)?"
    # Arabic papers give both names of a month: "24 نيسان / أبريل 2020", "24 أكتوبر (تشرين الأول) 2020".
    second_name = r"(?:\s?[/(]\s?\w{3,9}(?:\s\w{3,9})?\s?\)?)?"
    year = r"(?P<year>\d{4})(?!\d)"
    patterns = (
        rf"{day}{name}{second_name}[,\s-]*(?:de |del )?{year}{_AFTER}",
        rf"{name}\s?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s?|\s){year}{_AFTER}",
        rf"(?<!\d)(?P<year>\d{{4}})\.?[\s-]{{1,2}}{name}[\s-]{{1,2}}(?P<day>\d{{1,2}})(?!\d){_AFTER}",
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
