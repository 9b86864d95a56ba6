"""What one sentence tells of one incident: its triggers with their people, tolls, weapons, day and place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.mention import Role, Stance
from tasks.events.dates.expressions import DateChoice, DateSpan, choose_date
from tasks.events.document import Facts, PlaceFound
from tasks.events.grouping import OPEN_VIOLENCE, alike, gathers, groups_of, is_answered
from tasks.events.language.phrases import lemma, objects, objects_of
from tasks.events.language.sentences import Sentence
from tasks.events.language.vocabulary import OPEN_ACTS, acts, vocabulary
from tasks.events.participants import Participant, doer_before, participants
from tasks.events.roles import RoleSpan, find_roles
from tasks.events.status import ANSWERED, StatusReading, read_status
from tasks.events.subtypes import WeaponFound, are_flown, find_weapons
from tasks.events.told_places import links_of, own_place
from tasks.events.tolls.casualties import TollKind, TollSpan
from tasks.events.triggers import Trigger

#: Words before an event noun, or at the head of a sentence, that say it is another than the one told before.
_OTHER = frozenset({"another", "second", "third", "separate", "other", "different", "similar"})
_NEW = re.compile(
    r"(?:separately|elsewhere|meanwhile|also (?:on|in)|(?:on )?the same day"
    r"|in (?:a|an)(?:other)? (?:separate|different|other))\b",
    re.IGNORECASE,
)
#: What sums up: a time, or a country named with "across".
_SWEEPING = re.compile(
    r"\b(?:over|in|during|within)\s(?:the\s)?(?:past|last|previous)\s(?:24\shours|day|week|month|\w+\s(?:days|weeks|months))\b"
    r"|\bin\s(?:\w+\s)?(?:days|weeks|months)\sof\b|\bin\sa\s(?:day|week|month)\sof\b"
    r"|\b(?:across|throughout)\s(?:the\s(?:country|region)|[A-Z])"
)
#: A sentence about the article itself repeats what it got wrong.
_CORRECTION = re.compile(r"\bearlier version of this (?:article|report|story)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Telling:
    """One sentence's part of one incident. ``when`` and ``place`` are its own: said in the sentence itself.

    ``definite`` marks a sentence that points back ("the attack"), ``fresh`` one that says it is another.
    ``theme`` holds the words of what was taken, where ground was; ``headline`` marks the title a text begins with,
    ``speakers`` who says it; ``sweeping`` one that sums up a country or a time ("across Ukraine over the past day");
    ``answered`` what another act of its sentence is the answer to; ``links`` the places its sentence names with the
    probability that it happened there.
    """

    sentence: Sentence
    triggers: tuple[Trigger, ...]
    status: StatusReading
    people: tuple[Participant, ...]
    tolls: tuple[TollSpan, ...]
    weapons: tuple[WeaponFound, ...]
    when: DateChoice
    place: PlaceFound | None
    definite: bool
    fresh: bool
    theme: frozenset[str] = frozenset()
    headline: bool = False
    speakers: frozenset[str] = frozenset()
    sweeping: bool = False
    answered: bool = False
    links: tuple[tuple[PlaceFound, float], ...] = ()

    @property
    def acts(self) -> frozenset[str]:
        """The acts of its triggers."""
        return frozenset(trigger.act for trigger in self.triggers)

    @property
    def specific(self) -> frozenset[str]:
        """The acts that are not open; a missile that aircraft fire is no shelling."""
        return self.acts - OPEN_ACTS - ({"shelling"} if are_flown(self.weapons) else set())

    def best(self, kind: TollKind) -> int | None:
        """The figure of a toll, ``None`` where the sentence has none."""
        figures = [toll.best for toll in self.tolls if toll.kind is kind and toll.best and not toll.negated]
        return max(figures, default=None)


def is_violent(telling: Telling) -> bool:
    """Whether one of its acts is violence, or an open one that may be."""
    return any(act in OPEN_VIOLENCE or (act in acts() and acts()[act].family == "violence") for act in telling.acts)


def is_assault(telling: Telling) -> bool:
    """Whether one of its acts is violence or an abduction: what has somebody who did it and somebody it was done to."""
    return is_violent(telling) or any(act in acts() and acts()[act].family == "abduction" for act in telling.acts)


def find_tellings(facts: Facts, triggers: Iterable[Trigger]) -> tuple[Telling, ...]:
    """Every sentence's incidents, in text order."""
    kept = tuple(triggers)
    tokens = frozenset(trigger.token for trigger in kept)
    found: list[Telling] = []
    for sentence in facts.sentences:
        if _CORRECTION.search(facts.text, sentence.start, sentence.end):
            continue
        here = [t for t in kept if sentence.start <= t.start < sentence.end]
        readings = {t: read_status(facts.doc, t) for t in here}
        roles = {t: find_roles(facts.doc, t) for t in here}
        found += [
            _telling(facts, sentence, group, readings, roles, tokens, alone=len(group) == len(here))
            for group in groups_of(facts, here, readings, roles)
        ]
    return tuple(found)


