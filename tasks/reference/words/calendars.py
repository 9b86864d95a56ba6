"""Days of calendars other than the Gregorian: converted if the rule is exact, refused if it is not.

Solar Hijri (Iran, Afghanistan): 33-year cycle of leap years, exact for 1178-1633 (K. M. Borkowski, "The Persian
calendar for 3000 years", 1996). Buddhist (Thailand): the Gregorian day, 543 years on. Lunar Hijri begins its months by
sight of the moon, a day sooner or later than any table: refused.
"""

import functools
from datetime import date, timedelta

from schemas.errors import SeedError
from tasks.reference.seeds import read_yaml_seed

SOLAR_HIJRI = "solar_hijri"
BUDDHIST = "buddhist"
LUNAR_HIJRI = "lunar_hijri"
#: 1990 to 2030 in the solar calendar. From 1410 on a year may as well be a lunar one (from 1989).
SOLAR_YEARS = range(1369, 1410)
#: 1990 to 2100 in the Buddhist calendar.
BUDDHIST_YEARS = range(2533, 2644)
_LUNAR_YEARS = range(1410, 1526)
#: 1 Farvardin 1369 was 21 March 1990.
_EPOCH_YEAR, _EPOCH = 1369, date(1990, 3, 21)
_LEAP_REMAINDERS = frozenset((1, 5, 9, 13, 17, 22, 26, 30))


def calendar_of(year: int) -> str | None:
    """The calendar a year of four digits is written in: ``solar_hijri``, ``buddhist``, ``lunar_hijri`` (which is not
    converted), or ``None`` for a Gregorian or impossible year.

    >>> calendar_of(1402), calendar_of(2567), calendar_of(1445), calendar_of(2024)
    ('solar_hijri', 'buddhist', 'lunar_hijri', None)
    """
    if year in SOLAR_YEARS:
        return SOLAR_HIJRI
    if year in BUDDHIST_YEARS:
        return BUDDHIST
    return LUNAR_HIJRI if year in _LUNAR_YEARS else None


def gregorian(calendar: str, year: int, month: int, day: int) -> date:
    """The Gregorian day. Raises :class:`ValueError` for one that does not exist, or a calendar not converted.

    >>> gregorian("solar_hijri", 1399, 4, 12)
    datetime.date(2020, 7, 2)
    """
    if calendar == BUDDHIST:
        return date(year - 543, month, day)
    if calendar != SOLAR_HIJRI or not 1 <= month <= 12 or not 1 <= day <= _solar_length(year, month):
        raise ValueError(f"no day {year}-{month}-{day} in {calendar}")
    years = sum(365 + _is_leap(before) for before in range(_EPOCH_YEAR, year))
    months = sum(_solar_length(year, before) for before in range(1, month))
    return _EPOCH + timedelta(days=years + months + day - 1)


@functools.cache
def solar_months() -> dict[str, int]:
    """Every month name of the solar calendar. Raises :class:`SeedError` if one means two months."""
    names: dict[str, int] = {}
    for number, spellings in enumerate(read_yaml_seed("calendars.yml")[SOLAR_HIJRI], 1):
        for name in spellings.split("|"):
            if names.setdefault(name, number) != number:
                raise SeedError(f"calendars.yml: {SOLAR_HIJRI}: {name!r} is the name of two months")
    return names


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP_REMAINDERS


def _solar_length(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or _is_leap(year) else 29
