"""When a page says it was published and changed: instants with zone, origin, the raw words, and what to doubt.

Order of belief (how often each is right is counted by ``benchmarks.origins``): JSON-LD, meta, time element, feed,
URL, text near the headline, then meta keys that systems also fill with the day of a change. Where the first stands
alone and two others agree, they win. Whatever disagrees by more than a day is named in the reason, so both are kept.
Undated stays undated: never the day of capture, never a footer's year.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.article import UNDATED, DateOrigin, DateReading
from tasks.reference.words.daytext import FIRST_YEAR, ZONES, DayText, month_names, offset_of, read_day

#: Offsets newsrooms work in: Pacific standard time to New Zealand's summer. Farther out a machine's day is just wrong.
_WESTERNMOST, _EASTERNMOST = timedelta(hours=-8), timedelta(hours=13)
_URL_DAY = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})([/_.-]?)(?P<m>0[1-9]|1[0-2])\2(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_URL_PATH_DAY = re.compile(r"/(?P<y>(?:19|20)\d{2})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?=/|-|$)")
_URL_NAMED = re.compile(r"/(?P<y>(?:19|20)\d{2})(?P<sep>[/-])(?P<m>[A-Za-z]{3,10})(?P=sep)(?P<d>\d{1,2})(?=[/-]|$)")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RawDate:
    """A date as found: its words and where they stood. ``weak``: believed after all others; ``place``: where on the
    page it stands, if not in the article's own part.
    """

    raw: str
    origin: DateOrigin
    weak: bool = False
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """What reading a page's dates depends on: the outlet's zone and habit, and when the page was captured."""

    timezone: str
    day_first: bool | None
    captured_at: datetime


def choose(found: Sequence[RawDate], clock: Clock, hints: Sequence[DateReading] = ()) -> DateReading:
    """The date of a page from everything declared, best origin first.

    A day beats none, an instant does not beat a better origin. Its reason names flags: an assumed zone, a zone taken
    from the outlet, a future date, and each origin that disagrees by more than a day. Where nothing can be read, the
    reason is that of the best attempt (``ambiguous``, ``epoch``, ...), with its raw words.
    """
    declared = [(_rank(reading) + 10 * item.weak, reading) for item in found for reading in (read(item, clock),)]
    ranked = sorted((*declared, *((_rank(hint), hint) for hint in hints)), key=lambda pair: pair[0])
    readings = [reading for _, reading in ranked]
    dated = [reading for reading in readings if reading.local_day is not None]
    if not dated:
        return next((reading for reading in readings if reading.raw), UNDATED)
    dated = _voted(dated)
    best = _as_in_address(_as_stated(_sharpened(dated), dated), dated)
    conflicts = [f"conflict:{other.origin}={other.local_day}" for other in _one_an_origin(dated) if _apart(best, other)]
    return flagged(best, *conflicts) if conflicts else best


def is_conflicting(reading: DateReading) -> bool:
    """Whether what is declared disagrees by more than a day."""
    return "conflict:" in (reading.reason or "")


def with_day_shown(reading: DateReading, day: date) -> DateReading:
    """A declared date beside the day printed under the headline: a stamp in UTC takes it, where a zone people live in
    had that day then; another day is named as a conflict. Where the two disagree the declared one is right more often.
    """
    stamp = reading.instant if reading.zone == "+00:00" and "day_" not in (reading.reason or "") else None
    if stamp and day != reading.local_day and day in _possible_days(stamp):
        return flagged(replace(reading, local_day=day), "day_as_printed")
    shown = replace(reading, local_day=day)
    return flagged(reading, f"conflict:{DateOrigin.TEXT}={day}") if _apart(reading, shown) else reading


def _voted(dated: list[DateReading]) -> list[DateReading]:
    """The readings, the first of those that another origin supports in front, where the first stands alone."""
    first = dated[0]
    others = [other for other in dated if other.origin != first.origin]
    if any(not _apart(first, other) for other in others):
        return dated
    for one in others:
        if any(other.origin != one.origin and other.local_day == one.local_day for other in others):
            return [one, *(reading for reading in dated if reading is not one)]
    return dated


def _as_stated(best: DateReading, dated: Sequence[DateReading]) -> DateReading:
    """A stamp in UTC with the zone in which the page states the same instant elsewhere."""
    if best.zone != "+00:00" or best.instant is None:
        return best
    same = (r for r in dated if r.instant == best.instant and r.zone not in (None, "+00:00") and not r.reason)
    stated = next(same, None)
    return replace(best, local_day=stated.local_day, zone=stated.zone, reason=None) if stated else best


def read(found: RawDate, clock: Clock) -> DateReading:
    """One declared date. Without a zone the outlet's is used, and said (``zone_assumed``)."""
    words = read_day(found.raw, clock.day_first)
    raw = found.raw.strip()[:200]
    if isinstance(words, str):
        return DateReading(None, None, None, found.origin, raw, words)
    reading = _placed(words, raw, found.origin, clock)
    if words.calendar:
        reading = flagged(reading, f"calendar:{words.calendar}")
    if found.place:
        reading = flagged(reading, f"stands_in:{found.place}")
    if reading.local_day and reading.local_day > clock.captured_at.date() + _DAY:
        return DateReading(None, None, None, found.origin, raw, "in_the_future")
    return reading


