"""Finding the actors a text names: known names, and describing nouns with what stands around them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from spacy.tokens import Doc, Span

from tasks.events.language.aliases import AliasHit, hits_in
from tasks.events.language.vocabulary import event_words
from tasks.events.language.word_forms import parts_of_speech
from tasks.events.language.words import Word, words_of
from tasks.reference.actors import actor_modifiers, actor_nouns, actor_words, is_armed
from tasks.reference.gazetteer import lookup
from tasks.reference.places import demonyms


@dataclass(frozen=True, slots=True)
class ActorSpan:
    """A noun phrase that names or describes an actor. Offsets count the characters of the document (``doc.text``).

    ``text`` is the phrase without determiner and count ("Syrian government soldiers"); ``start`` and ``end`` are its.
    ``head`` is its head noun or the whole name. ``count`` is the number or number word before it ("16", "dozens"), ""
    if none. ``actor_id`` is set if a seeds/actors.csv name stands in the phrase; ``noun_kind`` is the kind its noun
    and modifiers give ("" for a bare name); ``demonym_country`` the ISO alpha-2 code of a demonym or country in it.
    ``anaphor`` marks phrases that may point back ("the radical group"). ``token_start`` and ``token_end`` (end
    excluded) index ``doc``.
    """

    start: int
    end: int
    text: str
    head: str
    token_start: int
    token_end: int
    count: str = ""
    actor_id: str | None = None
    noun_kind: str = ""
    demonym_country: str | None = None
    anaphor: bool = False


def find_actors(doc: Doc | Span, text: str | None = None) -> tuple[ActorSpan, ...]:
    """The actors a document (or a sentence of it) names, in order, none overlapping. ``text``: its own, if at hand."""
    base = doc.start_char if isinstance(doc, Span) else 0
    return tuple(_Finder(doc, doc.text if text is None else text, base).spans())


@lru_cache(maxsize=20_000)
def kind_of(noun: str) -> str | None:
    """The kind word of a noun or noun phrase: "soldiers" is ``state_forces``, "shepherds" ``civilians``.

    The longest known noun at the end of the phrase counts, then a modifier before it; ``None`` if neither is known.
    """
    words = words_of(noun)
    for length in (3, 2, 1):
        row = actor_nouns().get(" ".join(word.folded for word in words[-length:])) if len(words) >= length else None
        if row is not None:
            return _modified(row.kind, [word.folded for word in words[:-length]])
    return None


def _modified(kind: str, before: list[str]) -> str:
    """The kind under the modifiers before a noun: only an armed or open noun gives way ("rebel fighters")."""
    if kind in {"unknown", "political_militia", "unidentified_armed", "state_forces"} or (
        kind == "civilians" and any(word in {"armed", "masked"} for word in before)
    ):
        for word in before:
            if word in actor_modifiers() and not (kind == "state_forces" and word in {"armed", "unknown", "suspected"}):
                return actor_modifiers()[word]
    return kind


@cache
def _openings() -> frozenset[str]:
    """The words describing nouns begin with."""
    return frozenset(noun.split(" ")[0] for noun in actor_nouns())


class _Finder:
    """One pass over the words of a text."""

    def __init__(self, doc: Doc | Span, text: str, base: int) -> None:
        self.doc = doc
        self.base = base
        self.text = text
        self.words = words_of(self.text, base)
        self.hits = {hit.first: hit for hit in hits_in(self.text, base)}
        self.nominal = parts_of_speech(doc)
        self.persons = [(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ == "PERSON"]
        self.starts = list(self.nominal)
        self.ends = frozenset(hit.last - 1 for hit in self.hits.values())

    def spans(self) -> Iterator[ActorSpan]:
        index, floor = 0, 0
        while index < len(self.words):
            match = self._at(index, floor)
            if match is None:
                index += 1
                continue
            span, index = match
            floor = index
            yield span

    def _at(self, index: int, floor: int) -> tuple[ActorSpan, int] | None:
        hit = self.hits.get(index)
        if hit is not None:
            return self._named(hit, floor)
        noun = self._noun_at(index)
        if noun is not None:
            return self._described(index, noun[0], noun[1], floor)
        return self._people(index, floor)

    def _noun_at(self, index: int) -> tuple[str, int] | None:
        """The kind and end of the longest describing noun that begins at a word."""
        if self.words[index].folded not in _openings():
            return None
        for length in (3, 2, 1):
            stop = index + length
            if stop > len(self.words) or any(word.gap not in {" ", "-"} for word in self.words[index + 1 : stop]):
                continue
            if any(position in self.hits for position in range(index + 1, stop)):
                continue
            row = actor_nouns().get(" ".join(word.folded for word in self.words[index:stop]))
            if row is not None and (length > 1 or self._is_noun(index)):
                return row.kind, stop
        return None

    def _is_noun(self, index: int) -> bool:
        """A verb such as "guards" is no noun; a noun before another noun belongs to that one."""
        pos = self.nominal.get(self.words[index].start, "NOUN")
        return pos not in {"VERB", "AUX", "ADP", "ADV", "PRON", "ADJ"}

    def _named(self, hit: AliasHit, floor: int) -> tuple[ActorSpan, int]:
        """A known name, its acronym in brackets, and the noun after it: "Islamic State (ISIS) militants"."""
        last = self._with_acronym(hit)
        kind, head = "", hit.text
        while last < len(self.words) and self.words[last].gap in {" ", ") ", "-"}:
            noun = None if self.words[last - 1].possessive else self._noun_at(last)
            if noun is None:
                break
            kind, head, last = noun[0], self._slice(last, noun[1]), noun[1]
        first, _, country = self._leftward(hit.first, floor)
        return self._span(first, last, head, kind, hit.actor_id, country), last

    def _with_acronym(self, hit: AliasHit) -> int:
        """The end of a name with its acronym in brackets: "Islamic State (ISIS)"."""
        twin = self.hits.get(hit.last)
        same = twin is not None and twin.actor_id == hit.actor_id and self.words[hit.last].gap == " ("
        return twin.last if twin is not None and same else hit.last

    def _described(self, index: int, kind: str, stop: int, floor: int) -> tuple[ActorSpan, int] | None:
        """A describing noun with what stands before it, and the actor it is said to be of."""
        following = self._noun_at(stop) if stop < len(self.words) and self.words[stop].gap == " " else None
        if following is not None and self.nominal.get(self.words[stop].start) in {"NOUN", "PROPN"}:
            # "government soldiers", "army patrol": the last noun is the head, this one modifies it.
            named = _modified(following[0], [word.folded for word in self.words[index:stop]])
            kind, head, last_word = (
                (named if named != "unknown" else kind),
                self._slice(stop, following[1]),
                following[1],
            )
        else:
            head, last_word = self._slice(index, stop), stop
        first, before, country = self._leftward(index, floor)
        kind = _modified(kind, before)
        owner = self._owner(last_word)
        if owner is not None:
            last = self._with_acronym(owner)
            group = self._noun_at(last) if last < len(self.words) and self.words[last].gap == " " else None
            # "Members of an ISIS cell" ends with the cell.
            last = group[1] if group is not None and not self.words[last - 1].possessive else last
            return self._span(first, last, head, kind, owner.actor_id, country), last
        inner = self._members(index, last_word) if kind in {"unknown", "unidentified_armed"} else None
        if inner is not None:
            kind, last_word = inner
        return self._span(first, last_word, head, kind, None, country), last_word

    def _members(self, index: int, stop: int) -> tuple[str, int] | None:
        """The kind and end of what a group is of: "a group of armed men"; the group itself says nothing of it."""
        noun = actor_nouns().get(self.words[index].folded)
        open_noun = noun is not None and (
            noun.use == "group" or self.words[stop - 1].folded in event_words("of_a_group")
        )
        if not open_noun or stop >= len(self.words) or self.words[stop].folded != "of":
            return None
        for at in range(stop + 1, min(stop + 5, len(self.words))):
            if self.words[at].gap not in {" ", "-"}:
                return None
            noun_found = self._noun_at(at)
            if noun_found is not None:
                return _modified(noun_found[0], [word.folded for word in self.words[stop + 1 : at]]), noun_found[1]
        return None

    def _owner(self, stop: int) -> AliasHit | None:
        """The known actor in "members of the SDF"."""
        at = stop
        if at < len(self.words) and self.words[at].gap == " " and self.words[at].folded in actor_words("of"):
            at += 1
            if at < len(self.words) and self.words[at].folded in {"the", "a", "an"}:
                at += 1
            while at < len(self.words) and at not in self.hits and self._qualifies(at):
                at += 1
            return self.hits.get(at)
        return None

    def _qualifies(self, at: int) -> bool:
        """Return True if a word only describes the name after it: "the Turkish-backed Sultan Murad Division"."""
        word = self.words[at]
        backer = at + 1 < len(self.words) and self.words[at + 1].gap == "-"
        qualifying = backer or word.gap == "-" or word.folded in actor_modifiers() or word.folded in demonyms()
        return qualifying and word.gap in {" ", "-"} and not word.possessive

    def _people(self, index: int, floor: int) -> tuple[ActorSpan, int] | None:
        """Peoples ("Syrians") and states ("Russia") that act under their own name."""
        word = self.words[index]
        if not word.capital:
            return None
        country = demonyms().get(word.folded)
        if country and word.folded.endswith("s") and demonyms().get(word.folded[:-1]) == country:
            first, _, _ = self._leftward(index, floor)
            return self._span(first, index + 1, word.text, "civilians", None, country), index + 1
        for stop in (index + 2, index + 1):
            if stop > len(self.words) or (stop > index + 1 and self.words[index + 1].gap != " "):
                continue
            name = self._slice(index, stop)
            states = [entry for entry in lookup(name) if entry.kind == "country"]
            written = len(name) > 3 or name.isupper()
            if states and written and not self._adjective(stop) and not self._person(word):
                return self._span(index, stop, name, "state", None, states[0].country), stop
        return None

    def _adjective(self, stop: int) -> bool:
        """Return True if the name modifies what follows ("US-backed", "US forces"), which finds it by itself."""
        if stop >= len(self.words) or self.words[stop - 1].possessive:
            return False
        following = self.words[stop]
        return (following.gap == "-" and not following.capital) or (following.gap == " " and bool(self._noun_at(stop)))

    def _person(self, word: Word) -> bool:
        return any(start <= word.start < stop for start, stop in self.persons)

    def _leftward(self, index: int, floor: int) -> tuple[int, list[str], str | None]:
        """Where the phrase begins, the folded words before its noun, and the country of a demonym among them."""
        first, country = index, None
        before: list[str] = []
        while first > floor and self.words[first].gap in {" ", "-"} and (first - 1) not in self.ends:
            word = self.words[first - 1]
            demonym = demonyms().get(word.folded) if word.capital else None
            pos = self.nominal.get(word.start, "")
            hyphened = self.words[first].gap == "-"
            fits = demonym or word.folded in actor_modifiers() or pos == "ADJ" or hyphened
            if (
                not fits
                or word.possessive
                or (word.folded in actor_words("count") and not hyphened)
                or word.folded in actor_words("pointing")
            ):
                break
            before.insert(0, word.folded)
            # "Iranian-backed": backed by a state is not the state.
            if demonym and not hyphened:
                country = demonym
            first -= 1
        return first, before, country or self._country_before(first)

    def _country_before(self, first: int) -> str | None:
        """The country whose something is: "Turkey's army"."""
        if not first or not self.words[first - 1].possessive or self.words[first].gap != " ":
            return None
        for start in (first - 2, first - 1):
            if start >= 0 and self.words[start].capital and (start == first - 1 or self.words[first - 1].gap == " "):
                states = [entry for entry in lookup(self._slice(start, first)) if entry.kind == "country"]
                if states:
                    return states[0].country
        return None

    def _tokens(self, start: int, stop: int) -> tuple[int, int]:
        """The tokens that the characters touch, as indices of the document."""
        shift = self.doc.start if isinstance(self.doc, Span) else 0
        return shift + max(0, bisect_right(self.starts, start) - 1), shift + bisect_left(self.starts, stop)

    def _slice(self, first: int, stop: int) -> str:
        return self.text[self.words[first].start - self.base : self.words[stop - 1].end - self.base]

    def _span(
        self, first: int, last: int, head: str, kind: str, actor_id: str | None, country: str | None
    ) -> ActorSpan:
        start, stop = self.words[first].start, self.words[last - 1].end
        if self.text[start - self.base : stop - self.base].count("(") and self.text[stop - self.base :][:1] == ")":
            stop += 1
        before = self.words[first - 1] if first and self.words[first].gap.isspace() else None
        tokens = self._tokens(start, stop)
        return ActorSpan(
            start, stop, self.text[start - self.base : stop - self.base], head, *tokens,
            _count(before), actor_id, kind, country, _points_back(before, head, kind, actor_id, country),
        )  # fmt: skip


def _count(before: Word | None) -> str:
    if before is None:
        return ""
    return before.text if before.text[0].isdigit() or before.folded in actor_words("count") else ""


def _points_back(before: Word | None, head: str, kind: str, actor_id: str | None, country: str | None) -> bool:
    pointed = before is not None and before.folded in actor_words("pointing")
    if before is not None and before.folded == "that" and head.lower().endswith(("s", "men")):
        # "He said that gunmen came" points to nobody.
        return False
    return pointed and actor_id is None and country is None and (kind == "unknown" or is_armed(kind))
