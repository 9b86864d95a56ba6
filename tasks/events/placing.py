"""Where an incident was: what a learned head takes, else what its own sentences name, else what is carried over."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from schemas.mention import Place, Status
from tasks.events.choices import LEAD_SENTENCES, same_campaign
from tasks.events.datelines import is_desk
from tasks.events.document import Facts, PlaceFound
from tasks.events.incidents import Incident, sums_up
from tasks.events.linking import speaks
from tasks.events.place_choice import Scene, chosen_place
from tasks.events.tellings import Telling
from tasks.events.told_places import is_origin, is_speakers
from tasks.reference.fold import fold
from tasks.reference.places import country_name, demonyms

NO_PLACE = Place(None, None, None, None, None, None, None, None, None, "no_place_given")
#: A place with the rule that chose it.
PlaceChoice = tuple[PlaceFound, str]


def place_of(facts: Facts, incident: Incident, incidents: Iterable[Incident], main: Telling) -> PlaceChoice | None:
    """The place the head of ``place_choice.py`` takes; where it takes none, what its own sentences name."""
    scene = scene_of(facts, incident, tuple(incidents), main)
    if scene.own is None and (meant := _pointed_at(facts, main)) is not None:
        return meant, "points back"
    # What sums up a country lies at none of the places it sums up.
    learned = None if sums_up(incident) else chosen_place(scene)
    if learned is not None:
        return _weighed(facts, incident, incidents, scene, learned)
    if scene.own is not None:
        return scene.own, "own sentence"
    for other in same_campaign(incident, incidents):
        if other.places:
            return other.places[0], "same campaign"
    return _carried(facts, main)


def _weighed(
    facts: Facts, incident: Incident, incidents: Iterable[Incident], scene: Scene, learned: tuple[PlaceFound, float]
) -> PlaceChoice:
    """The place the head takes, unless the incident's own sentences name one elsewhere."""
    found, probability = learned
    own = [telling for telling in incident.tellings if holds_place(facts, telling.sentence.index, found)]
    near = any(telling.place is found for telling in own) or (bool(own) and not _is_theirs(found, incident, incidents))
    if scene.own is not None and not near and _is_elsewhere(scene.own.place, found.place, incident):
        return scene.own, "own sentence"
    return found, f"learned {probability:.2f}; {'own sentence' if near else 'carried over'}"


#: Nouns of places that point back with "the", and how far back, in sentences.
_POINTING = re.compile(
    r"\bthe (city|town|village|camp|airport|base|prison)\b(?!['’]?s? (?:of|council|mayor))", re.IGNORECASE
)
_BACK = 6


def _pointed_at(facts: Facts, main: Telling) -> PlaceFound | None:
    """The place named last with the noun that a sentence points back with: "in the city", after "the city of X"."""
    span = main.sentence
    noun = _POINTING.search(facts.text, span.start, span.end)
    if noun is None or main.status.status is not Status.HAPPENED:
        return None
    first = facts.sentences[max(0, span.index - _BACK)].start
    before = [found for found in facts.places if first <= found.span.start < span.start and _is_ground(facts, found)]
    kind = noun[1].lower()
    called = [found for found in before if kind in fold(found.span.text).split()]
    return called[-1] if called else None


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
    for back in range(1, min(LEAD_SENTENCES, index + 1)):
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


def country_only(facts: Facts) -> Place:
    """No place, but the country the document is about, where it names one."""
    known = _countries(facts)
    return replace(NO_PLACE, country=known[0], reason="no_place_given; country of the document") if known else NO_PLACE


def _countries(facts: Facts) -> list[str]:
    """The countries a document is about, likeliest first, without those a missile only came from."""
    named = {found.place.country: True for found in facts.places}
    for found in facts.places:
        named[found.place.country] &= is_origin(facts, found)
    return [country for country in facts.place_context.countries if not named.get(country, False)]


def in_country(facts: Facts, place: Place) -> Place:
    """A place; one no gazetteer has, and that the text puts nowhere, lies in the country the document is about."""
    known = _countries(facts)
    if place.country or place.place_id or not known:
        return place
    return replace(place, country=known[0], reason=f"{place.reason}; country of the document")
