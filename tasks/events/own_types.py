"""Event types of one's own: incidents that a reader found, told more finely by the words of ``seeds/own_types.yml``."""

import re
from dataclasses import dataclass, replace
from functools import cache

from pydantic import BaseModel, ConfigDict

from schemas.errors import SeedError
from schemas.mention import CodedArticle, EventMention, Evidence, Role
from tasks.reference.event_types import EventType, event_types, sub_event_types
from tasks.reference.seeds import read_yaml_as, seed_line

_FILE = "own_types.yml"
_HIT = frozenset({Role.TARGET, Role.OBJECT})


class _OwnType(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    refines: tuple[str, ...] = ()
    tellings: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


class _OwnTypes(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    types: dict[str, _OwnType]


@dataclass(frozen=True, slots=True)
class OwnType:
    """A type of one's own, its words made ready to be looked for; ``None`` if it has none of that list."""

    act: EventType
    refines: frozenset[str]
    tellings: re.Pattern[str] | None
    targets: re.Pattern[str] | None

    def met(self, text: str, mention: EventMention) -> tuple[int, int, str] | None:
        """Where a word of the type is met in what the mention tells, and which list it is of."""
        if self.refines and mention.sub_event_type not in self.refines:
            return None
        for item in mention.evidence if self.targets else ():
            if item.field in _HIT and (match := self.targets and self.targets.search(text, item.start, item.end)):
                return *match.span(), "targets"
        match = self.tellings.search(text, mention.sentence_start, mention.sentence_end) if self.tellings else None
        return (*match.span(), "tellings") if match else None


@cache
def own_types() -> tuple[OwnType, ...]:
    """The types in the order of the file. Raises :class:`SeedError` with file and line for one that will not do."""
    return tuple(_own_type(name, entry) for name, entry in read_yaml_as(_FILE, _OwnTypes).types.items())


def with_own_types(coded: CodedArticle) -> CodedArticle:
    """An article, its mentions of one's own types if they are."""
    return replace(coded, mentions=tuple(refined(coded.article.text, mention) for mention in coded.mentions))


def refined(text: str, mention: EventMention) -> EventMention:
    """The mention, of the first of one's own types whose words are met, with the word as evidence; else as it was."""
    for own_type in own_types():
        met = own_type.met(text, mention)
        if met is not None:
            start, stop, words = met
            rule = f"{own_type.act.act} in {_FILE}: {words}; read as {mention.sub_event_type}"
            return replace(
                mention,
                event_type=own_type.act.event_type,
                sub_event_type=own_type.act.sub_event_type,
                evidence=(*mention.evidence, Evidence("own_type", start, stop, text[start:stop], rule)),
            )
    return mention


def _own_type(name: str, entry: _OwnType) -> OwnType:
    where = seed_line(_FILE, "types", name)
    if name not in event_types():
        raise SeedError(f"{where}: {name}: no act of event_types.csv; lay a row of that name over it")
    strangers = sorted(set(entry.refines) - sub_event_types().keys())
    if strangers:
        raise SeedError(f"{where}: {name}.refines: no sub-type of event_types.csv: {', '.join(strangers)}")
    if not entry.tellings and not entry.targets:
        raise SeedError(f"{where}: {name}: give words in tellings or in targets; without any it would never be met")
    return OwnType(event_types()[name], frozenset(entry.refines), _any_of(entry.tellings), _any_of(entry.targets))


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """Any of the phrases as whole words, in any case, also in the plural; the longest first."""
    words = (r"\s+".join(map(re.escape, phrase.split())) for phrase in sorted(phrases, key=lambda p: (-len(p), p)))
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?:e?s)?(?!\w)", re.IGNORECASE) if phrases else None
