"""Which tellings of a document are one incident: the title, the lead and the later sentences that take it up again."""

import re
from dataclasses import dataclass, field
from datetime import date

from schemas.mention import Actor, Role, Status
from tasks.events.actors.resolve import is_armed, kind_of
from tasks.events.document import PlaceFound
from tasks.events.grouping import alike
from tasks.events.language.vocabulary import vocabulary
from tasks.events.participants import Participant
from tasks.events.same_ground import APART, APART_BY_NAME, COUNTRY, SAME, are_near, same_ground
from tasks.events.tellings import Telling, is_violent
from tasks.events.tolls.casualties import TollKind

#: Agreement a telling needs to join an incident rather than begin one.
_JOIN = 2.0
#: What a shared day counts of what is told apart.
_ONE_DAY = 1.5
#: What a headline counts with the lead it heads, and how many sentences after it are that.
_HEADLINE, _LEAD = 1.5, 2
#: How many sentences later a figure may still be of what was told last.
_APART_AT_MOST = 3
#: A figure up to this is no sign by itself: many incidents kill one or two.
_COMMON = 2
#: Counts of one incident differ by up to this factor from report to report.
_REVISED = 1.3
#: What it counts that two tellings name one person killed, and the acts that kill.
_SAME_DEATH, _FATAL = 2.0, frozenset({"kill", "attack_civilians"})
_WORDS = re.compile(r"[^\w]+")


@dataclass(slots=True)
class Incident:
    """The tellings of one incident in text order; grows while a document is read.

    ``nearby`` are participants named in sentences around it that tell of no incident themselves.
    """

    tellings: list[Telling]
    nearby: list[Participant] = field(default_factory=list)

    @property
    def places(self) -> list[PlaceFound]:
        """The places its own sentences name."""
        return [telling.place for telling in self.tellings if telling.place]


def find_incidents(tellings: tuple[Telling, ...]) -> tuple[Incident, ...]:
    """The incidents of a document by their first telling: each telling joins the one it agrees with most."""
    incidents: list[Incident] = []
    for telling in tellings:
        violent = [one for one in incidents if any(is_violent(told) for told in one.tellings)]
        told_last = max(violent, key=lambda one: one.tellings[-1].triggers[0].start, default=None)
        scored = [(agreement(one, telling, goes_on=one is told_last), -i) for i, one in enumerate(incidents)]
        best, place = max(scored, default=(-1.0, 0))
        if best >= _JOIN:
            incidents[-place].tellings.append(telling)
        else:
            incidents.append(Incident([telling]))
    return tuple(one for one in incidents if not _is_only_a_headline(one, incidents))


def _is_only_a_headline(incident: Incident, incidents: list[Incident]) -> bool:
    """Whether only the headline tells of it, and the text tells of such things: a headline sums up what follows."""
    if not all(telling.headline for telling in incident.tellings):
        return False
    body = [telling for other in incidents for telling in other.tellings if not telling.headline]
    return any(alike(act, other) for act in _acts(incident) for telling in body for other in telling.acts)


def agreement(incident: Incident, telling: Telling, *, goes_on: bool = False) -> float:
    """How much speaks for a telling being of an incident; below zero where something speaks against it.

    ``goes_on``: no other violence was told of since; then sentences that tell of none may lie between.
    """
    if not _may_be(incident, telling):
        return -1.0
    campaign = telling.definite and any(act.startswith("campaign") for act in telling.specific)
    ground = 0.0 if campaign else _grounds(incident, telling)
    score = ground
    score += _sides(incident, telling, Role.INITIATOR) + _sides(incident, telling, Role.TARGET)
    score += _SAME_DEATH if _deaths(telling) & frozenset[str]().union(*map(_deaths, incident.tellings)) else 0.0
    last = incident.tellings[-1]
    gap = telling.sentence.index - last.sentence.index
    near = gap <= 1
    days = _days(incident, telling)
    # In a round-up everything fell on one day: of two that lie apart in the text that says little.
    score += days if near or goes_on or telling.definite or days < SAME else _ONE_DAY
    score += _HEADLINE if _is_headed(incident, telling) else 0.0
    rival = (near or telling.definite) and any(is_rival(one, telling) for one in incident.tellings)
    again = not rival and _counts_again(incident, telling)
    bare = telling.place is None and telling.when.evidence is None and not again
    # A sentence that only counts may come later, where no other violence lies between.
    near = near or (bare and goes_on and gap <= _APART_AT_MOST and telling.acts <= {"kill"} and bool(telling.tolls))
    score += 0.0 if rival else _tolls(incident, telling)
    # "The campaign" is the one spoken of, wherever its parts lie.
    score += 3.0 if campaign else 2.0 if telling.definite else 0.0
    # "That attack" is the one told of last, where nothing else tells.
    score += 0.25 if telling.definite and goes_on and bare and not telling.tolls else 0.0
    score += (1.5 if telling.tolls else 1.0) if near and bare else 0.0
    score += 0.5 if near and telling.sentence.index != last.sentence.index else 0.0
    score += 1.0 if telling.specific & _specific(incident) else 0.0
    return score - (2.5 if telling.fresh else 0.0)


