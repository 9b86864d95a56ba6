"""The fields a person may judge: what a mention says in each, and the columns a right value settles."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict

from schemas.errors import ReviewError
from schemas.mention import Actor, Role, Status
from schemas.review import Correction, ShownMention
from tasks.reference.actors import actors
from tasks.reference.fold import fold
from tasks.reference.gazetteer import GazetteerPlace, lookup
from tasks.reference.places import countries
from tasks.reference.precision import DatePrecision, date_precision
from tasks.reference.seeds import read_csv_seed

TOLLS = ("killed", "injured", "detained", "displaced")
SIDES = {"initiators": Role.INITIATOR, "targets": Role.TARGET}
FIELDS = ("type", "status", "date", "place", *SIDES, *TOLLS)
_PLACE = (
    "place_name", "place_id", "admin1", "admin2", "country", "latitude", "longitude", "place_precision",
)  # fmt: skip
#: The columns of ``mentions`` that hold each field; sides are rows of ``mention_actors``.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "type": ("event_type", "sub_event_type"),
    "status": ("status",),
    "date": ("date_start", "date_end", "date_precision"),
    "place": _PLACE,
    **{toll: (f"{toll}_low", f"{toll}_best", f"{toll}_high") for toll in TOLLS},
}
_NOTHING = frozenset({"none", "-", "not said", "unknown"})
_RANGE = re.compile(r"(\d[\d,]*)\s*(?:\.\.|-|–|to)\s*(\d[\d,]*)")
#: More persons than any single event has had.
_MOST = 10_000_000


class _EventType(BaseModel):
    """What is needed of a row of ``seeds/event_types.csv``."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    event_type: str
    sub_event_type: str


@cache
def event_types() -> dict[str, tuple[str, str]]:
    """ACLED's type and sub-type by the sub-type in lower case."""
    rows = read_csv_seed("event_types.csv", _EventType)
    return {row.sub_event_type.lower(): (row.event_type, row.sub_event_type) for row in rows}


def said(mention: ShownMention) -> dict[str, str]:
    """What a mention says, by field, for people; fields it says nothing of are left out."""
    fields = {field: _told(field, mention.values) for field in COLUMNS}
    fields |= {side: "; ".join(a.name for a in mention.actors if a.role is role) for side, role in SIDES.items()}
    return {field: fields[field] for field in FIELDS if fields[field]}


def read_correction(words: str, mention: ShownMention | None = None) -> Correction:
    """``field=value`` as a correction; ``value`` may be ``none`` if the text does not say.

    Counts are ``14`` or ``12-14``; days ``2024-05-01``, ``2024-05-01..2024-05-03`` or ``2024-05``; places a name, with
    ``, SY`` behind it if it is not the mention's country; types one of ACLED's sub-types; sides names between
    semicolons. Raises :class:`ReviewError` saying what is wrong.
    """
    field, sign, value = (part.strip() for part in words.partition("="))
    if not sign or field not in FIELDS:
        raise ReviewError(f"{words!r}: write <field>=<value>; the field is one of {', '.join(FIELDS)}")
    empty = value.lower() in _NOTHING or not value
    if field in SIDES:
        return _side(field, "" if empty else value)
    if empty and field in ("type", "status"):
        raise ReviewError(f"{field} cannot be empty; reject the mention if the text does not report such an event")
    if empty:
        return Correction(field, "none", dict.fromkeys(COLUMNS[field]), None, f"{field}: not said")
    if field == "place":
        return _place(value, str(mention.values["country"]) if mention and mention.values.get("country") else None)
    readers: dict[str, Callable[[str], tuple[object, ...]]] = {"type": _type, "status": _status, "date": _days}
    changes = dict(zip(COLUMNS[field], readers.get(field, _count)(value), strict=True))
    return Correction(field, value, changes, None, f"{field}: {_told(field, changes)}")


def _told(field: str, values: Mapping[str, object]) -> str:
    """The columns of a field in words; empty if nothing is said."""
    first, *others = (values.get(column) for column in COLUMNS[field])
    if first is None and (field not in TOLLS or others[0] is None):
        return ""
    match field:
        case "type":
            return f"{others[0]} ({first})"
        case "status":
            return str(first)
        case "date":
            return str(first) if others[0] in (None, first) else f"{first}..{others[0]}"
        case "place":
            _, admin1, _, country, latitude, longitude, _ = others
            point = f" at {latitude}, {longitude}" if latitude is not None else ", not located"
            return ", ".join(str(part) for part in (first, admin1, country) if part) + point
    best, high = others
    return str(best) if first == best == high else f"{best} ({first}..{high})"


