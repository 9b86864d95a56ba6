"""Names of places the gazetteer lacks: told by the words around them and by where they stand."""

from tasks.events.places.reading import PlaceText, vocabulary
from tasks.reference.gazetteer import lookup_loose
from tasks.reference.places import kind_words

#: A lone word the tagger reads as one of these is no name.
NO_NAMES = frozenset({"VERB", "AUX", "ADP", "DET", "ADV", "PRON", "SCONJ", "CCONJ", "INTJ", "PART"})
#: An unlisted name of more words than this is a body's or a book's rather than a village's.
_LONGEST_UNLISTED = 3


def unlisted_end(at: PlaceText, first: int) -> int | None:
    """The end of a name the gazetteer lacks: after "village of", before "village", or where only a place stands."""
    word = at.words[first]
    if not (word.capital or (word.article and at.may_begin(first))) or word.text[0].isdigit():
        return None
    if word.folded in vocabulary("never") or word.folded in kind_words() or at.adjective(first):
        return None
    name_stop = _run(at, first)
    if any(a < at.words[name_stop - 1].end and word.start < b for a, b in at.taken) or at.glued(name_stop):
        return None
    of_kind = first >= 2 and at.words[first - 1].folded == "of" and at.words[first - 2].folded in kind_words()
    if of_kind and kind_words()[at.words[first - 2].folded].use == "of":
        return name_stop
    kind, stop = at.kind_after(name_stop)
    if kind and kind not in {"road", "front", "border"} and not at.shouting:
        return _with_kind(at, name_stop, stop)
    cued = at.cue(first) and bool(lookup_loose(at.slice(first, name_stop)))
    return name_stop if cued or _stands_as_place(at, first, name_stop) else None


def _run(at: PlaceText, first: int) -> int:
    """The end of the capitalised words a name may have: a day, a demonym or a kind ends it ("Mirmir Monday")."""
    stop = first + 1
    while stop < len(at.words) and at.joined(stop) and not at.words[stop - 1].possessive:
        following = at.words[stop]
        if at.particles(stop):
            stop += at.particles(stop)
            continue
        if not (following.capital or at.article(stop)) or following.folded in kind_words():
            break
        if following.folded in vocabulary("calendar") or at.adjective(stop):
            break
        stop += 1
    return stop


def _with_kind(at: PlaceText, name_stop: int, stop: int) -> int:
    """A kind word in capitals is part of an unlisted name: "Manger Square", but "Gladiola outpost"."""
    return stop if all(word.capital for word in at.words[name_stop:stop]) else name_stop


def _stands_as_place(at: PlaceText, first: int, stop: int) -> bool:
    """Return True if an unlisted name stands where only a place can: "in Gursai", "bombed Badme", "Arbin and Jibu"."""
    if at.shouting or first == 0 or stop - first > _LONGEST_UNLISTED or not _is_name(at, first, stop):
        return False
    if _shot(at, first):
        return False
    before, gap = at.words[first - 1], at.words[first].gap
    if gap.isspace() and (before.folded in vocabulary("within") or _beyond(at, first)):
        return not before.capital or first == 1 or "." in before.gap
    return _listed(at, first, stop) or _taken_ground(at, first, stop) or (stop == first + 1 and _struck(at, first))


def _struck(at: PlaceText, first: int) -> bool:
    """Return True if one word stands where an attack fell: "a drone attack on Mirmir"."""
    return first > 1 and at.words[first - 1].folded == "on" and at.words[first - 2].folded in vocabulary("struck")


def _is_name(at: PlaceText, first: int, stop: int) -> bool:
    """Return True if some words are a name by the tagger, and no acronym and no day."""
    words = at.words[first:stop]
    if _upper_run(at, first, stop) or at.tags.get(words[-1].start) != "PROPN":
        return False
    if any(at.tags.get(word.start) in NO_NAMES for word in words if not word.article):
        return False
    return not any(word.folded in vocabulary("calendar") for word in words)


def _shot(at: PlaceText, first: int) -> bool:
    """Return True if somebody shoots at a name, as one does at people: "opened fire at Omar Haddad"."""
    return first > 1 and at.words[first - 1].folded == "at" and at.words[first - 2].folded in vocabulary("shot at")


def _beyond(at: PlaceText, first: int) -> bool:
    """Return True if a name follows "of" as a place does: "south of Mirmir", "control of Mirmir"."""
    counted = vocabulary("distance") | vocabulary("held")
    return first > 1 and at.words[first - 1].folded == "of" and at.words[first - 2].folded in counted


def _listed(at: PlaceText, first: int, stop: int) -> bool:
    """Return True if a name stands in a list with a place: after one, or before "and B villages"."""
    if {"(", "["} & set(at.words[first].gap):
        return False
    token = at.token_of(stop - 1)
    while token is not None and token.dep_ in ("conj", "appos") and token.head.i < token.i:
        token = token.head
        if any(a <= token.idx < b for a, b in at.found):
            return True
    if stop + 1 >= len(at.words) or at.words[stop].folded != "and" or not at.words[stop + 1].capital:
        return False
    kind, after = at.kind_after(_run(at, stop + 1))
    return bool(kind) and at.words[after - 1].folded in vocabulary("plural")


def _taken_ground(at: PlaceText, first: int, stop: int) -> bool:
    """Return True if a name is what is bombed, stormed or retaken: nobody says so of a person."""
    token = at.token_of(stop - 1)
    if token is None or token.dep_ not in ("dobj", "nsubjpass"):
        return False
    return token.head.lemma_.lower() in vocabulary("ground verb")


def _upper_run(at: PlaceText, first: int, stop: int) -> bool:
    """Return True if a name is an acronym or a code, which is no place's."""
    return at.slice(first, stop).isupper()
