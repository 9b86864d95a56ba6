"""From an article to its event mentions: every value with the characters it was read from."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from schemas.article import Article
from schemas.mention import EventMention, Evidence, Place, Toll, When
from tasks.events import proof
from tasks.events.accounts import claims_of
from tasks.events.actors.resolve import is_former
from tasks.events.aggregates import is_aggregate
from tasks.events.choices import (
    cause_of,
    date_of,
    less_the_killed,
    main_telling,
    mode_of,
    other_accounts,
    people_of,
    status_of,
    toll_of,
    weapon_of,
)
from tasks.events.confidence import with_confidence
from tasks.events.document import Document, Facts, document_of, read_document
from tasks.events.incidents import Incident, find_incidents
from tasks.events.keeping import Judged, is_shadow, is_told, is_worth, kept, names_a_day, probabilities
from tasks.events.language.casing import is_shouted, true_cased
from tasks.events.learned_parts import Heads, add_parts
from tasks.events.placing import country_only, in_country, place_of
from tasks.events.prefilter import may_hold_trigger
from tasks.events.scope import is_exercise, is_misadventure, tells_of_nothing_real
from tasks.events.subtypes import act_told, decide
from tasks.events.tellings import find_tellings
from tasks.events.toll_head import TollsTold
from tasks.events.tolls.casualties import TollKind, TollSpan
from tasks.events.triggers import find_triggers
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
    if not document.language.startswith("en") or not may_hold_trigger(document.text):
        return ()
    if not is_shouted(document.text):
        return _coded(document)
    mentions = _coded(replace(document, text=true_cased(document.text)))
    return tuple(proof.checked(document.text, proof.as_written(document.text, mention)) for mention in mentions)


def _coded(document: Document) -> tuple[EventMention, ...]:
    found = judged(document)
    told = [replace(mention, confidence=round(p, 2)) for mention, p in kept(found, probabilities(found))]
    whole = (replace(m, aggregate=True) if sums_others(m, told) else m for m in told)
    return tuple(with_confidence(mention) for mention in whole)


def judged(document: Document, heads: Heads | None = None) -> tuple[Judged, ...]:
    """Everything a text, in a reader's case, may tell of, each with what the rules say of it.

    ``heads`` are others than the shipped ones: training needs heads that have not seen the text.
    """
    return judged_facts(read_document(document), heads)


def judged_facts(facts: Facts, heads: Heads | None = None) -> tuple[Judged, ...]:
    """The same of a text that is read."""
    incidents = _incidents(facts, heads)
    return tuple(
        Judged(
            mention := mention_of(facts, incident, incidents),
            told=is_told(facts, incident),
            shadow=is_shadow(incident, incidents),
            worth=is_worth(mention, dated=names_a_day(facts, incident)),
        )
        for incident in incidents
    )


def read_incidents(document: Document) -> tuple[Facts, tuple[Incident, ...]]:
    """What a text, in a reader's case, holds and the incidents it may tell of."""
    facts = read_document(document)
    return facts, _incidents(facts, None)


def _incidents(facts: Facts, heads: Heads | None) -> tuple[Incident, ...]:
    """The incidents of a text with their parts; none for a game or a story, a drill or an accident."""
    if tells_of_nothing_real(facts):
        return ()
    tellings = find_tellings(facts, find_triggers(facts.doc, facts.grounds))
    incidents = tuple(i for i in find_incidents(tellings) if not (is_exercise(facts, i) or is_misadventure(facts, i)))
    add_parts(facts, tellings, incidents, heads)
    return incidents


#: A total is looked for among this many figures at most.
_PARTS = 4


def sums_others(mention: EventMention, mentions: Sequence[EventMention]) -> bool:
    """Whether a toll is the total of events told of after it: "13 killed", then 5 here and 8 there."""
    parts = [
        other
        for other in mentions
        if other.trigger_start > mention.trigger_start
        and _may_hold(mention, other.place)
        and _may_be_one_day(mention.when, other.when)
    ]
    killed = [other.killed.best for other in parts if other.killed.best]
    held = [other.detained.best for other in parts if other.detained.best and other.event_type == mention.event_type]
    return _adds_up(mention.killed.best, killed) or _adds_up(mention.detained.best, held)


