"""The event types, those of one's own among them, and what each is counted under if ACLED's are asked for."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from schemas.errors import SeedError
from tasks.reference.seeds import read_csv_seed

#: What ``acled`` says of a type that ACLED has nothing for.
_NONE = "none"


class EventType(BaseModel):
    """What is needed here of a row of ``seeds/event_types.csv``.

    ``acled`` is for types of one's own: ACLED's sub-type they are counted under if ACLED's are asked for, or
    ``none``; empty if the row is one of ACLED's.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    act: str
    event_type: str
    sub_event_type: str
    acled: str = ""


@cache
def event_types() -> dict[str, EventType]:
    """The types by act. Raises :class:`SeedError` if a crosswalk names none of ACLED's."""
    types = {row.act: row for row in read_csv_seed("event_types.csv", EventType)}
    for row in types.values():
        acled_of(row, types)
    return types


def acled_of(row: EventType, types: dict[str, EventType]) -> EventType | None:
    """The row that one is counted under if ACLED's types are asked for; ``None`` if it is under none."""
    if not row.acled:
        return row
    if row.acled == _NONE:
        return None
    for candidate in types.values():
        if candidate.sub_event_type == row.acled and not candidate.acled:
            return candidate
    raise SeedError(f"event_types.csv: {row.act}: acled: {row.acled!r} is none of ACLED's sub-types; or write none")


def sub_event_types() -> dict[str, tuple[EventType, EventType | None]]:
    """By sub-type its first row, and the row it is counted under."""
    types = event_types()
    return {row.sub_event_type: (row, acled_of(row, types)) for row in reversed(tuple(types.values()))}
