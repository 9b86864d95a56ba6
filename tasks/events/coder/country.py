"""The country of an incident whose place does not tell it: that of the document."""

from dataclasses import replace

from schemas.mention import Place
from tasks.events.coder.readings import NO_PLACE
from tasks.events.document import Facts


def country_only(facts: Facts) -> Place:
    """No place, but the country the document is about, if it names one."""
    countries = [code for code in facts.place_context.countries if not _is_where_said_only(facts, code)]
    reason = "no_place_given; country of the document"
    return replace(NO_PLACE, country=countries[0], reason=reason) if countries else NO_PLACE


def _is_where_said_only(facts: Facts, country: str) -> bool:
    """Return True if of a country only places are named where somebody spoke: "he said in London"."""
    spans = [located.span for located in facts.places if located.place.country == country]
    return bool(spans) and all(facts.is_where_said(span.start, span.end) for span in spans)


def in_country(facts: Facts, location: Place) -> Place:
    """A place; one no gazetteer has, and that the text puts nowhere, lies in the country the document is about."""
    countries = facts.place_context.countries
    if location.country or location.place_id or not countries:
        return location
    return replace(location, country=countries[0], reason=f"{location.reason}; country of the document")