def _is_headed(incident: Incident, telling: Telling) -> bool:
    """Whether a telling is the first of the lead under a headline that alone told of the incident so far."""
    only = len(incident.tellings) == 1 and incident.tellings[0].headline
    return only and not telling.headline and telling.sentence.index <= _LEAD


#: Accounts of one incident seldom differ by more than this factor.
_ACCOUNTS = 4


def is_rival(told: Telling, telling: Telling) -> bool:
    """Whether a telling gives somebody else's count of what was just told: "the monitor said nine people died"."""
    if not telling.speakers or telling.speakers & told.speakers or telling.specific:
        return False
    if telling.place and not (told.place and same_ground(told.place, telling.place) == SAME):
        return False
    if telling.when.evidence is not None or any(p.actor.role is Role.INITIATOR for p in telling.people):
        return False
    figures = [(mine, theirs) for kind in TollKind if (mine := telling.best(kind)) and (theirs := told.best(kind))]
    return bool(figures) and all(max(pair) <= _ACCOUNTS * min(pair) for pair in figures)


def _counts_again(incident: Incident, telling: Telling) -> bool:
    """Whether a telling counts what the incident has counted; "a further six were injured" does not."""
    counted = {
        toll.kind for other in incident.tellings for toll in other.tolls if toll.best and not _is_open(other, toll.kind)
    }
    again = {toll.kind for toll in telling.tolls if toll.best is not None and toll.kind in counted}
    return any(not _counts_others(incident, telling, kind) for kind in again)


def _specific(incident: Incident) -> frozenset[str]:
    return frozenset().union(*(telling.specific for telling in incident.tellings))


def _may_be(incident: Incident, telling: Telling) -> bool:
    """Acts must be tellable of one incident; what is planned or feared is not what happened."""
    if not all(any(alike(mine, theirs) for theirs in _acts(incident)) for mine in telling.acts):
        return False
    if any(not alike(mine, theirs) for mine in telling.specific for theirs in _specific(incident)):
        return False
    if telling.answered and incident.tellings[-1].sentence == telling.sentence:
        return False
    open_status = (Status.HAPPENED, Status.DENIED)
    mine, theirs = telling.status.status, incident.tellings[0].status.status
    if sums_up(incident) and not telling.sweeping and telling.place and telling.place.place.precision != 6:
        return False
    themes = [other.theme for other in incident.tellings if other.theme]
    if telling.theme and themes and not any(telling.theme & theme for theme in themes):
        return _is_headed(incident, telling) and mine is theirs
    phase = telling.specific & {"campaign_end", "campaign_start"}
    return mine is theirs or (mine in open_status and theirs in open_status) or bool(phase)


def sums_up(incident: Incident) -> bool:
    """Whether an incident is a count over a country or a time, of which one place's is a part."""
    return any(telling.sweeping and telling.tolls for telling in incident.tellings)


def _acts(incident: Incident) -> frozenset[str]:
    return frozenset().union(*(telling.acts for telling in incident.tellings))


def _days(incident: Incident, telling: Telling) -> float:
    """+2 for the same day, -6 for another; wide dates that hold a day are neutral."""
    mine = _day(telling)
    theirs = [day for other in incident.tellings if (day := _day(other))]
    if mine is None or not theirs:
        return 0.0
    if any(start <= mine[1] and mine[0] <= end for start, end in theirs):
        return 2.0 if any(start == mine[0] and end == mine[1] for start, end in theirs) else 0.5
    return -6.0


def _day(telling: Telling) -> tuple[date, date] | None:
    when = telling.when.when
    if when.start is None or telling.when.evidence is None:
        return None
    return when.start, when.end or when.start


def _grounds(incident: Incident, telling: Telling) -> float:
    """+2 for the same place, +1 for one inside the other, -3 and more for places that lie apart."""
    if telling.place is None or not incident.places:
        return 0.0
    # A headline names the country; what lies elsewhere in it is not what the lead tells of.
    named = [found for found in incident.places if found.place.precision != COUNTRY] or incident.places
    scores = [same_ground(telling.place, other) for other in named]
    # Another town is another town, though both lie in the province named first.
    apart = min(scores) == APART or (min(scores) <= APART_BY_NAME and max(scores) < 1)
    score = min(scores) if apart and max(scores) < SAME else max(scores)
    # A headline names the town its readers know; the lead the village next to it.
    return 0.0 if score < 0 and _is_headed(incident, telling) and are_near(telling.place, incident.places) else score


def _tolls(incident: Incident, telling: Telling) -> float:
    """+3 for the same figure (+1 for a common one), +0.5 for a like one, -3 for one that is far off."""
    score = 0.0
    for kind in (TollKind.KILLED, TollKind.INJURED, TollKind.DETAINED):
        mine = telling.best(kind)
        theirs = [figure for other in incident.tellings if (figure := other.best(kind))]
        if mine is None or not theirs:
            continue
        if _is_open(telling, kind) or all(_is_open(other, kind) for other in incident.tellings if other.best(kind)):
            continue
        if _counts_others(incident, telling, kind):
            continue
        near = any(max(mine, other) <= _REVISED * min(mine, other) for other in theirs)
        near = near and not _are_of_other_kinds(incident, telling, kind)
        same = 3.0 if mine > _COMMON else 1.0
        score += same if mine in theirs else 0.5 if near else -3.0
    return score


