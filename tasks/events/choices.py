"""Which of what an incident's sentences say becomes the mention's: its day, place, people, tolls, status, cause."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from schemas.mention import Role, Status, When
from tasks.events.accounts import is_denied
from tasks.events.claims import find_cause
from tasks.events.dates.expressions import DateChoice, DateKind, choose_date, day_after, later_date
from tasks.events.document import Facts
from tasks.events.incidents import Incident, is_rival, sums_up
from tasks.events.language.phrases import phrase_with_complements
from tasks.events.language.vocabulary import Act, vocabulary
from tasks.events.participants import Participant
from tasks.events.subtypes import WeaponFound
from tasks.events.tellings import Telling
from tasks.events.toll_head import WEIGHED, TollsTold, own_probability, with_probability
from tasks.events.tolls.casualties import TollKind, TollSpan, sum_tolls
from tasks.events.triggers import Trigger
from tasks.reference.actors import actor_words
from tasks.reference.places import demonyms

#: An event that ended more than this many days before publication is background, unless the text begins with it.
_OLD_DAYS = 21
#: One told by its month or year that ended more than this many days before is recalled: at a trial, an anniversary.
_LONG_AGO_DAYS = 180
#: Sentences from the top that count as the lead; also how far a place is carried over.
LEAD_SENTENCES = 3


def main_telling(facts: Facts, incident: Incident, act: Act) -> tuple[Telling, Trigger]:
    """The telling and trigger a mention is keyed by: the first that says what the incident was, past the title."""

    def order(pair: tuple[Telling, Trigger]) -> tuple[bool, bool, bool, int]:
        telling, trigger = pair
        happened = telling.status.status is Status.HAPPENED
        return not happened, telling.headline, trigger.act != act.act, trigger.start

    return min(((telling, trigger) for telling in incident.tellings for trigger in telling.triggers), key=order)


def date_of(
    facts: Facts, incident: Incident, main: Telling, trigger: Trigger, incidents: Sequence[Incident] = ()
) -> DateChoice:
    """The day of the main telling, else of the others, nearest first."""
    others = sorted(
        (t for t in incident.tellings if t is not main),
        key=lambda t: abs(t.sentence.index - main.sentence.index),
    )
    own = [t for t in (main, *others) if t.when.evidence and (t.when.when.precision or 9) <= 2]
    if own:
        return own[0].when
    if main.when.evidence and _is_participle(facts, trigger):
        # A month of its own goes before a day of the clause around it.
        return main.when
    chosen = choose_date(
        facts.text,
        facts.dates,
        (main.sentence.start, main.sentence.end),
        (trigger.start, trigger.end),
        earlier=[(t.sentence.start, t.sentence.end) for t in others],
        published=facts.document.published_day,
    )
    if chosen.evidence and (chosen.when.precision or 9) <= 2:
        return chosen
    after = facts.sentences[main.sentence.index + 1 : main.sentence.index + 1 + LEAD_SENTENCES]
    following = [(s.start, s.end) for s in after]
    later = later_date(facts.text, facts.dates, following)
    if later is not None or chosen.evidence:
        return later or chosen
    wide = later_date(facts.text, facts.dates, following, (DateKind.WEEK, DateKind.MONTH))
    taken = {t.sentence.index for one in incidents if one is not incident for t in one.tellings}
    free = list(itertools.takewhile(lambda s: s.index not in taken, after))[:2]
    found = wide or day_after(facts.text, facts.dates, [(s.start, s.end) for s in free])
    if found is None and main.status.status is Status.HAPPENED and not _is_past_perfect(facts, trigger):
        found = _day_of_the_lead(incident, incidents)
    return found or chosen


def _day_of_the_lead(incident: Incident, incidents: Iterable[Incident]) -> DateChoice | None:
    """The day the lead gives what the same side did: a report of one side's day tells of its other deeds undated."""
    mine = _sides(incident.tellings)
    for other in incidents:
        lead = [t for t in other.tellings if t.sentence.index < LEAD_SENTENCES and not t.headline]
        dated = next((t.when for t in lead if t.when.evidence and t.when.when.precision == 1), None)
        if other is not incident and dated is not None and mine & _sides(lead):
            return replace(dated, when=replace(dated.when, precision=2, reason=f"{dated.when.reason}:of the lead"))
    return None


