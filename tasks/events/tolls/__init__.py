"""Tolls in a text: who was killed, injured, detained or displaced, and how many.

In: a text. Out: toll spans with their counts and who they count. A grammar, linear in the text; no model.
"""

from tasks.events.tolls.casualties import TollKind, TollSpan, find_tolls

__all__ = ["TollKind", "TollSpan", "find_tolls"]