def _telling(
    facts: Facts,
    sentence: Sentence,
    group: tuple[Trigger, ...],
    readings: dict[Trigger, StatusReading],
    found: dict[Trigger, tuple[RoleSpan, ...]],
    tokens: frozenset[int],
    *,
    alone: bool,
) -> Telling:
    roles = tuple(role for trigger in group for role in found[trigger])
    people = participants(facts, roles, tokens, gathering=any(gathers(trigger) for trigger in group))
    if not any(person.actor.role is Role.INITIATOR for person in people):
        people += tuple(person for trigger in group for person in doer_before(facts, trigger.start))
    main = next((t for t in group if readings[t].rule not in ("generic plural", ANSWERED)), group[0])
    text = facts.text[sentence.start : sentence.end]
    links = links_of(facts, group)
    span = (sentence.start, sentence.end)
    here = tuple(readings)
    place = own_place(facts, sentence, group, people, links)
    return Telling(
        sentence=sentence,
        triggers=group,
        status=readings[main],
        people=people,
        tolls=tuple(toll for toll in facts.tolls[sentence.index] if alone or _belongs(toll, group, tuple(readings))),
        weapons=_weapons(facts, group, tuple(readings), people),
        when=choose_date(
            facts.text,
            tuple(date for date in own_dates(facts, sentence, main) if _is_own_day(facts, date, group, here)),
            span,
            (main.start, main.end),
            published=facts.document.published_day,
        ),
        place=place if place is not None and _own(facts, place.span.head_start, group, here) else None,
        definite=any(t.definite for t in group) or _by_the_same(facts, roles),
        fresh=_NEW.match(text) is not None or any(_is_other(facts, trigger) for trigger in group),
        theme=_theme(facts, group),
        headline=is_title(facts, sentence),
        speakers=_speakers(facts, group),
        sweeping=_SWEEPING.search(text) is not None,
        answered=any(is_answered(facts.doc, t.token, group[0].token) for t in readings if t not in group),
        links=tuple(links.items()),
    )


def _by_the_same(facts: Facts, roles: tuple[RoleSpan, ...]) -> bool:
    """Whether what a thing told of before does is told: "the aircraft fired one missile"."""
    things = (facts.doc[role.token] for role in roles if role.role is Role.INITIATOR)
    return any(
        lemma(thing) in vocabulary().words("armed_things") and [child.lower_ for child in thing.children] == ["the"]
        for thing in things
    )


def _own(facts: Facts, offset: int, group: tuple[Trigger, ...], here: tuple[Trigger, ...]) -> bool:
    """Whether a word is not said of an act that the group's answers: "in retaliation for Sunday's bombing in X"."""
    own = group[0].token
    answered = {t.token for t in here if t not in group and own < t.token and is_answered(facts.doc, own, t.token)}
    span = facts.doc.char_span(offset, offset + 1, alignment_mode="expand") if answered else None
    return span is None or not any(above.i in answered for above in span.root.ancestors)


def _is_own_day(facts: Facts, date: DateSpan, group: tuple[Trigger, ...], here: tuple[Trigger, ...]) -> bool:
    """As :func:`_own`; a day at the end may be either's: "in response to the attack on Friday"."""
    after = all(trigger.start < date.start for trigger in here)
    return after or _own(facts, date.start, group, here)


