"""Actors in a text: names and describing nouns, and who each means.

In: a text. Out: actor spans, resolved within their document. Private persons are never named.
"""

from tasks.events.actors.resolve import ActorSpan, find_actors, resolve_actor

__all__ = ["ActorSpan", "find_actors", "resolve_actor"]
