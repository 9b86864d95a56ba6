"""Which of what a text tells of sums up other events: totals over time or a country, counted plurals, series."""

import re

from spacy.tokens import Token

from schemas.mention import When
from tasks.events.dates.spans import NAMED_YEAR
from tasks.events.document import Facts
from tasks.events.incidents import Incident
from tasks.events.language.phrases import lemma, objects
from tasks.events.language.vocabulary import event_words
from tasks.events.tolls.casualties import TollSpan
from tasks.events.triggers import Trigger

_FEW_OR_YEAR = re.compile(r"one|two|[12]|(?:19|20)\d\d")
_ORDINAL = re.compile(r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)")


def is_aggregate(facts: Facts, incident: Incident, when: When, killed: TollSpan | None) -> bool:
    """Totals over time, tolls of a month or more, and counted plurals ("31 airstrikes")."""
    # "The 2016 bombings" are one event, however wide the year.
    wide = (when.precision or 0) >= 4 and when.reason != NAMED_YEAR
    if killed and (killed.cumulative or wide):
        return True
    first = incident.tellings[0].triggers
    counts = [count for trigger in first if (count := _count(facts, trigger)) is not None]
    if counts and not (max(counts) <= _limit(incident) and _is_of_one_place(incident, when)):
        return True
    many = any(_is_ordinal(facts, trigger) or _is_of_many(facts, trigger) for trigger in first)
    if many and (when.reason or "").startswith("since"):
        return True
    if killed and _sweeps(incident):
        return True
    return any(toll.cumulative for telling in incident.tellings[:1] for toll in telling.tolls)


#: So many strikes a town sees in a day; more are a figure of a campaign.
_FEW = 100
#: The coarsest precisions (UCDP where_prec, date_prec) of a town, and of a day or a night.
_TOWN = _DAYS = 2


def _limit(incident: Incident) -> int:
    """How many strikes may be one event: more in a town than in a desert or a district."""
    exact = all((found.place.precision or 1) <= _TOWN for found in incident.places)
    return _FEW if exact else _WORDED


def _is_of_one_place(incident: Incident, when: When) -> bool:
    """Whether what is counted fell on one place within a day or two: "four airstrikes on the town" are one event."""
    places = {found.place.place_id or found.span.head for found in incident.places}
    wide = any(found.place.precision == _COUNTRY for found in incident.places)
    lasting = (when.precision or 1) > _DAYS or (when.reason or "").startswith("since")
    return len(places) == 1 and not wide and not lasting and not any(t.sweeping for t in incident.tellings)


def _sweeps(incident: Incident) -> bool:
    """Whether its first count is of a country and not of a place: "across Ukraine over the past day"."""
    first = next((t for t in incident.tellings if t.tolls and not t.headline), incident.tellings[0])
    wide = first.place is None or first.place.place.precision == _COUNTRY
    others = (t for t in incident.tellings if t is not first and not t.headline)
    return first.sweeping and wide and all(t.sweeping or t.place is None for t in others)


#: The precision (UCDP where_prec) of a country.
_COUNTRY = 6
#: Counts that no town sees in a day: "hundreds of strikes".
_HUNDREDS = frozenset({"hundreds", "thousands"})
#: What a number in words is taken for: "four", "dozens".
_WORDED = 12


def _count(facts: Facts, trigger: Trigger) -> int | None:
    """How often, from three times on: "112 arrests", "attacked 130 times"; two may be one."""
    if not trigger.noun:
        verb = facts.doc[trigger.token]
        below = [child for one in (verb, *verb.conjuncts) for child in one.children]
        times = [child for child in below if child.lower_ == "times"]
        times += [noun for child in below if child.lower_ == "in" for noun in child.children if _is_operation(noun)]
        told = [c.lower_ for noun in times for c in noun.children if c.like_num and c.lower_ not in ("two", "2")]
    else:
        noun = facts.doc[trigger.token]
        if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.lower_ in _HUNDREDS:
            return _FEW + 1
        counts = [c.lower_ for c in noun.children if c.dep_ == "nummod"]
        told = [count for count in counts if trigger.plural and not _FEW_OR_YEAR.fullmatch(count)]
    figures = [int(word) if word.isdecimal() else _WORDED for word in (one.replace(",", "") for one in told)]
    return max(figures, default=None)


def _is_operation(noun: Token) -> bool:
    """Whether a noun counts acts: "killed 44 fighters in 196 operations"."""
    return noun.tag_ == "NNS" and lemma(noun) in event_words("operations")


def _is_of_many(facts: Facts, trigger: Trigger) -> bool:
    """Whether a verb was done to many things, one after another: "have attacked more than 50 ships since November"."""
    counts = [c for noun in objects(facts.doc[trigger.token]) for c in noun.children if c.dep_ == "nummod"]
    return not trigger.noun and any(not _FEW_OR_YEAR.fullmatch(count.lower_) for count in counts)


def _is_ordinal(facts: Facts, trigger: Trigger) -> bool:
    """Whether an event noun is the last of a series: "the third murder since January"."""
    return trigger.noun and any(_ORDINAL.fullmatch(c.lower_) for c in facts.doc[trigger.token].children)
