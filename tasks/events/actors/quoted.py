"""Who a quote of another language than English names: a known actor, or a kind by its noun, a country by adjective."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tasks.events.language.counts import counts_in
from tasks.events.language.quoted import Lexicon, QuotedWord, lexicon_of, quoted_words, with_parts
from tasks.reference.actors import actors, is_armed, state_actor
from tasks.reference.gazetteer import capital_of, lookup
from tasks.reference.gazetteer.scripts import SCRIPT_OF, lookup_script
from tasks.reference.words.languages import actor_names, country_names, demonym_words, language_words

#: Kinds that act for a state: under an adjective of a country they are that country's.
_STATE = frozenset({"state_forces", "police", "intelligence", "government"})
#: Kinds a word such as "person" or "men" gives way to in the same quote.
_STRANGERS = frozenset({"unidentified_armed", "rebel"})
#: Languages whose head noun stands last: "Türk askeri" is a soldier.
_HEAD_LAST = frozenset({"tr"})


@dataclass(frozen=True, slots=True)
class QuotedActor:
    """Who a quote names. ``kind`` is a word of seeds/actor_kinds.csv; ``country`` an ISO 3166 alpha-2 code."""

    actor_id: str | None
    canonical_name: str | None
    kind: str
    country: str | None
    reason: str


@cache
def _known(language: str) -> Lexicon[str]:
    return Lexicon(language, list(actor_names(language).items()))


@cache
def _kinds(language: str) -> Lexicon[str]:
    nouns = language_words(language).nouns.items()
    return lexicon_of(language, {kind: [*words.one.split(), *words.many.split()] for kind, words in nouns})


@cache
def _others(language: str) -> Lexicon[str]:
    words = language_words(language)
    return lexicon_of(language, {"forces": words.forces, "means": words.means, "through": words.through})


@cache
def _lands(language: str) -> Lexicon[str]:
    return Lexicon(language, [*country_names(language).items(), *demonym_words(language).items()])


def read_actor(quote: str, language: str, event_country: str | None = None, *, target: bool = False) -> QuotedActor:
    """Who a quote names; an unknown actor has the kind its noun gives, a bare name of a target is a civilian's.

    A state's forces outside their country are ``external_forces`` (ACLED's inter code 8).

    >>> read_actor("القوات التركية", "ar", "SY").kind, read_actor("soldats français", "fr").country
    ('external_forces', 'FR')
    """
    words = with_parts(quoted_words(quote.replace("#", " ").replace("_", " "), language), language)
    actor = _read(words, language, event_country, target=target)
    if actor.kind in {"state_forces", "police"} and actor.country and event_country and actor.country != event_country:
        return QuotedActor(
            actor.actor_id, actor.canonical_name, "external_forces", actor.country, f"{actor.reason}; abroad"
        )
    return actor


def _read(words: Sequence[QuotedWord], language: str, event_country: str | None, *, target: bool) -> QuotedActor:
    hits = _known(language).found(words)
    lands = _lands(language).found(words)
    land = lands[0][2] if lands else None
    noun = _noun(words, language, before=hits[0][0] if hits else None, target=target)
    if hits and (noun in (None, "unknown") or is_armed(noun)):
        actor = actors()[hits[0][2]]
        return QuotedActor(
            actor.id, actor.name, actor.kind, actor.country or None, "named in seeds/languages/actors.csv"
        )
    others = {hit[2] for hit in _others(language).found(words)}
    if noun is None and land is not None and target and _is_person(words, lands, language):
        return QuotedActor(None, None, "civilians", land, "persons of a country")
    if noun is None and land is None and len(words) == 1 and not target:
        land = _capital(words[0].text, language)
    if noun is None and (land is not None or "means" in others):
        noun = "state_forces"
    if noun is None:
        named = target and not others & {"forces", "means"}
        return QuotedActor(None, None, "civilians" if named else "unknown", None, "as named")
    return _of_kind(noun, land, event_country)


def is_description(quote: str, language: str) -> bool:
    """Return True if every word of a quote tells what somebody is, and none is a name of one.

    >>> is_description("خمسة جنود سوريين", "ar"), is_description("الجندي محمد الحسن", "ar")
    (True, False)
    """
    words = with_parts(quoted_words(quote, language), language)
    indexes = (_known(language), _kinds(language), _others(language), _lands(language))
    found = {place for index in indexes for first, end, _ in index.found(words) for place in range(first, end)}
    found |= {place for count in counts_in(words, language) for place in range(count.first, count.end)}
    return len(found) == len(words)


def _capital(name: str, language: str) -> str | None:
    """The country whose capital stands for its state: "Damascus denied it"."""
    towns = lookup_script(name, language) if language in SCRIPT_OF else lookup(name)
    return next((town.country for town in towns[:1] if town == capital_of(town.country)), None)


def _is_person(words: Sequence[QuotedWord], lands: Sequence[tuple[int, int, str]], language: str) -> bool:
    """Return True if a quote is an adjective of a country and nothing more: "paquistaníes"."""
    first, stop, _ = lands[0]
    national = Lexicon(language, list(demonym_words(language).items())).at(words, first)
    return national is not None and stop - first == len(words)


def _of_kind(kind: str, land: str | None, event_country: str | None) -> QuotedActor:
    country = land or (event_country if kind in _STATE else None)
    actor = state_actor(country, kind) if country and kind in _STATE else None
    if actor is not None:
        return QuotedActor(actor.id, actor.name, actor.kind, actor.country or None, f"its noun: {kind}")
    return QuotedActor(None, None, kind, country, f"its noun: {kind}")


def _noun(words: Sequence[QuotedWord], language: str, *, before: int | None, target: bool) -> str | None:
    """The kind of the head noun: the first in most languages, the last in Turkish; of a known actor, before its name.

    "An unknown person" is no civilian, "forces loyal to the government" are no ministers; jets that strike are their
    state's.
    """
    hits = _kinds(language).found(words)
    if before is not None:
        hits = [hit for hit in hits if (hit[0] < before) != (language in _HEAD_LAST)]
    if not hits:
        return None
    others = {name: first for first, _, name in reversed(_others(language).found(words))}
    head = hits[-1] if language in _HEAD_LAST else hits[0]
    kinds = {kind for _, _, kind in hits}
    if head[2] == "civilians" and kinds & _STRANGERS:
        return next(iter(sorted(kinds & _STRANGERS)))
    if head[2] == "government" and others.get("forces", len(words)) < head[0]:
        return "state_forces"
    means = others.get("means") == head[0] and not (target and head[2] == "property")
    return "state_forces" if means else head[2]
