"""Places in a text: names, and the one place of the gazetteer that each means.

In: a text and its country. Out: place spans, resolved or not, with the reason.
"""

from tasks.events.places.resolve import PlaceSpan, find_places, place_context, resolve_places

__all__ = ["PlaceSpan", "find_places", "place_context", "resolve_places"]