def _sides(tellings: Iterable[Telling]) -> set[tuple[str, str | None]]:
    """Who did it, where a name or a country tells: "the army" is the same twice, "villagers" need not be."""
    doers = (person.actor for telling in tellings for person in telling.people if person.actor.role is Role.INITIATOR)
    return {(actor.actor_id or actor.kind, actor.country) for actor in doers if actor.actor_id or actor.country}


def _is_past_perfect(facts: Facts, trigger: Trigger) -> bool:
    """Whether a verb tells of before what is reported: "had bombed the town"."""
    return any(child.lower_ == "had" and child.dep_ == "aux" for child in facts.doc[trigger.token].children)


def _is_participle(facts: Facts, trigger: Trigger) -> bool:
    """Whether a trigger only describes a noun: "a journalist kidnapped in March"."""
    return facts.doc[trigger.token].dep_ == "acl"


def same_campaign(incident: Incident, incidents: Iterable[Incident]) -> Iterator[Incident]:
    """The other phase of a campaign: what is said of its beginning holds for its end."""
    phase = {"campaign_start": "campaign_end", "campaign_end": "campaign_start"}
    mine = {act for telling in incident.tellings for act in telling.specific if act in phase}
    for other in incidents:
        theirs = {act for telling in other.tellings for act in telling.specific}
        if any(phase[act] in theirs for act in mine):
            yield other


def people_of(incident: Incident, incidents: Iterable[Incident]) -> tuple[Participant, ...]:
    """The actors of an incident, each once a role; what its own sentences do not say comes from the same campaign."""
    own = [person for telling in incident.tellings for person in telling.people]
    found = _once([*own, *incident.nearby])
    roles = {person.actor.role for person in found}
    for other in same_campaign(incident, incidents):
        missing = {Role.INITIATOR, Role.TARGET} - roles
        found += _once(p for telling in other.tellings for p in telling.people if p.actor.role in missing)
        break
    if not any(person.actor.role is Role.INITIATOR for person in found):
        found += _once(_doers_of_the_total(incident, incidents))
    grounds = {place.place.country for place in incident.places}
    return tuple(_abroad(person, grounds) for person in _without_anybody(found))


#: Acts a side does all over a country in a night, which a total names it for.
_FROM_AFAR = frozenset({"shelling", "air_strike", "drone_strike", "strike", "bombing"})


def _doers_of_the_total(incident: Incident, incidents: Iterable[Incident]) -> Iterator[Participant]:
    """Who did a part of a total told before: "Russian attacks across Ukraine", then "a bomb hit a house in Lyptsi"."""
    if not any(telling.acts & _FROM_AFAR for telling in incident.tellings):
        return
    here = {found.place.country for found in incident.places}
    for other in takewhile(lambda one: one is not incident, incidents):
        there = {found.place.country for found in other.places}
        if sums_up(other) and None not in here and len(here | there) == 1:
            people = (person for telling in other.tellings for person in telling.people)
            yield from (
                replace(person, rule=f"{person.rule}; of the total")
                for person in people
                if person.actor.role is Role.INITIATOR and person.actor.actor_id
            )


def _abroad(person: Participant, grounds: set[str | None]) -> Participant:
    """A state's forces where its own sentences put them in another country: there they are ``external_forces``."""
    actor = person.actor
    if actor.kind != "state_forces" or not actor.country or len(grounds) != 1 or grounds <= {None, actor.country}:
        return person
    return replace(person, actor=replace(actor, kind="external_forces"), rule=f"{person.rule}; abroad")


