"""The words of ``seeds/page_phrases.yml`` and ``declared_keys.yml``, validated and compiled once."""

import functools
import re
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from tasks.reference.seeds import read_yaml_seed, validated
from tasks.reference.words.agencies import plain


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GatePhrases(_Strict):
    """What gives a page that is no article away: whole titles, and pieces of its text."""

    titles: tuple[str, ...]
    texts: tuple[str, ...]


class _Byline(_Strict):
    starts: tuple[str, ...]
    between: tuple[str, ...]
    not_authors: tuple[str, ...]
    change: tuple[str, ...]
    published: tuple[str, ...]


class _Seed(_Strict):
    gates: dict[str, GatePhrases]
    paywall: tuple[str, ...]
    corrections: tuple[str, ...]
    byline: _Byline


class DeclaredKeys(_Strict):
    """The words of ``seeds/declared_keys.yml``."""

    published: tuple[str, ...]
    published_weak: tuple[str, ...]
    modified: tuple[str, ...]
    article_types: frozenset[str]
    page_types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The seed in the form the readers use. ``gates`` holds per reason the titles, and a pattern of its texts."""

    gates: dict[str, tuple[frozenset[str], re.Pattern[str]]]
    paywall: re.Pattern[str]
    corrections: re.Pattern[str]
    byline_start: re.Pattern[str]
    byline_between: re.Pattern[str]
    not_authors: frozenset[str]
    change: re.Pattern[str]
    published: re.Pattern[str]


@functools.cache
def phrases() -> Phrases:
    """The phrases. Raises :class:`SeedError` for a malformed seed."""
    seed = validated(_Seed, read_yaml_seed("page_phrases.yml"), "page_phrases.yml")
    byline = seed.byline
    return Phrases(
        {name: (frozenset(map(plain, gate.titles)), _any(gate.texts)) for name, gate in seed.gates.items()},
        _any(seed.paywall),
        re.compile(rf"[\W_]*(?:{_alternatives(seed.corrections)})(?!\w)", re.IGNORECASE),
        re.compile(rf"^\s*(?:(?:{_alternatives(byline.starts)})(?:\s*[:：]\s*|\s+))+", re.IGNORECASE),
        re.compile(rf"\s*[,;|/•·⋅\n、，]\s*|\s+&\s+|\s+(?:{_alternatives(byline.between)})\s+", re.IGNORECASE),
        frozenset(map(plain, byline.not_authors)),
        _any(byline.change),
        _any(byline.published),
    )


@functools.cache
def declared_keys() -> DeclaredKeys:
    """How pages name what they declare. Raises :class:`SeedError` for a malformed seed."""
    return validated(DeclaredKeys, read_yaml_seed("declared_keys.yml"), "declared_keys.yml")


def _alternatives(words: tuple[str, ...]) -> str:
    """Longer first, so that a phrase is not found by its beginning."""
    ordered = sorted((plain(word) for word in words), key=len, reverse=True)
    return "|".join(re.escape(word).replace("'", "['’]") for word in ordered)


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_alternatives(words)})", re.IGNORECASE)
