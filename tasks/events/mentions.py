"""From an article to its event mentions: every value with the characters it was read from."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from schemas.article import Article
from schemas.mention import EventMention, Evidence, Role, Status, Toll
from tasks.events import proof
from tasks.events.accounts import claims_of
from tasks.events.casing import is_shouted, true_cased
from tasks.events.casualties import TollKind, TollSpan
from tasks.events.choices import (
    PlaceChoice,
    cause_of,
    country_only,
    date_of,
    is_aggregate,
    less_the_killed,
    main_telling,
    mode_of,
    people_of,
    place_of,
    status_of,
    toll_of,
    weapon_of,
)
from tasks.events.document import Document, Facts, document_of, read_document
from tasks.events.incidents import Incident, find_incidents
from tasks.events.participants import Participant
from tasks.events.subtypes import decide
from tasks.events.tellings import Telling, find_tellings
from tasks.events.triggers import find_triggers, may_tell
from tasks.events.vocabulary import acts, acts_by_subtype, vocabulary
from tasks.events.when import DateChoice, DateKind
from tasks.reference.version import code_version

#: The name of this coder in the warehouse.
CODER = "rules"
_KINDS = {
    "killed": (TollKind.KILLED,),
    "injured": (TollKind.INJURED,),
    "detained": (TollKind.DETAINED, TollKind.CAPTURED),
    "displaced": (TollKind.DISPLACED,),
}


def code_article(article: Article, source_country: str | None = None) -> tuple[EventMention, ...]:
    """The event mentions of an article, in text order; none where its language is not English."""
    return code_text(document_of(article, source_country))


def code_text(document: Document) -> tuple[EventMention, ...]:
    """The event mentions of a document, in text order. Raises :class:`NotInTextError` rather than make a value up.

    A text in capitals is read in the case of a reader; its quotes stay as written, names are given in that case.
    """
    if not document.language.startswith("en") or not may_tell(document.text):
        return ()
    if not is_shouted(document.text):
        return _coded(document)
    mentions = _coded(replace(document, text=true_cased(document.text)))
    return tuple(proof.checked(document.text, proof.as_written(document.text, mention)) for mention in mentions)


def _coded(document: Document) -> tuple[EventMention, ...]:
    facts = read_document(document)
    if _is_of_a_game(facts):
        return ()
    incidents = find_incidents(find_tellings(facts, find_triggers(facts.doc)))
    kept = [incident for incident in incidents if _is_told(facts, incident) and not _is_shadow(incident, incidents)]
    mentions = [_mention(facts, incident, incidents) for incident in kept]
    dated = {id(m) for m, i in zip(mentions, kept, strict=True) if _names_a_day(facts, i)}
    worth = [mention for mention in mentions if _is_worth(mention, dated=id(mention) in dated)]
    return tuple(replace(m, aggregate=True) if sums_others(m, worth) else m for m in worth)


#: Words of a game that make a page one of a game.
_GAME_WORDS = 4


def _is_of_a_game(facts: Facts) -> bool:
    """Whether a page tells of a game: its attacks, strikes and shots are metaphors. Nobody is killed in one."""
    words = {token.lower_ for token in facts.doc} & vocabulary().words("sport")
    killed = any(toll.kind is TollKind.KILLED and toll.best for tolls in facts.tolls for toll in tolls)
    return len(words) >= _GAME_WORDS and not killed


#: A total is looked for among this many figures at most.
_PARTS = 4


def sums_others(mention: EventMention, mentions: Sequence[EventMention]) -> bool:
    """Whether a toll is the total of other events of the page: "13 killed", then 5 here and 8 there."""
    total = mention.killed.best
    if total is None or total < 3:
        return False
    others = [
        other.killed.best
        for other in mentions
        if other is not mention
        and other.killed.best
        and (other.when.start is None or mention.when.start is None or other.when.start == mention.when.start)
    ]
    sizes = range(2, min(_PARTS, len(others)) + 1)
    return any(sum(parts) == total for size in sizes for parts in combinations(others, size))


def _is_told(facts: Facts, incident: Incident) -> bool:
    """Whether a text tells of an incident and not of a kind: a day, a place, a toll, or somebody against somebody."""
    tellings = incident.tellings
    if all(t.acts == {"kill"} and t.tolls and not any(toll.best for toll in t.tolls) for t in tellings):
        return False
    statuses = {telling.status.status for telling in tellings}
    dated = any(t.when.evidence for t in tellings) or _names_a_day(facts, incident)
    counted = any(t.tolls for t in tellings)
    roles = {p.actor.role for t in tellings for p in t.people}
    sides = {Role.INITIATOR, Role.TARGET} <= roles
    if statuses == {Status.BACKGROUND}:
        return dated and (counted or any(t.place for t in tellings))
    if statuses & {Status.HYPOTHETICAL} and Status.HAPPENED not in statuses:
        return all(t.status.rule != "purpose" for t in tellings) and sides and (dated or bool(incident.places))
    if statuses <= {Status.PLANNED, Status.THREATENED}:
        return Role.INITIATOR in roles
    told = any(a in _GATHERINGS or _is_peaceful(a) for t in tellings for a in t.acts)
    return dated or counted or bool(incident.places) or sides or (told and Role.INITIATOR in roles)


#: Open acts of people who gather.
_GATHERINGS = frozenset({"protest", "riot"})


def _is_peaceful(act: str) -> bool:
    return act in acts() and acts()[act].family != "violence"


def _names_a_day(facts: Facts, incident: Incident) -> bool:
    """Whether its sentences name a day that no day of publication resolves: "on Thursday" of a text without one."""
    if facts.document.published_day is not None:
        return False
    sentences = [telling.sentence for telling in incident.tellings]
    days = [span for span in facts.dates if span.kind is DateKind.DAY and span.when.start is None]
    return any(s.start <= day.start < s.end for day in days for s in sentences)


def _is_shadow(incident: Incident, incidents: Sequence[Incident]) -> bool:
    """Whether an incident is no more than a noun beside another in its sentence: "after days of fighting"."""
    if len(incident.tellings) > 1 or not all(trigger.noun for trigger in incident.tellings[0].triggers):
        return False
    mine = incident.tellings[0]
    others = [t for other in incidents if other is not incident for t in other.tellings]
    beside = any(other.sentence == mine.sentence for other in others)
    return beside and not mine.people and not mine.tolls


def _is_worth(mention: EventMention, *, dated: bool) -> bool:
    """Whether a mention says enough to be found again: two of day, place, toll, initiator, target.

    One is enough outside of violence, whose words ("attack", "killed") are told of everything.
    """
    said = (
        mention.when.start is not None or dated,
        mention.place.name is not None,
        any(toll.best is not None for toll in (mention.killed, mention.injured, mention.detained, mention.displaced)),
        any(actor.role is Role.INITIATOR for actor in mention.actors),
        any(actor.role is Role.TARGET for actor in mention.actors),
    )
    peaceful = acts_by_subtype()[mention.sub_event_type].family != "violence"
    return sum(said) >= (1 if peaceful and mention.status is Status.HAPPENED else 2)


def _mention(facts: Facts, incident: Incident, incidents: Sequence[Incident]) -> EventMention:
    people = people_of(incident, incidents)
    told = [trigger.act for telling in incident.tellings for trigger in telling.triggers]
    weapons = [weapon for telling in incident.tellings for weapon in telling.weapons]
    victims = [toll.who.split()[-1] for telling in incident.tellings for toll in telling.tolls if toll.who]
    act = decide(told, weapons, people, victims)
    main, trigger = main_telling(facts, incident, act)
    when = date_of(facts, incident, main, trigger)
    place = place_of(facts, incident, incidents, main)
    tolls = {field: toll_of(incident, kinds) for field, kinds in _KINDS.items()}
    tolls["injured"] = less_the_killed(tolls["injured"], tolls["killed"])
    cause = cause_of(facts, incident)
    claims = claims_of(facts, incident, incidents)
    status = status_of(facts, incident, incidents, when.when, main)
    weapon = weapon_of(weapons, act)
    evidence = [
        Evidence("trigger", trigger.start, trigger.end, facts.text[trigger.start : trigger.end], act.act),
        *proof.of_status(facts, main),
        *([replace(when.evidence, field="date")] if when.evidence else []),
        *proof.of_place(facts, place, incident),
        *proof.of_actors(facts, people),
        *(piece for field, toll in tolls.items() if toll for piece in proof.of_toll(facts, field, toll)),
        *([proof.quoted(facts, "weapon", weapon.start, weapon.end, weapon.row.weapon)] if weapon else []),
        *([proof.quoted(facts, "cause", *cause, "stated cause")] if cause else []),
        *(Evidence("claim", claim.start, claim.end, claim.quote, claim.stance.value) for claim in claims),
    ]
    return proof.checked(
        facts.text,
        EventMention(
            article_id=facts.document.article_id,
            version_id=facts.document.version_id,
            sentence_start=main.sentence.start,
            sentence_end=main.sentence.end,
            trigger_start=trigger.start,
            trigger_end=trigger.end,
            event_type=act.event_type,
            sub_event_type=act.sub_event_type,
            plover_type=act.plover_type,
            plover_mode=mode_of(act, weapon, told),
            status=status,
            aggregate=is_aggregate(facts, incident, when.when, tolls["killed"]),
            when=when.when,
            place=place[0].place if place else country_only(facts),
            actors=tuple(person.actor for person in people),
            weapon=weapon.row.weapon if weapon else None,
            cause=facts.text[cause[0] : cause[1]] if cause else None,
            killed=_figures(tolls["killed"]),
            injured=_figures(tolls["injured"]),
            detained=_figures(tolls["detained"]),
            displaced=_figures(tolls["displaced"]),
            claims=claims,
            evidence=tuple(evidence),
            confidence=_confidence(main, when, place, tolls["killed"], people),
            coder=CODER,
            coder_version=code_version(),
        ),
    )


def _figures(toll: TollSpan | None) -> Toll:
    return Toll(toll.low, toll.best, toll.high, toll.who) if toll else Toll()


def _confidence(
    main: Telling,
    when: DateChoice,
    place: PlaceChoice | None,
    killed: TollSpan | None,
    people: tuple[Participant, ...],
) -> float:
    """From 0.3: +0.2 own day, +0.2 own resolved place, +0.1 each for toll, initiator, target; carried over: half.

    A sum of what was found where, not a probability: no data has calibrated it.
    """
    score = 0.3
    if when.evidence:
        score += 0.2 if main.when.evidence == when.evidence else 0.1
    if place:
        score += (0.2 if place[1] == "own sentence" else 0.1) if place[0].place.place_id else 0.05
    roles = {person.actor.role for person in people}
    score += 0.1 * sum((killed is not None, Role.INITIATOR in roles, Role.TARGET in roles))
    return round(min(score, 1.0), 2)
