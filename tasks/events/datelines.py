"""Datelines: where a piece was written, which need not be where anything happened."""

import re
from collections import Counter

from tasks.events.document import Facts, PlaceFound

#: A dateline stands within these first characters, or wherever an agency's name in brackets follows it.
_HEAD = 60
_AGENCY = re.compile(r",?[^()\n]{0,30}\([A-Z][\w. /-]{1,30}\)")


def is_dateline(facts: Facts, found: PlaceFound) -> bool:
    """Whether a place in capitals heads the text, or stands before an agency's name."""
    start, end = found.span.head_start, found.span.head_end
    if not facts.text[start:end].isupper() or end - start < 4:
        return False
    return found.span.start <= _HEAD or _AGENCY.match(facts.text, end) is not None


def is_desk(facts: Facts, found: PlaceFound) -> bool:
    """Whether a dateline is only where somebody wrote: most other places of the text lie in another country."""
    if not is_dateline(facts, found):
        return False
    names = {other.span.head.lower(): other.place.country for other in facts.places if other.place.country}
    names.pop(found.span.head.lower(), None)
    others = Counter(names.values())
    return bool(others) and others[found.place.country or ""] < max(others.values())