def _without_anybody(people: Sequence[Participant]) -> Iterator[Participant]:
    """Leave out "four people" or "jets" where the same part has somebody: they are the toll's, or his."""
    for person in people:
        name = person.actor.name.lower()
        things = vocabulary().words("armed_things")
        vague = person.actor.actor_id is None and (name in actor_words("anybody") or name.removesuffix("s") in things)
        if not vague or not any(p.actor.role is person.actor.role for p in people if p is not person):
            yield person


def _once(people: Iterable[Participant]) -> list[Participant]:
    kept: dict[tuple[Role, str], Participant] = {}
    for person in people:
        key = person.actor.actor_id or person.actor.name.lower()
        opposite = Role.INITIATOR if person.actor.role is Role.TARGET else Role.TARGET
        part = (person.actor.role, key)
        if (opposite, key) not in kept and (part not in kept or _says_more(person, kept[part])):
            kept[part] = person
    return list(kept.values())


def _says_more(person: Participant, kept: Participant) -> bool:
    """Whether a naming is fuller than the country an act was called after: "Turkish forces", "Turkish shelling"."""
    return kept.actor.name.lower() in demonyms() and person.actor.name.lower() not in demonyms()


#: Readings of one person told of, often again; a figure says more.
_PERSON = ("name", "pronoun", "singular")


#: How the rule of people only said to be shot ends.
OUTCOME_OPEN = "outcome open"
#: The learned head takes a figure over one told before it where it is surer of it by this much.
_SURER = 0.15


def toll_of(told: TollsTold, incident: Incident, kinds: tuple[TollKind, ...]) -> TollSpan | None:
    """The toll of the first telling that counts; totals over time give way to figures of the incident.

    One person told of, people only said to be shot, or "scores" give way to a figure told later; so does a figure the
    learned head takes for another's. The rule ends with the head's answer.
    """
    found = []
    counting = [telling for telling in incident.tellings if any(toll.kind in kinds for toll in telling.tolls)]
    for telling in counting:
        # Somebody else's count widens the figure and does not become it.
        for kind in () if is_rival(counting[0], telling) else kinds:
            summed = sum_tolls(telling.tolls, kind)
            if summed is not None and (summed.best is not None or summed.low is not None):
                found.append(summed)
    if not found:
        for telling in incident.tellings:
            found += [
                t for t in telling.tolls if t.kind in kinds and t.best is not None and not t.negated and not t.subset
            ]
    stated = [toll for toll in found if not toll.open and toll.rule.rsplit(":", 1)[-1] not in _PERSON]
    figures = [toll for toll in stated if not toll.rule.endswith(":vague")]
    likely = [(own_probability(told, toll), toll) for toll in figures or stated or found]
    if not likely:
        return None
    surest = max(likely, key=lambda pair: pair[0])
    probability, toll = surest if surest[0] >= likely[0][0] + _SURER else likely[0]
    return replace(toll, rule=with_probability(toll, probability)) if toll.kind in WEIGHED else toll


def other_accounts(incident: Incident, kinds: tuple[TollKind, ...], chosen: TollSpan | None) -> tuple[TollSpan, ...]:
    """What others than the one who gave the chosen figure say it was, in text order."""
    if chosen is None or chosen.best is None:
        return ()
    mine = next((t for t in incident.tellings if t.sentence.start <= chosen.start < t.sentence.end), None)
    if mine is None:
        return ()
    return tuple(
        toll
        for telling in incident.tellings
        if telling is not mine and is_rival(mine, telling)
        for toll in telling.tolls
        if toll.kind in kinds and toll.counts and toll.best and toll.best != chosen.best and not toll.open
    )


def less_the_killed(injured: TollSpan | None, killed: TollSpan | None) -> TollSpan | None:
    """Of people only said to be shot, those who died are not injured; nobody left is no toll.

    Where nobody is told to have died with them (who stabbed them is not of them), the rule says their outcome is open.
    """
    if injured is None or not injured.open or injured.best is None:
        return injured
    if killed is None or not killed.best or killed.rule.startswith("doer"):
        return replace(injured, rule=f"{injured.rule}; {OUTCOME_OPEN}")
    left = injured.best - killed.best
    if left <= 0:
        return None
    return replace(injured, low=left, best=left, high=left, rule=f"{injured.rule}; less the killed")


