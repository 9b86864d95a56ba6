"""Which of what an incident's sentences say becomes the mention's: its day, place, people, tolls, status, cause."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from schemas.mention import Place, Role, Status, When
from tasks.events.accounts import is_denied
from tasks.events.casualties import TollKind, TollSpan, sum_tolls
from tasks.events.claims import find_cause
from tasks.events.datelines import is_desk
from tasks.events.document import Facts, PlaceFound
from tasks.events.incidents import Incident, is_rival, sums_up
from tasks.events.linking import speaks
from tasks.events.participants import Participant
from tasks.events.phrases import phrase_with_complements
from tasks.events.place_choice import Scene, chosen_place
from tasks.events.subtypes import WeaponFound
from tasks.events.tellings import Telling, is_speakers
from tasks.events.toll_head import WEIGHED, TollsTold, own_probability, with_probability
from tasks.events.triggers import Trigger
from tasks.events.vocabulary import Act
from tasks.events.when import DateChoice, choose_date, later_date
from tasks.reference.actors import actor_words
from tasks.reference.fold import fold
from tasks.reference.places import country_name, demonyms

#: An event that ended more than this many days before publication is background, unless the text begins with it.
_OLD_DAYS = 21
#: One told by its month or year that ended more than this many days before is recalled: at a trial, an anniversary.
_LONG_AGO_DAYS = 180
#: Sentences from the top that count as the lead; also how far a place is carried over.
_LEAD_SENTENCES = 3
NO_PLACE = Place(None, None, None, None, None, None, None, None, None, "no_place_given")
#: A place with the rule that chose it.
PlaceChoice = tuple[PlaceFound, str]


def main_telling(facts: Facts, incident: Incident, act: Act) -> tuple[Telling, Trigger]:
    """The telling and trigger a mention is keyed by: the first that says what the incident was, past the title."""

    def order(pair: tuple[Telling, Trigger]) -> tuple[bool, bool, bool, int]:
        telling, trigger = pair
        happened = telling.status.status is Status.HAPPENED
        return not happened, telling.headline, trigger.act != act.act, trigger.start

    return min(((telling, trigger) for telling in incident.tellings for trigger in telling.triggers), key=order)


def date_of(facts: Facts, incident: Incident, main: Telling, trigger: Trigger) -> DateChoice:
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
    after = facts.sentences[main.sentence.index + 1 : main.sentence.index + 1 + _LEAD_SENTENCES]
    return later_date(facts.text, facts.dates, [(s.start, s.end) for s in after]) or chosen


def _is_participle(facts: Facts, trigger: Trigger) -> bool:
    """Whether a trigger only describes a noun: "a journalist kidnapped in March"."""
    return facts.doc[trigger.token].dep_ == "acl"


def place_of(facts: Facts, incident: Incident, incidents: Iterable[Incident], main: Telling) -> PlaceChoice | None:
    """The place the head of ``place_choice.py`` takes; where it takes none, what its own sentences name."""
    scene = scene_of(facts, incident, tuple(incidents), main)
    # What sums up a country lies at none of the places it sums up.
    learned = None if sums_up(incident) else chosen_place(scene)
    if learned is not None:
        found, probability = learned
        own = [telling for telling in incident.tellings if holds_place(facts, telling.sentence.index, found)]
        near = any(telling.place is found for telling in own) or (
            bool(own) and not _is_theirs(found, incident, incidents)
        )
        if scene.own is not None and not near and _is_elsewhere(scene.own.place, found.place, incident):
            return scene.own, "own sentence"
        return found, f"learned {probability:.2f}; {'own sentence' if near else 'carried over'}"
    if scene.own is not None:
        return scene.own, "own sentence"
    for other in _same_campaign(incident, incidents):
        if other.places:
            return other.places[0], "same campaign"
    return _carried(facts, main)


def _is_elsewhere(own: Place, other: Place, incident: Incident) -> bool:
    """Whether a place lies in another country or unit than what an incident's own sentences name."""
    if own.precision == 6 and any(t.plural for telling in incident.tellings[:1] for t in telling.triggers):
        # Strikes that killed hundreds in a country were at no one village.
        return True
    if own.country and other.country and own.country != other.country:
        return True
    return own.admin1 is not None and other.admin1 is not None and own.admin1 != other.admin1


def _is_theirs(found: PlaceFound, incident: Incident, incidents: Iterable[Incident]) -> bool:
    """Whether another incident's own sentence is placed there."""
    return any(telling.place is found for one in incidents if one is not incident for telling in one.tellings)


def _carried(facts: Facts, main: Telling) -> PlaceChoice | None:
    """The most exact place of the sentences before, for what happened at one place that its own leave open."""
    if main.status.status is not Status.HAPPENED or _is_everywhere(facts, main):
        return None
    index, country = main.sentence.index, _country_hit(facts, main)
    for back in range(1, min(_LEAD_SENTENCES, index + 1)):
        held = [
            found
            for found in facts.places
            if holds_place(facts, index - back, found)
            and _is_ground(facts, found)
            and country in (None, found.place.country)
        ]
        if held:
            return min(held, key=_coarseness), "carried over"
    return None


#: "Across the country": it happened at no one place.
_EVERYWHERE = re.compile(r"\b(?:nationwide|countrywide|(?:across|throughout|around) the (?:\w+ )?(?:country|nation))\b")


