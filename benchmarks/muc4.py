"""MUC-4's scope and words for our mentions: a declared mapping, kept here and out of the product.

MUC-4 (task documentation, 1992) asks for terrorist acts in nine Latin American countries, in seven types. It leaves out
what a general coder must keep: fights of guerrillas with armies, incidents older than two months, tolls of many
incidents at once, what is only planned. Nothing is added: a field the mention lacks stays empty, but for the date:
MUC-4 has an undated incident fall "on or before" the day of the report.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from schemas.mention import Actor, EventMention, Role, Status
from tasks.reference.places import country_name

Row = dict[str, Any]

#: ACLED's sub-types as MUC-4's types; the others are out of scope.
TYPES = {
    "Abduction/forced disappearance": "kidnapping",
    "Suicide bomb": "bombing",
    "Remote explosive/landmine/IED": "bombing",
    "Grenade": "bombing",
    "Shelling/artillery/missile attack": "attack",
    "Air/drone strike": "attack",
    "Chemical weapon": "attack",
    "Armed clash": "attack",
    "Attack": "attack",
    "Sexual violence": "attack",
    "Mob violence": "attack",
    "Non-state actor overtakes territory": "attack",
}
#: The nine countries of the task (ISO alpha-2), and where the key has others.
COUNTRIES = frozenset({"AR", "BO", "CL", "CO", "EC", "SV", "GT", "HN", "PE"})
#: An incident older than this is not in the key.
OLDEST = timedelta(days=61)
_STATE = frozenset({"state_forces", "external_forces", "police", "intelligence"})
_GUERRILLA = frozenset({"rebel", "political_militia", "identity_militia", "unidentified_armed", "criminal"})
_OBJECT = "property"


def templates(mentions: Iterable[EventMention], published: str | None) -> list[Row]:
    """The mentions in MUC-4's scope as templates, in text order."""
    day = date.fromisoformat(published) if published else None
    return [template(mention, day) for mention in mentions if in_scope(mention, day)]


def in_scope(mention: EventMention, published: date | None) -> bool:
    """Whether MUC-4 has a template for it."""
    if mention.sub_event_type not in TYPES or mention.aggregate:
        return False
    if mention.status not in (Status.HAPPENED, Status.DENIED):
        return False
    if mention.place.country and mention.place.country not in COUNTRIES:
        return False
    end = mention.when.end
    if end is not None and published is not None and published - end > OLDEST:
        return False
    return not _is_warfare(mention)


def _is_warfare(mention: EventMention) -> bool:
    """Guerrillas against soldiers, or soldiers against guerrillas: no civilian and no property is hit."""
    targets = {actor.kind for actor in mention.actors if actor.role in (Role.TARGET, Role.OBJECT)}
    initiators = {actor.kind for actor in mention.actors if actor.role is Role.INITIATOR}
    if not targets:
        return mention.sub_event_type == "Armed clash"
    fought = bool(targets & _GUERRILLA or initiators or mention.event_type == "Battles")
    return fought and targets <= (_STATE | _GUERRILLA)


def template(mention: EventMention, published: date | None) -> Row:
    """One mention as ``score.py`` reads it; a resolved actor gives its name as named and its canonical one."""
    start, end = mention.when.start, mention.when.end
    if start is None:
        start = end = published
    initiators = [actor for actor in mention.actors if actor.role is Role.INITIATOR]
    place = mention.place
    return {
        "type": TYPES[mention.sub_event_type],
        "date": {"start": start.isoformat(), "end": (end or start).isoformat()} if start else None,
        "country": country_name(place.country),
        "locations": [name for name in (place.name, place.gazetteer_name, place.admin1, place.admin2) if name],
        "perpetrators": [_filler(a) for a in initiators if not _is_organisation(a) or _has_members(a)],
        "perpetrator_organizations": [_filler(a) for a in initiators if _is_organisation(a)],
        "victims": [_filler(a) for a in mention.actors if a.role is Role.TARGET and a.kind != _OBJECT],
        "targets": [_filler(a) for a in mention.actors if a.role is Role.OBJECT],
        "instruments": [mention.weapon] if mention.weapon else [],
        "killed": mention.killed.best,
        "injured": mention.injured.best,
    }


def _is_organisation(actor: Actor) -> bool:
    return actor.actor_id is not None or (actor.name[:1].isupper() and actor.kind not in ("civilians", "unknown"))


def _has_members(actor: Actor) -> bool:
    """Whether a name is of people of an organisation: "members of the FMLN", "Army soldiers"."""
    return any(word.islower() and len(word) > 3 for word in actor.name.split())


def _filler(actor: Actor) -> Row:
    return {"any_of": [name for name in (actor.name, actor.canonical_name) if name]}
