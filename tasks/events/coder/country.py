"""The country of an incident whose place does not tell it: that of the document."""

from dataclasses import replace

from schemas.mention import Place
from tasks.events.coder.readings import NO_PLACE
from tasks.events.document import Facts


def country_only(facts: Facts) -> Place:
    """No place, but the country the document is about, where it names one."""
    known = facts.place_context.countries
    reason = "no_place_given; country of the document"
    return replace(NO_PLACE, country=known[0], reason=reason) if known else NO_PLACE


def in_country(facts: Facts, place: Place) -> Place:
    """A place; one no gazetteer has, and that the text puts nowhere, lies in the country the document is about."""
    known = facts.place_context.countries
    if place.country or place.place_id or not known:
        return place
    return replace(place, country=known[0], reason=f"{place.reason}; country of the document")
