"""News agencies and how they are spelled: ``seeds/agencies.yml``."""

import functools

from tasks.reference.seeds import read_yaml_seed


@functools.cache
def agencies() -> dict[str, str]:
    """Every spelling of a news agency in lower case, and its name."""
    return {plain(spelling): name for spelling, name in _agency_names().items()}


def agency_spellings() -> tuple[str, ...]:
    """Every spelling of a news agency as the seed gives it."""
    return tuple(_agency_names())


@functools.cache
def _agency_names() -> dict[str, str]:
    seed: dict[str, list[str]] = read_yaml_seed("agencies.yml")
    return {spelling: name for name, spellings in seed.items() for spelling in (name, *spellings)}


def plain(text: str) -> str:
    """Lower case, straight apostrophes, single spaces: how phrases are compared."""
    return " ".join(text.casefold().replace("’", "'").split())
