"""A mention as resolution keeps it: with its marks, the days it is looked for, and the id it would give an event."""

from collections.abc import Sequence
from dataclasses import replace

from schemas.event import StoredMention
from tasks.resolution.marks import marks_of
from tasks.resolution.pairs import block_days


def with_marks(mention: StoredMention, text: str, start: int, stop: int, actors: Sequence[str] = ()) -> StoredMention:
    """The mention with the marks of its sentence, ``text[start:end]``, and what stands around it.

    ``actors`` are names of known actors in the text, of its outlet and of the agency it credits. They leave no mark: an
    armed group's name is in every report of a war, an outlet's in all it prints.
    """
    names = [name for name in (mention.place_name, mention.admin1, mention.admin2) if name]
    names += actors
    marks = marks_of(text, start, stop, names)
    return replace(mention, words=marks.words, names=marks.names, details=marks.details)


def kept_row(mention: StoredMention, read_hash: int) -> dict[str, object]:
    """The row of ``resolved_mentions``; in no cluster yet."""
    days = block_days(mention)
    row: dict[str, object] = {name: getattr(mention, name) for name in StoredMention.__dataclass_fields__}
    row |= {name: list(getattr(mention, name)) for name in ("initiators", "targets", "words", "names", "details")}
    ids: dict[str, object] = {"own_event_id": mention.own_event_id, "cluster_id": None, "read_hash": read_hash}
    return row | ids | {"first_day": days[0] if days else None, "last_day": days[1] if days else None}
