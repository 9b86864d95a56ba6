"""Actors, their kinds, and the nouns that describe them, as the seeds give them."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from schemas.errors import SeedError
from tasks.reference.fold import fold
from tasks.reference.places import countries
from tasks.reference.seeds import read_csv_seed, split_list


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ActorKind(_Row):
    """A kind of actor. ``inter`` is ACLED's code (0: not an actor of its own), ``plover`` PLOVER's sector."""

    kind: str = Field(pattern=r"^[a-z_]+$")
    inter: int = Field(ge=0, le=8)
    inter_abroad: int = Field(ge=0, le=8)
    plover: str = Field(pattern=r"^[A-Z]{3}$")
    armed: bool
    description: str


class Actor(_Row):
    """A known actor. ``country`` is its home (ISO alpha-2, "" for none), ``parents`` the ids it belongs to.

    ``start`` and ``end`` are the years it exists, if known.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    aliases: str = ""
    kind: str
    country: str = ""
    parents: str = ""
    start: int | None = Field(default=None, ge=1800)
    end: int | None = Field(default=None, ge=1800)

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its aliases."""
        return self.name, *split_list(self.aliases)

    @property
    def parent_ids(self) -> tuple[str, ...]:
        """The ids of what it belongs to."""
        return split_list(self.parents)


class ActorNoun(_Row):
    """A noun that describes actors, and the kind it gives with nothing beside it. ``use`` is ``person`` (fighters),
    ``group`` (militia) or ``means`` (warplanes: they stand for whoever flies them).
    """

    noun: str
    kind: str
    use: str = Field(pattern=r"^(person|group|means)$")


@cache
def actor_kinds() -> dict[str, ActorKind]:
    """The kinds by their word."""
    return {row.kind: row for row in read_csv_seed("actor_kinds.csv", ActorKind)}


def is_armed(kind: str) -> bool:
    """Return True if a kind fights: the difference between a battle and violence against civilians."""
    row = actor_kinds().get(kind)
    return row is not None and row.armed


@cache
def actors() -> dict[str, Actor]:
    """The actors by id. Raises :class:`SeedError` for an id used twice, an unknown kind, country or parent."""
    by_id: dict[str, Actor] = {}
    for row in read_csv_seed("actors.csv", Actor):
        if row.id in by_id:
            raise SeedError(f"actors.csv: {row.id}: id: used twice")
        by_id[row.id] = row
    for row in by_id.values():
        _check(row, by_id)
    return by_id


def _check(row: Actor, actors_by_id: dict[str, Actor]) -> None:
    if row.kind not in actor_kinds():
        raise SeedError(f"actors.csv: {row.id}: kind: {row.kind!r} is not a kind in actor_kinds.csv")
    if row.country and row.country not in countries():
        raise SeedError(f"actors.csv: {row.id}: country: {row.country!r} is not in countries.csv")
    strangers = [parent for parent in row.parent_ids if parent not in actors_by_id]
    if strangers:
        raise SeedError(f"actors.csv: {row.id}: parents: unknown {', '.join(strangers)}")


@cache
def actor_nouns() -> dict[str, ActorNoun]:
    """The describing nouns by folded noun, singular and plural as the seed lists them."""
    nouns: dict[str, ActorNoun] = {}
    for row in read_csv_seed("actor_nouns.csv", ActorNoun):
        if row.kind not in actor_kinds():
            raise SeedError(f"actor_nouns.csv: {row.noun}: kind: {row.kind!r} is not a kind in actor_kinds.csv")
        nouns[fold(row.noun)] = row
    return nouns


class Modifier(_Row):
    """A word before a describing noun that decides its kind ("rebel fighters")."""

    word: str
    kind: str


@cache
def actor_modifiers() -> dict[str, str]:
    """The kind by folded modifier."""
    return {fold(row.word): row.kind for row in read_csv_seed("actor_modifiers.csv", Modifier)}


class ActorWord(_Row):
    """A small word around actors, and for what: see the head of seeds/actor_words.csv."""

    word: str
    use: str = Field(pattern=r"^(count|pointing|of|anybody|pronoun)$")


@cache
def actor_words(use: str) -> frozenset[str]:
    """The words of one use."""
    return frozenset(row.word for row in read_csv_seed("actor_words.csv", ActorWord) if row.use == use)


def state_actor(country: str, kind: str) -> Actor | None:
    """A state's actor of a kind: ``<iso2>-military``, ``-police`` or ``-government`` in seeds/actors.csv."""
    return actors().get(f"{country.lower()}-{_STATE_IDS.get(kind, kind)}")


_STATE_IDS = {"state_forces": "military", "external_forces": "military"}
