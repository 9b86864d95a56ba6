"""The country of an incident whose place does not tell it: that of the document."""

from dataclasses import replace

from schemas.mention import Place
from tasks.events.coder.readings import NO_PLACE
from tasks.events.document import Facts


def country_only(facts: Facts) -> Place:
    """No place, but the country the document is about, if it names one."""
    countries = facts.place_context.countries
    reason = "no_place_given; country of the document"
    return replace(NO_PLACE, country=countries[0], reason=reason) if countries else NO_PLACE


def in_country(facts: Facts, location: Place) -> Place:
    """A place; one no gazetteer has, and that the text puts nowhere, lies in the country the document is about."""
    countries = facts.place_context.countries
    if location.country or location.place_id or not countries:
        return location
    return replace(location, country=countries[0], reason=f"{location.reason}; country of the document")
