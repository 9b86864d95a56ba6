"""Actors of a text resolved: who each span means, within its document."""

import re
from dataclasses import dataclass

from tasks.events.actors.spans import ActorSpan, find_actors, kind_of
from tasks.events.language.vocabulary import event_words
from tasks.events.language.words import words_of
from tasks.reference.actors import Actor, actor_kinds, actor_nouns, actors, is_armed, state_actor
from tasks.reference.places import country_name

__all__ = ["ActorContext", "ActorSpan", "ResolvedActor", "find_actors", "is_armed", "kind_of", "resolve_actor"]

#: Kinds that act for a state, those "the radical group" may point back to, and those who watch.
_STATE = frozenset({"state_forces", "police", "intelligence"})
_ORGANISED = frozenset({"rebel", "political_militia", "identity_militia", "criminal", "private_military"})
_FORMERLY = re.compile(r"(?:former|retired|ex[- ])\b", re.IGNORECASE)
_OBSERVERS = frozenset({"media", "ngo", "igo"})


@dataclass(frozen=True, slots=True)
class ActorContext:
    """What resolution may look at: the actor spans of the document in order, and the event's country (ISO alpha-2)."""

    spans: tuple[ActorSpan, ...] = ()
    event_country: str | None = None


@dataclass(frozen=True, slots=True)
class ResolvedActor:
    """Who a span means. ``kind`` is a word of seeds/actor_kinds.csv; ``country`` an ISO 3166 alpha-2 code."""

    actor_id: str | None
    canonical_name: str | None
    kind: str
    country: str | None
    reason: str


def resolve_actor(span: ActorSpan, context: ActorContext) -> ResolvedActor:
    """Who a span means, in its document; an unknown actor is kept as named, with the kind its noun gives.

    A state's forces outside their country are ``external_forces`` (ACLED's inter code 8). Who used to fight is a
    civilian: "a former SDF member".
    """
    resolved = _abroad(_resolved(span, context), context.event_country)
    if is_armed(resolved.kind) and is_former(span.text):
        return ResolvedActor(
            None, None, "civilians", resolved.country, f"once {resolved.canonical_name or resolved.kind}"
        )
    return resolved


def is_former(name: str) -> bool:
    """Return True if somebody is named after what they once were: "retired army officer", "ex-fighter"."""
    return _FORMERLY.match(name) is not None


def _resolved(span: ActorSpan, context: ActorContext) -> ResolvedActor:
    if span.actor_id is not None:
        return _known(actors()[span.actor_id], span.noun_kind, "named in seeds/actors.csv")
    if span.demonym_country is not None:
        return _of_country(span, span.demonym_country, "the state named" if span.noun_kind == "state" else "a demonym")
    antecedent = _antecedent(span, context) if span.anaphor else _only_group(span, context)
    if antecedent is not None:
        return _known(
            antecedent,
            "",
            "points back to the last actor named that fits" if span.anaphor else "the one armed group named",
        )
    noun = actor_nouns().get(words_key(span.head))
    if span.noun_kind in _STATE and noun is not None and noun.use == "group" and context.event_country:
        return _of_country(span, context.event_country, "the event's country")
    kind = span.noun_kind if span.noun_kind in actor_kinds() else "unknown"
    return ResolvedActor(None, None, kind, None, "as named: no known actor")


def words_key(phrase: str) -> str:
    """A phrase as the seeds of nouns are keyed."""
    return " ".join(word.folded for word in words_of(phrase))


def _known(actor: Actor, noun_kind: str, reason: str) -> ResolvedActor:
    unarmed = noun_kind in actor_kinds() and noun_kind != "unknown" and not is_armed(noun_kind)
    # Leaders of a rebel group are rebels; officials of a state are its government.
    keeps_kind = actor.kind in _OBSERVERS or (noun_kind == "government" and actor.kind in _ORGANISED)
    kind = noun_kind if unarmed and not keeps_kind else actor.kind
    return ResolvedActor(actor.id, actor.name, kind, actor.country or None, reason)


def _of_country(span: ActorSpan, country: str, why: str) -> ResolvedActor:
    """Forces of a country: an open noun under a demonym ("Turkish forces", "a Russian jet") is the state's."""
    kind = "state_forces" if span.noun_kind in {"unknown", "state"} else span.noun_kind or "unknown"
    actor = state_actor(country, kind)
    if actor is not None:
        return ResolvedActor(actor.id, actor.name, actor.kind, actor.country or None, f"{why}: its {kind}")
    name = country_name(country) if span.noun_kind == "state" else None
    return ResolvedActor(None, name, kind, country, f"{why}: {country}")


def _only_group(span: ActorSpan, context: ActorContext) -> Actor | None:
    """The one armed group a text names, if it speaks of guerrillas."""
    if span.head.lower() not in event_words("own_fighters") or span.noun_kind != "rebel":
        return None
    named = {earlier.actor_id for earlier in context.spans if earlier.actor_id}
    groups = [actor for name in sorted(named) if (actor := actors()[name]).kind == "rebel"]
    return groups[0] if len(groups) == 1 else None


def _antecedent(span: ActorSpan, context: ActorContext) -> Actor | None:
    wanted = _STATE if span.noun_kind in _STATE else _ORGANISED
    for earlier in reversed(context.spans):
        if earlier.start >= span.start or earlier.actor_id is None:
            continue
        actor = actors()[earlier.actor_id]
        home = not context.event_country or actor.country == context.event_country
        if actor.kind in wanted and (wanted is _ORGANISED or home):
            return actor
    return None


def _abroad(resolved: ResolvedActor, event_country: str | None) -> ResolvedActor:
    if resolved.kind in _STATE and resolved.country and event_country and resolved.country != event_country:
        return ResolvedActor(
            resolved.actor_id,
            resolved.canonical_name,
            "external_forces",
            resolved.country,
            f"{resolved.reason}; abroad",
        )
    return resolved