def _speakers(facts: Facts, group: tuple[Trigger, ...]) -> frozenset[str]:
    """In whose mouths a telling stands, in lower case."""
    tokens = {trigger.token for trigger in group}
    said = (s for s in facts.statements if s.stance is Stance.ASSERTS and s.tokens & tokens)
    return frozenset(facts.text[s.speaker_start : s.speaker_end].lower() for s in said)


def is_title(facts: Facts, sentence: Sentence) -> bool:
    """Whether a sentence is the headline a text begins with."""
    title = facts.document.title
    said = facts.text[sentence.start : sentence.end].rstrip(" .")
    return sentence.index == 0 and title is not None and said == title.rstrip(" .")


#: How many characters from its trigger a weapon may stand.
_WEAPON_REACH = 90


def _weapons(
    facts: Facts, group: tuple[Trigger, ...], here: tuple[Trigger, ...], people: tuple[Participant, ...]
) -> tuple[WeaponFound, ...]:
    """The weapons that stand nearer to these triggers than to the sentence's others; what was hit is none."""
    hit = [p for p in people if p.actor.role in (Role.TARGET, Role.OBJECT)]
    words = [(t.lower_, lemma(t), t.idx, t.idx + len(t)) for t in facts.doc[here[0].token].sent if not t.is_punct]
    found = []
    for weapon in find_weapons(words):
        gap, nearest = min(((_gap(weapon, t), t) for t in here), key=lambda pair: pair[0])
        aimed_at = any(p.start <= weapon.start < p.end for p in hit) or _is_fired_at(facts, weapon)
        if gap <= _WEAPON_REACH and nearest in group and not aimed_at:
            found.append(weapon)
    return tuple(found)


def _is_fired_at(facts: Facts, weapon: WeaponFound) -> bool:
    """Whether what could be a weapon is what was hit: "opened fire at a plane"."""
    span = facts.doc.char_span(weapon.start, weapon.end, alignment_mode="expand")
    return span is not None and span.root.dep_ == "pobj" and span.root.head.lower_ in ("at", "on", "against")


def _gap(weapon: WeaponFound, trigger: Trigger) -> int:
    return max(weapon.start - trigger.end, trigger.start - weapon.end, 0)


def own_dates(facts: Facts, sentence: Sentence, trigger: Trigger) -> tuple[DateSpan, ...]:
    """The dates that can be a trigger's: one in a relative clause takes none from outside of it.

    A participle has its own where it names one: "a journalist kidnapped in March was released on Tuesday".
    """
    clause = facts.doc[trigger.token]
    while clause.dep_ not in ("relcl", "acl"):
        if clause.head == clause:
            return facts.dates
        clause = clause.head
    inside = {token.idx for token in clause.subtree}
    here = [d for d in facts.dates if sentence.start <= d.start < sentence.end]
    if clause.dep_ == "acl" and not any(d.start in inside for d in here):
        return facts.dates
    return tuple(d for d in facts.dates if d not in here or d.start in inside)


def _is_other(facts: Facts, trigger: Trigger) -> bool:
    """Whether the event noun itself is called another one; another victim is none."""
    return trigger.noun and any(child.lower_ in _OTHER for child in facts.doc[trigger.token].children)


def _theme(facts: Facts, group: tuple[Trigger, ...]) -> frozenset[str]:
    """The words of the ground that was taken: of the object, or of what there is control over."""
    words = set()
    for trigger in group:
        if trigger.act == "capture":
            verb = facts.doc[trigger.token]
            nouns = [
                n
                for o in objects(verb)
                for n in [*objects_of(o, "over", "of"), *([o] if lemma(o) != "control" else [])]
            ]
            words |= {
                t.lower_
                for n in [*nouns, *objects_of(verb, "over")]
                for t in n.subtree
                if t.pos_ in ("PROPN", "NOUN", "NUM")
            }
    return frozenset(words)


def _belongs(toll: TollSpan, group: tuple[Trigger, ...], here: tuple[Trigger, ...]) -> bool:
    """Whether a toll is told by one of these triggers: its verb is one, or is nobody's and they can kill."""
    owners = [t for t in here if t.start < toll.verb[1] and toll.verb[0] < t.end]
    if owners:
        return any(owner in group for owner in owners)
    return any(alike(t.act, "kill") for t in group)
