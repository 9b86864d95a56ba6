"""MUC-4's scope and words for our mentions: a declared mapping, kept here and out of the product.

MUC-4 (task documentation, 1992) asks for terrorist acts in nine Latin American countries, in seven types. It leaves out
what a general coder must keep: fights of guerrillas with armies, incidents older than two months, tolls of many
incidents at once, what is only planned; guerrillas are no human target of it. Nothing is added: a field the mention
lacks stays empty, but for the date: MUC-4 has an undated incident fall "on or before" the day of the report.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.linear import Linear, load_linear
from schemas.mention import Actor, EventMention, Role, Status
from tasks.evaluation.gold import labels
from tasks.reference.actors import actor_nouns
from tasks.reference.places import country_name

Row = dict[str, Any]

SCOPE = Path(__file__).with_name("muc4_scope.json")

#: ACLED's sub-types as MUC-4's types (``seeds/gold_labels.csv``); the others are out of scope.
TYPES = {sub_type: label for label, sub_type in labels("muc4")}
#: The nine countries of the task (ISO alpha-2), and where the key has others.
COUNTRIES = frozenset({"AR", "BO", "CL", "CO", "EC", "SV", "GT", "HN", "PE"})
#: An incident older than this is not in the key.
OLDEST = timedelta(days=61)
_STATE = frozenset({"state_forces", "external_forces", "police", "intelligence"})
_GUERRILLA = frozenset({"rebel", "political_militia", "identity_militia", "unidentified_armed", "criminal"})
_OBJECT = "property"
#: Kinds that are organisations where they are not persons: "the army".
_FORCES = frozenset({"state_forces", "external_forces", "police", "intelligence", "government"})


def templates(mentions: Iterable[EventMention], published: str | None) -> list[Row]:
    """The mentions in MUC-4's scope as templates, in text order."""
    day = date.fromisoformat(published) if published else None
    typed = [mention for mention in mentions if mention.sub_event_type in TYPES]
    model = scope_model()
    likely = [model.probabilities(scope_features(typed, index, day))["event"] for index in range(len(typed))]
    return [template(m, day) for m, p in zip(typed, likely, strict=True) if p >= model.thresholds["in"]]


def day_of(row: Row) -> date | None:
    """The day of a document of the key."""
    return date.fromisoformat(row["publication_date"]) if row["publication_date"] else None


@cache
def scope_model() -> Linear:
    """MUC-4's scope over a mention's own fields, learned from its training half.

    It was learned from the mentions of the rules; learned anew from the reader's it scored no better on dev.
    """
    return load_linear(SCOPE)


def scope_features(mentions: Sequence[EventMention], index: int, published: date | None) -> list[str]:
    """What the scope is told by, as names of the features that hold."""
    mention = mentions[index]
    kinds: dict[Role, set[str]] = {}
    for actor in mention.actors:
        kinds.setdefault(actor.role, set()).add(actor.kind)
    initiators, targets = kinds.get(Role.INITIATOR, set()), kinds.get(Role.TARGET, set())
    country = mention.place.country
    trigger = next(piece.quote.lower() for piece in mention.evidence if piece.field == "trigger")
    return [
        f"declared:{in_scope(mention, published)}",
        f"type:{mention.sub_event_type}",
        f"status:{mention.status.value}",
        f"aggregate:{mention.aggregate}",
        f"country:{'none' if not country else 'nine' if country in COUNTRIES else 'other'}",
        f"age:{_age(mention, published)}",
        f"place:{mention.place.precision}",
        f"warfare:{_is_warfare(mention)}",
        f"forces only:{bool(targets) and targets <= _STATE}",
        f"rebels only:{bool(targets) and targets <= _GUERRILLA}",
        f"objects:{bool(kinds.get(Role.OBJECT))}",
        f"trigger:{trigger}",
        f"weapon:{mention.weapon}",
        f"killed:{_bucket(mention.killed.best)}",
        f"injured:{_bucket(mention.injured.best)}",
        f"confidence:{round(mention.confidence, 1)}",
        f"order:{min(index, 5)}",
        f"of:{min(len(mentions), 8)}",
        f"again:{any(m.sub_event_type == mention.sub_event_type for m in mentions[:index])}",
        f"from the top:{min(6, mention.sentence_start // 500)}",
        f"claims:{bool(mention.claims)}",
        f"pieces:{min(12, len(mention.evidence))}",
        *(f"{role.value}:{kind}" for role, held in kinds.items() for kind in sorted(held)),
        *(f"{role.value}:{kind} {mention.event_type}" for role, held in kinds.items() for kind in sorted(held)),
        *(f"sides:{one} {other}" for one in sorted(initiators) for other in sorted(targets)),
    ]


def _age(mention: EventMention, published: date | None) -> str:
    end = mention.when.end
    if end is None or published is None:
        return "unknown"
    days = (published - end).days
    return next((f"<{limit}" for limit in (1, 2, 8, 31, 62, 200) if days < limit), "old")


def _bucket(count: int | None) -> str:
    if count is None or count < 2:
        return str(count)
    return "few" if count < 6 else "some" if count < 21 else "many"


def in_scope(mention: EventMention, published: date | None) -> bool:
    """Whether MUC-4 has a template for it, by the letter of its documentation; one sign of many for the model."""
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
        "perpetrators": [{"any_of": [name]} for a in initiators if (name := _members(a))],
        "perpetrator_organizations": [{"any_of": names} for a in initiators if (names := _organisation(a))],
        "victims": [_filler(a) for a in mention.actors if a.role is Role.TARGET and a.kind not in (_OBJECT, "rebel")],
        "targets": [_filler(a) for a in mention.actors if a.role is Role.OBJECT],
        "instruments": [piece.quote for piece in mention.evidence if piece.field == "weapon"],
        "killed": mention.killed.best,
        "injured": mention.injured.best,
    }


def _organisation(actor: Actor) -> list[str]:
    """The names of the organisation an actor is, or is of: "the FMLN", "members of the FMLN"; "soldiers" are none."""
    known = actor.actor_id is not None or actor.kind in _FORCES
    if not known and not (actor.name[:1].isupper() and actor.kind not in ("civilians", "unknown")):
        return []
    persons = bool(_members(actor))
    whose = actor.name.split(" of ", 1)[1] if persons and " of " in actor.name else "" if persons else actor.name
    return [name for name in (whose.removeprefix("the "), actor.canonical_name) if name]


def _members(actor: Actor) -> str:
    """The persons among an actor: "members of the FMLN" and "Army soldiers" are, "the FMLN" is none."""
    head = actor.name.split(" of ")[0].split()[-1].lower()
    noun = actor_nouns().get(head)
    if actor.actor_id is None and actor.kind not in _FORCES:
        return actor.name
    return actor.name.split(" of ")[0] if noun is not None and noun.use == "person" else ""


def _filler(actor: Actor) -> Row:
    return {"any_of": [name for name in (actor.name, actor.canonical_name) if name]}