def _is_everywhere(facts: Facts, telling: Telling) -> bool:
    return _EVERYWHERE.search(facts.text, telling.sentence.start, telling.sentence.end) is not None


def _country_hit(facts: Facts, telling: Telling) -> str | None:
    """The country whose thing a sentence says was hit or held the event: "on a Syrian air base"."""
    for token in facts.doc[telling.triggers[0].token].sent:
        code = demonyms().get(fold(token.text)) if token.dep_ in ("amod", "compound") else None
        noun = token.head
        if code and noun.dep_ == "pobj" and noun.head.lower_ in ("on", "in", "at", "inside", "near"):
            return code
    return None


def scene_of(facts: Facts, incident: Incident, incidents: Sequence[Incident], main: Telling) -> Scene:
    """What an incident's place is chosen by, with the most exact place its own sentences name, the main one first."""
    around = {name for found in incident.places for name in found.span.part_of}
    exact = sorted(
        (found for found in incident.places if found.span.known or _is_exact(found)),
        key=lambda found: (found.span.head in around, _coarseness(found), main.place is not found),
    )
    own = exact[0] if exact else next(iter(incident.places), None)
    return Scene(facts, incident, incidents, main, own)


def _is_ground(facts: Facts, found: PlaceFound) -> bool:
    """Whether a place may be carried over: a place below a country that stands for no government or desk."""
    known = found.place.precision != 6 and found.place.place_id is not None
    return known and not speaks(facts, found) and not is_speakers(facts, found) and not is_desk(facts, found)


def holds_place(facts: Facts, index: int, found: PlaceFound) -> bool:
    """Whether the sentence of an index names a place."""
    sentence = facts.sentences[index]
    return sentence.start <= found.span.start < sentence.end


#: Kind words of places inside or smaller than a town: with one, even an unlisted name says more than its city.
_SMALL = frozenset(
    {"neighbourhood", "village", "camp", "street", "square", "airbase", "base", "crossing", "checkpoint"}
)


#: Kind words of units, of features and of parts of a country.
_WIDE = frozenset({"province", "region", "district", "desert", "countryside", "border", "road", "river", "mountain"})


def _is_part(found: PlaceFound) -> bool:
    """Whether a place is a part of a country, which holds units: "central Syria"."""
    whole = country_name(found.place.country)
    name = found.place.gazetteer_name or ""
    return whole is not None and (whole in name or (bool(found.span.direction) and whole in found.span.text))


def _is_exact(found: PlaceFound) -> bool:
    """Whether an unlisted name says more than its city or its unit: of a small place, or placed in another."""
    return found.span.kind in _SMALL or (bool(found.span.part_of) and found.span.kind not in _WIDE)


def _coarseness(found: PlaceFound) -> int:
    if found.span.kind in _SMALL:
        return -1
    if not found.span.known and found.span.kind not in _WIDE:
        return 0
    if found.place.precision == 5 and _is_part(found):
        return 3
    return {1: 0, 2: 0, 3: 1, 5: 1, 4: 2, 6: 4, 7: 3}.get(found.place.precision or 0, 1)


def _same_campaign(incident: Incident, incidents: Iterable[Incident]) -> Iterator[Incident]:
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
    for other in _same_campaign(incident, incidents):
        missing = {Role.INITIATOR, Role.TARGET} - roles
        found += _once(p for telling in other.tellings for p in telling.people if p.actor.role in missing)
        break
    grounds = {place.place.country for place in incident.places}
    return tuple(_abroad(person, grounds) for person in _without_anybody(found))


def _abroad(person: Participant, grounds: set[str | None]) -> Participant:
    """A state's forces where its own sentences put them in another country: there they are ``external_forces``."""
    actor = person.actor
    if actor.kind != "state_forces" or not actor.country or len(grounds) != 1 or grounds <= {None, actor.country}:
        return person
    return replace(person, actor=replace(actor, kind="external_forces"), rule=f"{person.rule}; abroad")


def _without_anybody(people: Sequence[Participant]) -> Iterator[Participant]:
    """Leave out "four people" where the same part has somebody: the number is the toll's, not another side."""
    for person in people:
        vague = person.actor.actor_id is None and person.actor.name.lower() in actor_words("anybody")
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

    Where nobody is told to have died with them, the rule says that their outcome is open.
    """
    if injured is None or not injured.open or injured.best is None:
        return injured
    if killed is None or not killed.best:
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
    late = min(t.sentence.index for t in incident.tellings) >= _LEAD_SENTENCES
    recalled = age > _LONG_AGO_DAYS and (when.precision or 0) >= 4
    old = recalled or (age > _OLD_DAYS and late)
    return Status.BACKGROUND if status is Status.HAPPENED and old else status


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


def country_only(facts: Facts) -> Place:
    """No place, but the country the document is about, where it names one."""
    known = facts.place_context.countries
    return replace(NO_PLACE, country=known[0], reason="no_place_given; country of the document") if known else NO_PLACE


def in_country(facts: Facts, place: Place) -> Place:
    """A place; one no gazetteer has, and that the text puts nowhere, lies in the country the document is about."""
    known = facts.place_context.countries
    if place.country or place.place_id or not known:
        return place
    return replace(place, country=known[0], reason=f"{place.reason}; country of the document")
