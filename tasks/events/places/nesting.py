"""What a place lies in, read from the words between neighbouring names."""

import re
from dataclasses import dataclass, replace

from tasks.events.language.vocabulary import event_words
from tasks.reference.fold import fold
from tasks.reference.gazetteer import lookup
from tasks.reference.places import demonyms, kind_words
from tasks.reference.precision import PlacePrecision

_SEPARATE = re.compile(r"^,? ?$")
#: What stands between a village nobody lists and the town that tells where it is.
_OWNER = frozenset({"'s ", "\u2019s "})
#: Kind words that a list of names shares.
_VILLAGES = frozenset({"village", "town"})
_BESIDE = frozenset({"near", "close to", "next to", "outside", "just outside"})


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A place as a text names it. Offsets count the characters of the document (``doc.text``).

    ``text`` is the whole phrase ("southern countryside of Deir ez-Zor"), ``head`` the name in it ("Deir ez-Zor").
    ``kind`` is a kind of seeds/place_kinds.csv read from the words around it (``town``, ``province``, ``countryside``,
    ``desert``, ``camp`` ... or ""), ``direction`` a compass word, ``relation`` one of ``in``, ``near`` and ``between``.
    ``part_of`` holds the names of what it lies in, nearest first ("Kafr Zeita in the northern Hama province":
    ``("Hama",)``); of an unlisted one also what it is beside. ``known`` tells whether the gazetteer holds the head.
    """

    start: int
    end: int
    text: str
    head: str
    head_start: int
    head_end: int
    kind: str = ""
    direction: str = ""
    relation: str = "in"
    part_of: tuple[str, ...] = ()
    known: bool = True


def nested(text: str, base: int, spans: tuple[PlaceSpan, ...]) -> tuple[PlaceSpan, ...]:
    """The spans with what each is part of, read from the words between neighbours; right to left, so that it chains."""
    done: list[PlaceSpan] = []
    for span in reversed(spans):
        following = done[-1] if done else None
        nested_span = span
        if following is not None:
            between = text[span.end - base : following.start - base]
            if _contains(between, following) or (not span.known and between.strip(" ,").lower() in _BESIDE):
                nested_span = replace(
                    nested_span, part_of=(*_thing_of(text, base, done), following.head, *following.part_of)
                )
            elif between.strip() == "and" and span.relation == "between":
                done[-1] = replace(following, relation="between")
            elif _are_listed(between, span, following):
                # "The villages of A and B in the countryside of C": both lie there.
                nested_span = replace(nested_span, part_of=following.part_of)
        done.append(nested_span)
    return _owned(text, base, tuple(reversed(done)))


def _thing_of(text: str, base: int, done: list[PlaceSpan]) -> tuple[str, ...]:
    """What the last span owns, if it is an owner: the state in "the village in Sudan's Gezira state"."""
    if len(done) < 2 or text[done[-1].end - base : done[-2].start - base] not in _OWNER:
        return ()
    return (done[-2].head,)


def _are_listed(between: str, first: PlaceSpan, second: PlaceSpan) -> bool:
    """Return True if two names share the word before them, and so what the second lies in."""
    return between.strip(" ,") in ("", "and") and first.kind in _VILLAGES and not second.kind and bool(second.part_of)


def _owned(text: str, base: int, spans: tuple[PlaceSpan, ...]) -> tuple[PlaceSpan, ...]:
    """In "Aleppo's Sheikh Maqsoud" the owner is what the next lies in."""
    out = list(spans)
    for index in range(1, len(out)):
        between = text[out[index - 1].end - base : out[index].start - base]
        if between in _OWNER:
            owner = out[index - 1]
            out[index] = replace(out[index], part_of=tuple(dict.fromkeys((owner.head, *out[index].part_of))))
    return tuple(out)


def _qualifies(word: str) -> bool:
    """Return True if a word before a container's name only says which or what it is: "the northern Syrian city"."""
    return fold(word) in demonyms() or word in event_words("parts_of_lands") or word in kind_words()


def _contains(between: str, container: PlaceSpan) -> bool:
    words = between.strip(" ,").lower().split()
    words = [word for word in words if word not in {"the", "of"} or words == ["of"]]
    if words[:1] in (["in"], ["inside"], ["within"], ["of"]):
        # "In the Mezzeh area in the capital Damascus", "in the rebel stronghold of Homs" stays apart.
        words = words[:1] + [word for word in words[1:] if not _qualifies(word)]
    if words in (["in"], ["of"], ["inside"], ["within"]):
        return "." not in between
    if words or not _SEPARATE.match(between) or "," not in between:
        return False
    coarse = container.kind in {"province", "district", "region"}
    return coarse or any(entry.precision >= PlacePrecision.DISTRICT for entry in lookup(container.head))