def _are_of_other_kinds(incident: Incident, telling: Telling, kind: TollKind) -> bool:
    """Whether one counts who fought and the other who did not: eight soldiers are not nine people."""
    mine = {_fights(toll.who) for toll in telling.tolls if toll.kind is kind and toll.who}
    theirs = {_fights(t.who) for other in incident.tellings for t in other.tolls if t.kind is kind and t.best and t.who}
    return bool(mine and theirs) and not mine & theirs


def _fights(who: str) -> bool:
    kind = kind_of(who.rsplit(maxsplit=1)[-1])
    return kind is not None and is_armed(kind)


def _counts_others(incident: Incident, telling: Telling, kind: TollKind) -> bool:
    """Whether a sentence counts those of the other side: two gunmen were shot, and a soldier was hurt."""
    mine = {kind_of(toll.who.split()[-1]) for toll in telling.tolls if toll.kind is kind and toll.who}
    told = [toll for other in incident.tellings for toll in other.tolls if toll.kind is kind and toll.best]
    theirs = {kind_of(toll.who.split()[-1]) for toll in told if toll.who}
    sides = mine | theirs
    return bool(mine and theirs) and not mine & theirs and all(kind and is_armed(kind) for kind in sides)


def _is_open(telling: Telling, kind: TollKind) -> bool:
    """Whether a sentence counts no more than "scores", or tells of one by name: no figure contradicts that."""
    counted = [toll for toll in telling.tolls if toll.kind is kind and toll.best]
    return all(toll.rule.endswith((":vague", ":name")) for toll in counted)


def _sides(incident: Incident, telling: Telling, role: Role) -> float:
    """+1 for a shared actor, +0.5 for like ones, -2 for different initiators; victims' names never part."""
    mine = [p.actor for p in telling.people if p.actor.role is role]
    theirs = [p.actor for t in incident.tellings for p in t.people if p.actor.role is role]
    if not mine or not theirs:
        return 0.0
    names = [{_name(actor.actor_id, actor.name) for actor in side} for side in (mine, theirs)]
    met = role is Role.INITIATOR and telling.place is None and _met_by_force(incident, telling)
    if met or names[0] & names[1] or _words(names[0]) & _words(names[1]):
        return 1.0
    if any(_like(one, other) for one in mine for other in theirs):
        return 0.5
    anybody = all(_is_anybody(one) for one in mine) or all(_is_anybody(other) for other in theirs)
    if anybody or role is not Role.INITIATOR:
        return 0.0
    # Two doers in one sentence were told apart there.
    return APART if telling.sentence == incident.tellings[-1].sentence else -2.0


_CROWDS = frozenset({"protesters", "rioters"})


def _met_by_force(incident: Incident, telling: Telling) -> bool:
    """Whether one tells of a crowd that the other says force was used on: its doers are two sides of one event."""
    for one, others in ((telling, incident.tellings), *((told, [telling]) for told in incident.tellings)):
        gathers = any(p.actor.role is Role.INITIATOR and p.actor.kind in _CROWDS for p in one.people)
        hit = any(p.actor.role is Role.TARGET and p.actor.kind in _CROWDS for o in others for p in o.people)
        if gathers and hit:
            return True
    return False


def _deaths(telling: Telling) -> frozenset[str]:
    """The last names of the persons a telling says were killed; nobody dies twice."""
    if not (telling.acts & _FATAL) or not any(toll.kind is TollKind.KILLED and toll.best for toll in telling.tolls):
        return frozenset()
    hit = (p.actor for p in telling.people if p.actor.role is Role.TARGET and p.actor.actor_id is None)
    named = (actor.name.split() for actor in hit if actor.kind == "unknown" and actor.name[:1].isupper())
    return frozenset(words[-1].lower() for words in named if len(words[-1]) > 2)


def _is_anybody(actor: Actor) -> bool:
    """Whether a name says no more than that they bore arms: "gunmen", or "jets", may be whoever is named elsewhere."""
    if actor.actor_id is not None:
        return False
    return actor.kind == "unidentified_armed" or actor.name.lower().removesuffix("s") in vocabulary().words(
        "armed_things"
    )


def _like(one: Actor, other: Actor) -> bool:
    """Whether two names may be one side: of one kind, not two known groups, not of two countries."""
    if one.kind != other.kind or one.kind == "unknown":
        return False
    if one.country and other.country:
        return one.country == other.country
    return not (one.actor_id and other.actor_id)


def _name(actor_id: str | None, name: str) -> str:
    return actor_id or name.lower()


def _words(names: set[str]) -> set[str]:
    return {word.removesuffix("s") for name in names for word in _WORDS.split(name) if len(word) > 3}
