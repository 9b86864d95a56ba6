"""Which of what a text seems to tell of is an event: rules, and a learned head where they leave one out or doubt one.

The rules ask for signs of an incident (a day, a place, a toll, sides). The head (``seeds/models/events.json``, made by
``benchmarks/train_events.py``; recipe, data and score in ``docs/extraction.md``) judges the mention made of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.mention import EventMention, Role, Status
from tasks.events.dates.expressions import DateKind
from tasks.events.document import Facts
from tasks.events.incidents import Incident
from tasks.events.language.vocabulary import acts, acts_by_subtype
from tasks.events.learned_parts import is_learned
from tasks.reference.linear import Linear, load_linear

#: Mentions up to this many are a paragraph's or a short report's.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """A mention with what the rules say: ``told`` of an incident, no ``shadow`` of another, ``worth`` keeping."""

    mention: EventMention
    told: bool
    shadow: bool
    worth: bool

    @property
    def by_rules(self) -> bool:
        """Whether the rules keep it."""
        return self.told and self.worth and not self.shadow


@cache
def event_model() -> Linear:
    """The shipped weights. Raises :class:`SeedError`."""
    return load_linear("models/events.json", "benchmarks/train_events.py")


def probabilities(judged: Sequence[Judged]) -> list[float]:
    """How likely each mention of a text is an event."""
    model = event_model()
    return [model.probabilities(event_features(judged, index))["event"] for index in range(len(judged))]


def kept(judged: Sequence[Judged], likely: Sequence[float]) -> Iterator[tuple[EventMention, float]]:
    """What the rules keep, unless the head is sure it is none; and violence the head alone is sure of.

    Where the rules keep few, all stay: the head learned from whole articles, and does not silence a paragraph.
    """
    few = sum(one.by_rules for one in judged) <= _FEW
    for one, probability in zip(judged, likely, strict=True):
        if is_kept(one, probability) or (one.by_rules and few):
            yield one.mention, probability


def is_kept(judged: Judged, probability: float) -> bool:
    """Whether a mention stays by itself: by the rules, unless it is unlikely violence that counts nobody."""
    limits = event_model().thresholds
    if judged.by_rules:
        return not is_violence(judged.mention) or counts(judged.mention) or probability >= limits["drop"]
    happened = judged.mention.status in (Status.HAPPENED, Status.DENIED) and is_violence(judged.mention)
    return happened and has_a_sign(judged.mention) and probability >= limits["rescue"]


def has_a_sign(mention: EventMention) -> bool:
    """Whether a mention says when, where or how many: with none of these nobody could find it again."""
    return counts(mention) or mention.when.start is not None or mention.place.name is not None


def counts(mention: EventMention) -> bool:
    """Whether a mention counts somebody killed or injured: a figure is an event's, however it is told."""
    return bool(mention.killed.best or mention.injured.best)


def is_violence(mention: EventMention) -> bool:
    """Whether a mention is of violence: the head knows nothing else."""
    return acts_by_subtype()[mention.sub_event_type].family == "violence"


def event_features(judged: Sequence[Judged], index: int) -> list[str]:
    """What the model looks at, as names of the features that hold; nothing of where or against whom it was."""
    one = judged[index]
    mention = one.mention
    names = [
        f"told:{one.told}",
        f"shadow:{one.shadow}",
        f"worth:{one.worth}",
        f"rules:{one.by_rules}",
        f"type:{mention.sub_event_type}",
        f"status:{mention.status.value}",
        f"aggregate:{mention.aggregate}",
        f"date precision:{mention.when.precision}",
        f"place precision:{mention.place.precision} {mention.place.name is not None}",
        f"killed:{_bucket(mention.killed.best)}",
        f"injured:{_bucket(mention.injured.best)}",
        f"weapon:{mention.weapon is not None}",
        f"length:{min(10, (mention.sentence_end - mention.sentence_start) // 60)}",
        f"from the top:{min(6, mention.sentence_start // 500)}",
        f"order:{min(index, 5)}",
        f"of:{min(len(judged), 8)}",
        f"again:{any(o.mention.sub_event_type == mention.sub_event_type for o in judged[:index])}",
    ]
    return list(dict.fromkeys([*names, *_of_evidence(mention), *_of_actors(mention)]))


def _of_evidence(mention: EventMention) -> Iterator[str]:
    yield f"pieces:{min(12, len(mention.evidence))}"
    for piece in mention.evidence:
        rule = piece.rule.split(";")[0]
        if piece.field == "trigger":
            yield f"trigger:{piece.quote.lower()}"
            yield f"act:{piece.rule}"
        elif piece.field in ("status", "date", "place"):
            yield f"{piece.field}:{rule}"
        elif piece.field in ("killed", "injured"):
            yield f"{piece.field} by:{rule}"
    for claim in mention.claims:
        yield f"claim:{claim.stance.value} {claim.about}"


