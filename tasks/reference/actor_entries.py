"""Ids of actors in other catalogues, and new actors written into seeds: what is there stays as it is."""

import csv
import io
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.errors import SeedError
from tasks.reference.actors import Actor, actor_kinds, actors
from tasks.reference.places import countries
from tasks.reference.seeds import read_csv_seed
from tasks.reference.seeds.layers import BASE, csv_cells, own_folder

_ACTORS, _IDS = "actors.csv", "actor_ids.csv"
_ACTOR_COLUMNS = ("id", "name", "aliases", "kind", "country", "parents", "start", "end")
_ID_COLUMNS = ("actor", "scheme", "id", "source")
_PATTERNS = {"wikidata": r"Q[1-9][0-9]*", "ucdp": r"[1-9][0-9]*"}


class ActorId(BaseModel):
    """An id that a catalogue gives an actor, and the address or work it was read in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    actor: str
    scheme: Literal["wikidata", "ucdp"]
    id: str = Field(pattern="|".join(f"^{pattern}$" for pattern in _PATTERNS.values()))
    source: str

    @model_validator(mode="after")
    def _as_the_scheme_has_it(self) -> "ActorId":
        if (self.id[0] == "Q") != (self.scheme == "wikidata"):
            raise ValueError(f"id: {self.id} is no id of {self.scheme}: {_PATTERNS[self.scheme]}")
        return self


@cache
def actor_ids() -> tuple[ActorId, ...]:
    """The ids in the order of the file. Raises :class:`SeedError` for one of an actor that is not there."""
    rows = read_csv_seed(_IDS, ActorId)
    for row in rows:
        if row.actor not in actors():
            raise SeedError(f"{_IDS}: {row.actor}: no actor of {_ACTORS}")
    return rows


def add_actor(actor: Actor, ids: tuple[ActorId, ...] = ()) -> Path:
    """Write an actor, and its ids, to the user's seeds, else to the project's; returns the file it was written to.

    Raises :class:`SeedError` for an id or a name that is taken, an unknown kind, country or parent; then nothing is
    written.
    """
    _check(actor)
    folder = own_folder() or BASE
    file = folder / _ACTORS
    row = {name: value for name, value in actor.model_dump().items() if value not in ("", None)}
    _append(file, _ACTOR_COLUMNS, [{name: str(value) for name, value in row.items()}])
    if ids:
        _append(folder / _IDS, _ID_COLUMNS, [entry.model_dump() for entry in ids])
    actors.cache_clear()
    actor_ids.cache_clear()
    return file


def _check(actor: Actor) -> None:
    actors_by_id = actors()
    if actor.id in actors_by_id:
        raise SeedError(f"{_ACTORS}: {actor.id}: id: taken by {actors_by_id[actor.id].name}")
    names = {name.casefold(): holder for holder in actors_by_id.values() for name in holder.names}
    for name in actor.names:
        if name.casefold() in names:
            raise SeedError(f"{_ACTORS}: {actor.id}: {name!r} is a name of {names[name.casefold()].id}")
    if actor.kind not in actor_kinds():
        raise SeedError(f"{_ACTORS}: {actor.id}: kind: {actor.kind!r} is none of {', '.join(sorted(actor_kinds()))}")
    if actor.country and actor.country not in countries():
        raise SeedError(f"{_ACTORS}: {actor.id}: country: {actor.country!r} is not in countries.csv")
    strangers = [parent for parent in actor.parent_ids if parent not in actors_by_id]
    if strangers:
        raise SeedError(f"{_ACTORS}: {actor.id}: parents: unknown {', '.join(strangers)}")


def _append(file: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """Rows at the end of a CSV file, in the columns that it has; a new file gets a header."""
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else ",".join(columns) + "\n"
        header = next(csv.reader([next(line for line in before.splitlines() if line.strip() and line[0] != "#")]))
        lacking = sorted({name for row in rows for name in row} - set(header))
        if lacking:
            raise SeedError(f"{file}: the header has no {', '.join(lacking)}; add it there first")
        fresh = io.StringIO()
        writer = csv.DictWriter(fresh, header, lineterminator="\n")
        writer.writerows(rows)
        text = before + ("" if before.endswith("\n") else "\n") + fresh.getvalue()
        csv_cells(file, text)
        new = file.with_name(f"{file.name}.new~")
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    except OSError as error:
        raise SeedError(f"{file}: cannot be written: {error}") from error