def _adds_up(total: int | None, figures: Sequence[int]) -> bool:
    """Whether two figures or more add up to a total."""
    if total is None or total < _PARTS - 1:
        return False
    sizes = range(2, min(_PARTS, len(figures)) + 1)
    return any(sum(some) == total for size in sizes for some in combinations(figures, size))


def _may_be_one_day(one: When, other: When) -> bool:
    return one.start is None or other.start is None or one.start == other.start


#: The coarsest precision (UCDP where_prec) of a town, which holds no other.
_TOWN = 2


def _may_hold(mention: EventMention, inner: Place) -> bool:
    """Whether a mention's place may have another in it: three killed in one town are no sum of two towns' dead.

    A town that a head chose for a wider place, or that was carried over, is that wider one here.
    """
    outer = mention.place
    if outer.country and inner.country and outer.country != inner.country:
        return False
    if outer.precision != _COUNTRY and outer.admin1 and inner.admin1 and outer.admin1 != inner.admin1:
        return False
    told = [piece.rule for piece in mention.evidence if piece.field == "place"]
    chosen = any(rule.startswith("learned") or "carried over" in rule for rule in told)
    exact = outer.name is not None and (outer.place_id is None or (outer.precision or 9) <= _TOWN) and not chosen
    is_seat = outer.admin1 is not None and outer.admin1 == (outer.gazetteer_name or outer.name)
    return not exact or is_seat or inner.place_id in (None, outer.place_id) or (inner.precision or 9) > _TOWN


#: The precision (UCDP where_prec) of a country.
_COUNTRY = 6


def mention_of(facts: Facts, incident: Incident, incidents: Sequence[Incident]) -> EventMention:
    """An incident as a mention; raises :class:`NotInTextError` where a value would not stand in the text."""
    people = people_of(incident, incidents)
    told = [act_told(trigger, facts.text) for telling in incident.tellings for trigger in telling.triggers]
    weapons = [weapon for telling in incident.tellings for weapon in telling.weapons]
    hurt = [toll.who for telling in incident.tellings for toll in telling.tolls if toll.who]
    victims = ["civilian" if is_former(who) else who.split()[-1] for who in hurt]
    act = decide(told, weapons, people, victims)
    main, trigger = main_telling(facts, incident, act)
    when = date_of(facts, incident, main, trigger, incidents)
    place = place_of(facts, incident, incidents, main)
    figures = TollsTold(facts.text, facts.sentences, facts.tolls)
    tolls = {field: toll_of(figures, incident, kinds) for field, kinds in _KINDS.items()}
    tolls["injured"] = less_the_killed(tolls["injured"], tolls["killed"])
    accounts = {field: other_accounts(incident, kinds, tolls[field]) for field, kinds in _KINDS.items()}
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
        *(piece for field, told in accounts.items() for toll in told for piece in proof.of_account(facts, field, toll)),
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
            place=in_country(facts, place[0].place) if place else country_only(facts),
            actors=tuple(person.actor for person in people),
            weapon=weapon.row.weapon if weapon else None,
            cause=facts.text[cause[0] : cause[1]] if cause else None,
            killed=_figures(tolls["killed"], accounts["killed"]),
            injured=_figures(tolls["injured"], accounts["injured"]),
            detained=_figures(tolls["detained"], accounts["detained"]),
            displaced=_figures(tolls["displaced"], accounts["displaced"]),
            claims=claims,
            evidence=tuple(evidence),
            confidence=0.0,
            coder=CODER,
            coder_version=code_version(),
        ),
    )


def _figures(toll: TollSpan | None, accounts: Sequence[TollSpan]) -> Toll:
    """The first figure given; its low and high go as far as the other accounts of the text."""
    if toll is None:
        return Toll()
    if not accounts:
        return Toll(toll.low, toll.best, toll.high, toll.who)
    told = [toll, *accounts]
    lows = [figure for one in told if (figure := one.best if one.low is None else one.low) is not None]
    highs = [figure for one in told if (figure := one.best if one.high is None else one.high) is not None]
    return Toll(min(lows), toll.best, max(highs), toll.who)