def status_of(facts: Facts, incident: Incident, incidents: Sequence[Incident], when: When, main: Telling) -> Status:
    """The main telling's status: denied where it is only alleged and denied, background where it is long past."""
    status = main.status.status
    if status is Status.HAPPENED and is_denied(facts, incident, incidents):
        return Status.DENIED
    published = facts.document.published_day
    age = (published - when.end).days if when.end is not None and published is not None else 0
    late = min(t.sentence.index for t in incident.tellings) >= LEAD_SENTENCES
    recalled = (age > _LONG_AGO_DAYS and (when.precision or 0) >= 4) or _is_of_a_year(facts, main)
    old = recalled or (age > _OLD_DAYS and late) or _holds_since(facts, main, when)
    return Status.BACKGROUND if status is Status.HAPPENED and old else status


def _is_of_a_year(facts: Facts, telling: Telling) -> bool:
    """Whether a sentence says of its act that it was in some year past: "took the city in 2018", "since they did"."""
    published = facts.document.published_day
    if published is None or telling.when.evidence is not None:
        return False
    tokens = {index for t in telling.triggers for index in (t.token, t.verb)}
    for token in (facts.doc[t.token] for t in telling.triggers):
        if token.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ == "since" for c in token.children):
            return True
    years = {d.start for d in facts.dates if d.kind is DateKind.YEAR and d.when.end and d.when.end < published}
    if not years:
        return False
    said = (t for t in facts.doc[telling.triggers[0].token].sent if t.idx in years and t.head.lower_ == "in")
    return any(year.head.head.i in tokens for year in said)


def _holds_since(facts: Facts, telling: Telling, when: When) -> bool:
    """Whether what is told has lasted since long: "subject to a ceasefire since March 2020"."""
    published = facts.document.published_day
    if (when.reason or "") != "since" or when.start is None or published is None:
        return False
    return telling.acts <= _LASTING and (published - when.start).days > _OLD_DAYS


#: Acts that make a state of things, which lasts.
_LASTING = frozenset({"agreement", "ceasefire", "capture", "campaign_start", "campaign_end", "base", "transfer"})


def cause_of(facts: Facts, incident: Incident) -> tuple[int, int] | None:
    """A cause in the narrator's voice: of the clause at the top of its sentence, not what somebody claims."""
    for telling in incident.tellings:
        tokens = {trigger.token for trigger in telling.triggers}
        inner = any(_in_relative(facts, token) for token in tokens)
        said = any(statement.tokens & tokens for statement in facts.statements)
        noun = None if inner or said else find_cause(facts.doc, telling.sentence.start, telling.sentence.end)
        if noun is not None:
            return phrase_with_complements(noun)
    return None


def _in_relative(facts: Facts, index: int) -> bool:
    token = facts.doc[index]
    return token.dep_ == "relcl" or any(above.dep_ == "relcl" for above in token.ancestors)


def weapon_of(found: Iterable[WeaponFound], act: Act) -> WeaponFound | None:
    """The weapon that fits the act, else the first that fits any; arrests and agreements have none."""
    if act.plover_type != "ASSAULT" and act.family not in ("protest", "territory"):
        return None
    kept = [weapon for weapon in found if weapon.row.act == act.act]
    return kept[0] if kept else next((weapon for weapon in found if weapon.row.act is None), None)


def mode_of(act: Act, weapon: WeaponFound | None, told: list[str]) -> str | None:
    """PLOVER's mode: the act's, or the weapon's where only a killing is told."""
    named = weapon.row.plover_mode if weapon and act.plover_type == "ASSAULT" else None
    return named if named and "kill" in told and weapon and weapon.row.act is None else act.plover_mode