def from_url(url: str) -> RawDate | None:
    """The day an address carries, as ISO words: ``/2023/12/11/``, ``-20231211``, ``/2023/dec/11/``."""
    for pattern in (_URL_PATH_DAY, _URL_NAMED, _URL_DAY):
        if match := pattern.search(url.split("?", 1)[0]):
            month = match["m"]
            number = int(month) if month.isdecimal() else month_names().get(month.lower(), 0)
            try:
                day = date(int(match["y"]), number, int(match["d"]))
            except ValueError:
                continue
            if day.year >= FIRST_YEAR:
                return RawDate(day.isoformat(), DateOrigin.URL)
    return None


def from_hint(instant: datetime | None, raw: str | None, clock: Clock) -> DateReading | None:
    """The feed's date: its words read as ours are, else the instant its reader made of them."""
    if raw and (reading := read(RawDate(raw, DateOrigin.FEED), clock)).local_day:
        return reading
    if instant is None or instant > clock.captured_at + _DAY:
        return None
    aware = instant.astimezone(UTC)
    return _in_zone(DateReading(aware, aware.date(), "+00:00", DateOrigin.FEED, raw), clock)


def flagged(reading: DateReading, *flags: str) -> DateReading:
    """A reading with further flags in its reason."""
    known = [reading.reason] if reading.reason else []
    return replace(reading, reason="; ".join([*known, *flags]))


def _rank(reading: DateReading) -> int:
    return list(DateOrigin).index(reading.origin) if reading.origin else len(DateOrigin)


def _sharpened(dated: Sequence[DateReading]) -> DateReading:
    """The best origin's reading; where it is a bare day, the best instant of the same day."""
    best = dated[0]
    if best.instant is None:
        same = (r for r in dated if r.instant and r.local_day == best.local_day)
        return next(same, best)
    return best


def _as_in_address(best: DateReading, dated: Sequence[DateReading]) -> DateReading:
    """A machine's stamp in UTC with the day of the address, where some zone on Earth had that day at that instant."""
    day = next((other.local_day for other in dated if other.origin is DateOrigin.URL), None)
    if best.zone != "+00:00" or best.instant is None or day is None or day == best.local_day:
        return best
    possible = _possible_days(best.instant)
    return flagged(replace(best, local_day=day), "day_of_address") if day in possible else best


def _possible_days(instant: datetime) -> set[date]:
    return {(instant + shift).date() for shift in (_WESTERNMOST, _EASTERNMOST)}


def _one_an_origin(dated: Sequence[DateReading]) -> Iterator[DateReading]:
    seen = set()
    for reading in dated:
        if reading.origin not in seen:
            seen.add(reading.origin)
            yield reading


def _apart(one: DateReading, other: DateReading) -> bool:
    return bool(one.local_day and other.local_day and abs(one.local_day - other.local_day) > _DAY)


def _placed(words: DayText, raw: str, origin: DateOrigin, clock: Clock) -> DateReading:
    if words.clock is None:
        return DateReading(None, words.day, None, origin, raw)
    naive = datetime.combine(words.day, time(*words.clock))
    if words.zone is None or (words.zone.isalpha() and words.zone not in ZONES):
        return _assumed(naive, raw, origin, clock)
    offset = offset_of(words.zone)
    if offset is None:
        return DateReading(None, words.day, None, origin, raw, f"zone_invalid:{words.zone[:8]}")
    local = naive.replace(tzinfo=timezone(offset))
    return _in_zone(DateReading(local.astimezone(UTC), words.day, _written(offset), origin, raw), clock)


def _assumed(naive: datetime, raw: str, origin: DateOrigin, clock: Clock) -> DateReading:
    zone, name = _zone(clock.timezone)
    local = naive.replace(tzinfo=zone)
    instant = local.astimezone(UTC)
    offset = local.utcoffset() or timedelta()
    reading = DateReading(instant, naive.date(), _written(offset), origin, raw, f"zone_assumed:{name}")
    if instant.astimezone(zone).replace(tzinfo=None) != naive:
        return flagged(reading, "in_a_clock_gap")
    if local.replace(fold=1).utcoffset() != offset:
        return flagged(reading, "in_a_clock_fold")
    return reading


def _in_zone(reading: DateReading, clock: Clock) -> DateReading:
    """A stamp in UTC is a machine's: its reader saw the day of the outlet's own zone, where that is known."""
    if reading.zone != "+00:00" or reading.instant is None or clock.timezone == "UTC":
        return reading
    zone, name = _zone(clock.timezone)
    day = reading.instant.astimezone(zone).date()
    return reading if day == reading.local_day else flagged(replace(reading, local_day=day), f"day_in_zone:{name}")


def _zone(name: str) -> tuple[ZoneInfo, str]:
    try:
        return ZoneInfo(name), name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC"), "UTC"


def _written(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