def _count(value: str) -> tuple[object, ...]:
    match = _RANGE.fullmatch(value)
    figures = [match[1], match[2]] if match else [value]
    try:
        low, high = (int(figures[index].replace(",", "")) for index in (0, -1))
    except ValueError as error:
        raise ReviewError(f"{value!r} is not a number of persons: write 14, 12-14 or none") from error
    if not 0 <= low <= high <= _MOST:
        raise ReviewError(f"{value!r} is not a number of persons")
    return low, low, high


def _days(value: str) -> tuple[object, ...]:
    first, _, last = (part.strip() for part in value.partition(".."))
    try:
        if re.fullmatch(r"\d{4}-\d{2}", first) and not last:
            begin = date.fromisoformat(f"{first}-01")
            return begin, (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1), DatePrecision.MONTH
        begin, last_day = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError as error:
        raise ReviewError(f"{value!r} is not a date: write 2024-05-01, 2024-05-01..2024-05-03 or 2024-05") from error
    if last_day < begin:
        raise ReviewError(f"{value!r} ends before it starts")
    return begin, last_day, date_precision((last_day - begin).days + 1)


def _type(value: str) -> tuple[object, ...]:
    wanted = value.lower()
    matches = [pair for name, pair in event_types().items() if name == wanted]
    matches = matches or [pair for name, pair in event_types().items() if name.startswith(wanted)]
    if len(matches) != 1:
        choices = ", ".join(sub for _, sub in (matches or event_types().values()))
        raise ReviewError(f"{value!r} is not one of: {choices}")
    return matches[0]


def _status(value: str) -> tuple[object, ...]:
    if value.lower() not in {status.value for status in Status}:
        raise ReviewError(f"{value!r} is not one of: {', '.join(status.value for status in Status)}")
    return (value.lower(),)


def _place(value: str, country: str | None) -> Correction:
    name, _, last = (part.strip() for part in value.rpartition(","))
    if name and last.upper() in countries():
        country = last.upper()
    else:
        name = value
    matches = [entry for entry in lookup(name) if country is None or entry.country == country] or list(lookup(name))
    columns = _place_columns(name, matches[0] if matches else None, country)
    others = f"; {len(matches) - 1} others have that name, write 'name, CC' for another country" if matches[1:] else ""
    message = f"place: {_told('place', columns)}{others}"
    return Correction("place", value, columns, None, message)


def _place_columns(name: str, entry: GazetteerPlace | None, country: str | None) -> dict[str, object]:
    if entry is None:
        return dict(zip(_PLACE, (name, None, None, None, country, None, None, None), strict=True))
    columns = (entry.id, entry.admin1, entry.admin2, entry.country, entry.latitude, entry.longitude, entry.precision)
    return dict(zip(_PLACE, (name, *columns), strict=True))


def _side(field: str, value: str) -> Correction:
    named = tuple(_actor(name.strip()) for name in value.split(";") if name.strip())
    message = "; ".join(f"{a['name']} ({a['canonical_name'] or 'as named'})" for a in named) or "not said"
    return Correction(field, value or "none", {}, {SIDES[field].value: named}, f"{field}: {message}")


def _actor(name: str) -> dict[str, object]:
    named_actors = _actors_by_name().get(fold(name))
    if named_actors is None:
        return {"name": name, "actor_id": None, "canonical_name": None, "kind": "unknown", "country": None}
    actor = actors()[named_actors]
    fields: dict[str, object] = {"name": name, "actor_id": actor.id, "canonical_name": actor.name}
    return fields | {"kind": actor.kind, "country": actor.country or None}


@cache
def _actors_by_name() -> dict[str, str]:
    return {fold(name): actor.id for actor in reversed(list(actors().values())) for name in actor.names}


def settled(mention: ShownMention, fields: Sequence[str]) -> dict[str, object]:
    """The columns of some fields as a mention has them: what accepting it settles."""
    return {column: mention.values.get(column) for field in fields for column in COLUMNS.get(field, ())}


def sides(mention: ShownMention, fields: Sequence[str]) -> dict[str, tuple[dict[str, object], ...]] | None:
    """The actors of the sides among some fields, by role; ``None`` if no side is among them."""
    edited = {SIDES[field].value: SIDES[field] for field in fields if field in SIDES}
    return {name: tuple(_row(a) for a in mention.actors if a.role is role) for name, role in edited.items()} or None


def _row(actor: Actor) -> dict[str, object]:
    fields: dict[str, object] = {"name": actor.name, "actor_id": actor.actor_id, "canonical_name": actor.canonical_name}
    return fields | {"kind": actor.kind, "country": actor.country}
