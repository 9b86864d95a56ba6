"""When and where mentions allow an event to have been, and how far apart two of them lie."""

from datetime import date, timedelta

from schemas.event import StoredMention
from tasks.reference.distance import km_between
from tasks.reference.precision import PlacePrecision

EXACT_KM = 5.0
#: How far apart two mentions may lie when the coarser of them is this precise (UCDP where_prec).
REACH_KM: dict[int, float] = {
    PlacePrecision.EXACT: EXACT_KM,
    PlacePrecision.NEAR: 25.0,
    PlacePrecision.DISTRICT: 50.0,
    PlacePrecision.PROVINCE: 120.0,
    PlacePrecision.PART: 200.0,
}
#: The same in order, for a query.
REACHES_KM = tuple(REACH_KM[precision] for precision in sorted(REACH_KM))
#: Without a date in the text, an event lies at most this long before its publication.
UNDATED_DAYS = 3


def days_of(mention: StoredMention) -> tuple[date, date] | None:
    """The first and last day a mention allows; from its publication if the text gives none."""
    if mention.date_start is not None:
        return mention.date_start, mention.date_end or mention.date_start
    if mention.published_day is not None:
        return mention.published_day - timedelta(days=UNDATED_DAYS), mention.published_day
    return None


def distance_km(a: StoredMention, b: StoredMention) -> float | None:
    """Great-circle distance in kilometres; ``None`` if one of the two has no coordinates."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    return km_between((a.latitude, a.longitude), (b.latitude, b.longitude))


def far_apart(a: StoredMention, b: StoredMention) -> bool:
    """Return True if two places lie farther apart than the coarser of them allows."""
    apart = distance_km(a, b)
    reach = REACH_KM.get(max(a.place_precision or PlacePrecision.UNKNOWN, b.place_precision or PlacePrecision.UNKNOWN))
    return apart is not None and reach is not None and apart > reach


def gap_days(first: tuple[date, date], second: tuple[date, date]) -> int:
    """Days between two periods; 0 if they touch or overlap."""
    return max(0, (first[0] - second[1]).days, (second[0] - first[1]).days)
