"""How exactly a place and a date are known, as UCDP codes it (GED codebook, ``where_prec`` and ``date_prec``)."""

from enum import IntEnum


class PlacePrecision(IntEnum):
    """How large the place is that is known: a smaller number is more exact."""

    EXACT = 1
    #: Near a known place, within about 25 km.
    NEAR = 2
    #: The second-order division, as a district.
    DISTRICT = 3
    #: The first-order division, as a province.
    PROVINCE = 4
    #: A part of a country, a road, a river or a border.
    PART = 5
    COUNTRY = 6
    #: International waters or airspace.
    INTERNATIONAL = 7
    #: No place: coarser than every other.
    UNKNOWN = 9


class DatePrecision(IntEnum):
    """How long the period is in which the event was: a smaller number is more exact."""

    DAY = 1
    #: Two to six days.
    DAYS = 2
    WEEK = 3
    #: Up to a month.
    MONTH = 4
    #: More than a month, as a year.
    LONGER = 5
    #: No date: coarser than every other.
    UNKNOWN = 9


#: The most days of a period of each precision; a week "from Monday to Monday" has eight.
_MOST_DAYS = {DatePrecision.DAY: 1, DatePrecision.DAYS: 6, DatePrecision.WEEK: 8, DatePrecision.MONTH: 31}


def date_precision(days: int) -> DatePrecision:
    """The precision of a period of so many days, its first and its last included."""
    return next((precision for precision, most in _MOST_DAYS.items() if days <= most), DatePrecision.LONGER)