def _of_actors(mention: EventMention) -> Iterator[str]:
    by_grammar = {piece.field for piece in mention.evidence if not is_learned(piece.rule)}
    for role in (Role.INITIATOR, Role.TARGET, Role.OBJECT):
        held = [actor for actor in mention.actors if actor.role is role]
        yield f"{role.value}:{min(3, len(held))}"
        yield f"{role.value} by grammar:{role.value in by_grammar}"
        if any(actor.name[:1].isupper() for actor in held):
            yield f"{role.value} named"
        if any(actor.actor_id for actor in held):
            yield f"{role.value} known"


def _bucket(count: int | None) -> str:
    if count is None or count < 2:
        return str(count)
    return "few" if count < 6 else "some" if count < 21 else "many"


def is_told(facts: Facts, incident: Incident) -> bool:
    """Whether a text tells of an incident and not of a kind: a day, a place, a toll, or somebody against somebody."""
    tellings = incident.tellings
    if all(t.acts == {"kill"} and t.tolls and not any(toll.best for toll in t.tolls) for t in tellings):
        return False
    statuses = {telling.status.status for telling in tellings}
    dated = any(t.when.evidence for t in tellings) or names_a_day(facts, incident)
    counted = any(t.tolls for t in tellings)
    roles = {p.actor.role for t in tellings for p in t.people}
    sides = Role.INITIATOR in roles and bool(roles & {Role.TARGET, Role.OBJECT})
    if statuses == {Status.BACKGROUND}:
        return dated and (counted or any(t.place for t in tellings))
    if statuses & {Status.HYPOTHETICAL} and Status.HAPPENED not in statuses:
        return all(t.status.rule != "purpose" for t in tellings) and sides and (dated or bool(incident.places))
    if statuses <= {Status.PLANNED, Status.THREATENED}:
        return Role.INITIATOR in roles
    told = any(a in _GATHERINGS or _is_peaceful(a) for t in tellings for a in t.acts)
    taken = any(act in _DONE_TO_PERSONS for t in tellings for act in t.acts) and Role.TARGET in roles
    return dated or counted or bool(incident.places) or sides or (told and Role.INITIATOR in roles) or taken


#: Open acts of people who gather, and of those who take ground.
_GATHERINGS = frozenset({"protest", "riot", "capture"})


#: Acts that whom they were done to tells of: "at least nine women were raped".
_DONE_TO_PERSONS = frozenset({"sexual_violence", "abduction", "arrest"})


def _is_peaceful(act: str) -> bool:
    return act in acts() and acts()[act].family != "violence"


def names_a_day(facts: Facts, incident: Incident) -> bool:
    """Whether its sentences name a day that no day of publication resolves: "on Thursday" of a text without one."""
    if facts.document.published_day is not None:
        return False
    sentences = [telling.sentence for telling in incident.tellings]
    days = [span for span in facts.dates if span.kind is DateKind.DAY and span.when.start is None]
    return any(s.start <= day.start < s.end for day in days for s in sentences)


def is_shadow(incident: Incident, incidents: Sequence[Incident]) -> bool:
    """Whether an incident is no more than a noun beside another in its sentence: "after days of fighting"."""
    if len(incident.tellings) > 1 or not all(trigger.noun for trigger in incident.tellings[0].triggers):
        return False
    mine = incident.tellings[0]
    others = [t for other in incidents if other is not incident for t in other.tellings]
    beside = any(other.sentence == mine.sentence for other in others)
    return beside and not mine.people and not mine.tolls


def is_worth(mention: EventMention, *, dated: bool) -> bool:
    """Whether a mention says enough to be found again: two of day, place, toll, initiator, target.

    Parts the learned head gave are no sign of an event: it gives them to what is told nearby. One is enough outside of
    violence, whose words ("attack", "killed") are told of everything.
    """
    said = (
        mention.when.start is not None or dated,
        mention.place.name is not None,
        any(toll.best is not None for toll in (mention.killed, mention.injured, mention.detained, mention.displaced)),
        any(piece.field == "initiator" and not is_learned(piece.rule) for piece in mention.evidence),
        any(piece.field in ("target", "object") and not is_learned(piece.rule) for piece in mention.evidence),
    )
    peaceful = acts_by_subtype()[mention.sub_event_type].family != "violence"
    return sum(said) >= (1 if peaceful and mention.status is Status.HAPPENED else 2)
