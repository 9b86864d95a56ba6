"""Finding the places a text names: whole-word look-ups in the gazetteer, then the phrase around each name."""

from collections.abc import Iterator

from spacy.tokens import Doc, Span

from tasks.events.language.casing import is_plain_word
from tasks.events.language.words import Word
from tasks.events.places.capitals import CAPITAL, capitals_in
from tasks.events.places.nesting import PlaceSpan, nested
from tasks.events.places.reading import PlaceText, vocabulary
from tasks.events.places.unlisted import NO_NAMES, unlisted_end
from tasks.reference.gazetteer import GazetteerPlace, lookup
from tasks.reference.places import demonyms, kind_words

#: The longest name looked up, in words ("al-Hol" counts two).
_LONGEST = 6
#: A bare name that nothing else supports must be at least this large a town (inhabitants).
_WELL_KNOWN = 30_000
#: Other names of towns of no more letters are codes and acronyms.
_SHORT = 3
_LISTED = frozenset({", ", " and ", ", and "})
#: So many characters may lie between a place and "80 km west of the capital".
_DISTANCE = 60


def find_places(doc: Doc | Span, text: str | None = None) -> tuple[PlaceSpan, ...]:
    """The places a document (or a sentence of it) names, in order, none overlapping. ``text``: its own, where at hand.

    A name is looked up as whole words only. One that is part of a longer capitalised name ("Aleppo Media Center"), of a
    person's, or of an actor's ("Islamic State of Iraq and Syria") is none.
    """
    at = PlaceText(doc, text)
    return nested(at.text, at.base, tuple(_Reader(at).spans()))


class _Reader:
    """One pass over the words of a text."""

    def __init__(self, at: PlaceText) -> None:
        self.at = at

    def spans(self) -> Iterator[PlaceSpan]:
        index = 0
        capitals = capitals_in(self.at) if "capital" in self.at.text else {}
        while index < len(self.at.words):
            if index in capitals:
                yield from self._capital(index, *capitals[index])
                index = capitals[index][1]
                continue
            end = self._possessive_name(index) or self._name_from(index)
            known = end is not None
            if end is None:
                end = unlisted_end(self.at, index)
            if end is None:
                index += 1
                continue
            if known and any(place.kind == "continent" for place in lookup(self.at.slice(index, end))):
                # Wider than any country: it keeps a town of its name out, and says nothing of where.
                index = end
                continue
            span = self._phrase(index, end, known=known)
            self.at.found.append((span.start, span.end))
            yield span
            index = end
            while index < len(self.at.words) and self.at.words[index].start < span.end:
                index += 1

    def _capital(self, first: int, index: int, end: int) -> Iterator[PlaceSpan]:
        """A capital told by its country alone, unless it only says how far off the place before is."""
        words, relation = self.at.words, self._relation(first)
        start, stop = words[first].start, words[end - 1].end
        if relation == "near" and self.at.found and start - self.at.found[-1][1] < _DISTANCE:
            return
        self.at.found.append((start, stop))
        text, head = self.at.slice(first, end), self.at.slice(index, end)
        yield PlaceSpan(start, stop, text, head, words[index].start, stop, CAPITAL, "", relation)

    def _possessive_name(self, first: int) -> int | None:
        """The end of a name whose own first word looks like an owner: "Cox's Bazar"."""
        words = self.at.words
        if not words[first].possessive or not words[first].capital or first + 1 >= len(words):
            return None
        known = words[first + 1].capital and words[first + 1].gap == " " and lookup(self.at.slice(first, first + 2))
        return first + 2 if known else None

    def _name_from(self, first: int) -> int | None:
        """The end of the longest known name that begins at a word, if it is one of a place here."""
        if not self.at.may_begin(first):
            return None
        last = first + 1
        ends = [last]
        while last < len(self.at.words) and last - first < _LONGEST and self.at.joined(last):
            if self.at.words[last - 1].possessive or not self._may_continue(last):
                break
            last += 1
            ends.append(last)
        for end in reversed(ends):
            if not any(part.capital for part in self.at.words[first:end]):
                continue
            if self.at.article(end - 1) and (end - first > 1 or self._hyphened(end)):
                continue
            if self.at.particles(end) or self.at.goes_on(end):
                # The name goes on, and what the gazetteer has of its beginning is another place.
                return None
            found = self._meant(first, end)
            if found and (self._is_forename(end, found) or self._is_half(first, end, found)):
                return None
            if found and self._accepts(first, end, found):
                return end
        return None

    def _meant(self, first: int, end: int) -> tuple[GazetteerPlace, ...]:
        """The places of a name. Words of the language, and two or three letters, are no other name of a town's."""
        found = lookup(self.at.slice(first, end))
        if not found or not any(place.kind == "town" and not place.main for place in found):
            return found
        bare = [word for word in self.at.words[first:end] if not word.article]
        plain = all(self._plain(word) for word in bare) or sum(len(word.folded) for word in bare) <= _SHORT
        return tuple(place for place in found if place.main or place.kind != "town") if plain else found

    def _plain(self, word: Word) -> bool:
        return is_plain_word(word.folded) or word.folded in vocabulary("direction") or word.text[0].isdigit()

    def _hyphened(self, end: int) -> bool:
        """Whether a hyphen joins what follows: "Al-Sireha" is not Ål."""
        return end < len(self.at.words) and self.at.words[end].gap in {"-", "\u2010", "\u2011"}

    def _is_forename(self, end: int, found: tuple[GazetteerPlace, ...]) -> bool:
        """Whether a small place's name only begins another: "Ahmad al-Khabil", "Wad al-Noura".

        In a list without commas each is a place of its own: "Talbisa al-Rastan".
        """
        last = self.at.surname(end)
        small = all(p.kind == "town" and (p.population < _WELL_KNOWN or not p.main) for p in found)
        return last is not None and small and not lookup(self.at.slice(end, last))

    def _is_half(self, first: int, end: int, found: tuple[GazetteerPlace, ...]) -> bool:
        """Whether a small place's name is half of a village's own: "the village of Ma'adan Atiq" is not Ma'adan."""
        words = self.at.words
        if (
            not self._of_kind(first)
            or words[first - 2].folded in vocabulary("plural")
            or end >= len(words)
            or words[end - 1].possessive
            or words[end].gap != " "
        ):
            return False
        whole = words[end].capital and not words[end].text.isupper() and not self._harmless(words[end])
        small = all(p.kind == "town" and p.population < _WELL_KNOWN for p in found)
        return whole and small and not lookup(words[end].text)

    def _of_kind(self, first: int) -> bool:
        """Whether a kind of place leads to a name: "the village of Ma'adan"."""
        words = self.at.words
        return first >= 2 and words[first - 1].folded == "of" and words[first - 2].folded in kind_words()

    def _may_continue(self, index: int) -> bool:
        word = self.at.words[index]
        small = word.folded in vocabulary("connector") or word.folded in kind_words()
        return word.capital or small or self.at.article(index)

    def _accepts(self, first: int, end: int, found: tuple[GazetteerPlace, ...]) -> bool:
        if self._refused(first, end):
            return False
        plain = end - first == 1 and self._plain(self.at.words[first])
        if plain and not self._of_kind(first):
            # "Hit", "Man" and "Of" are towns only where the words around say so; "West Side" is none.
            side = first > 0 and self.at.words[first - 1].capital and self._plain(self.at.words[first - 1])
            led = not side and (self.at.cue(first) or self._beside_place(first))
            if not led:
                return self._lies_in(end)
        if self.at.kind_after(end)[0] or self._lies_in(end):
            return True
        if self.at.cue(first) or self._beside_place(first):
            own = any(place.kind != "town" or (place.main and place.population >= _WELL_KNOWN) for place in found)
            return own or not self._goes_on_unknown(end, found)
        return not self._inside_longer(first, end) and (end - first > 1 or _notable(found))

    def _beside_place(self, first: int) -> bool:
        """Whether a name follows a place in a list: "Haditha, Hit and Rawa"."""
        if not self.at.found:
            return False
        between = self.at.text[self.at.found[-1][1] - self.at.base : self.at.words[first].start - self.at.base]
        return between in _LISTED

    def _goes_on_unknown(self, end: int, found: tuple[GazetteerPlace, ...]) -> bool:
        """Whether a capitalised word that is no name by itself follows: "near Juan Pablo II Boulevard"."""
        words = self.at.words
        if end >= len(words) or words[end].gap != " " or words[end - 1].possessive or self.at.shouting:
            return False
        word = words[end]
        other = lookup(word.text)
        near = any(place.country == known.country for place in other for known in found)
        named = any(start <= word.start < stop for start, stop in self.at.taken) or _notable(other) or near
        return word.capital and not named and not self._harmless(word)

    def _lies_in(self, end: int) -> bool:
        """Whether the text says in which unit a name lies: "a strike on Semenivka in the Donetsk region"."""
        words = self.at.words
        after = end + 1 + (end + 1 < len(words) and words[end + 1].folded == "the")
        if after >= len(words) or words[end].folded != "in" or not words[after].capital:
            return False
        kind, _ = self.at.kind_after(after + 1)
        return kind in {"province", "region", "district", "countryside"} and bool(lookup(words[after].text))

    def _refused(self, first: int, end: int) -> bool:
        """Whether the words are surely no place: an actor's name, another part of speech, half an adjective."""
        start, stop = self.at.words[first].start, self.at.words[end - 1].end
        side = end - first == 1 and self.at.words[first].folded in vocabulary("direction")
        actor = side or any(a <= start and stop <= b for a, b in self.at.taken) or self._titled(first)
        spoken = end - first == 1 and self.at.tags.get(start) in NO_NAMES and not self.at.shouting
        small = self._short_code(first, end) and not self._upper(first, end)
        return actor or spoken or small or self.at.glued(end)

    def _titled(self, first: int) -> bool:
        """Whether a title stands before a name: "Mr. Torres"."""
        gap = self.at.words[first].gap
        return first > 0 and gap in {" ", ". "} and self.at.words[first - 1].folded in vocabulary("title")

    def _short_code(self, first: int, end: int) -> bool:
        """``US`` and ``UK`` are names, ``us`` is none: a name of two or three letters keeps its capitals."""
        return end - first == 1 and len(self.at.words[first].folded) <= 3

    def _upper(self, first: int, end: int) -> bool:
        text = self.at.slice(first, end)
        return text.isupper() or (text.istitle() and self.at.cue(first))

    def _inside_longer(self, first: int, end: int) -> bool:
        """Whether capitalised words that are no part of a place phrase stand right before or after the name."""
        if self.at.shouting:
            return False
        after = self.at.words[end] if end < len(self.at.words) and not self.at.words[end - 1].possessive else None
        if after is not None and after.gap in {" ", "-"} and after.capital and not self._harmless(after):
            return True
        before = self.at.words[first - 1] if first else None
        if before is None or self.at.words[first].gap != " " or before.possessive:
            return False
        opening = first == 1 or "." in before.gap or "\n" in before.gap
        # A sentence opens with a capital whatever the word is: there the tagger tells a name from "In" or "Rebels".
        named = self.at.tags.get(before.start) == "PROPN" if opening else before.capital
        return named and not self._harmless(before)

    def _harmless(self, word: Word) -> bool:
        folded = word.folded
        return (
            folded in kind_words()
            or folded in vocabulary("direction")
            or folded in vocabulary("calendar")
            or folded in vocabulary("cue")
            or folded in demonyms()
            or folded == "capital"
            or word.text[0].isdigit()
        )

    def _phrase(self, first: int, end: int, *, known: bool) -> PlaceSpan:
        kind, stop = self.at.kind_after(end)
        begin, of_kind = self._kind_before(first)
        if kind == "road" and begin == first:
            begin = self._road_from(first)
        directions = [
            word.folded for word in (*self.at.words[begin:first], *self.at.words[end:stop])
            if word.folded in vocabulary("direction")
        ]  # fmt: skip
        start, last = self.at.words[begin].start, self.at.words[stop - 1].end
        return PlaceSpan(
            start,
            last,
            self.at.text[start - self.at.base : last - self.at.base],
            self.at.slice(first, end),
            self.at.words[first].start,
            self.at.words[end - 1].end,
            kind or of_kind or ("" if known else self._kind_inside(end)),
            " ".join(dict.fromkeys(directions)),
            self._relation(begin),
            known=known,
        )

    def _road_from(self, first: int) -> int:
        """Where the name of a road begins: "the Qamishli-Amuda road", "the Deir ez-Zor-Hasakah highway"."""
        begin, taken = first, self.at.found[-1][1] if self.at.found else 0
        while begin and self.at.words[begin - 1].start >= taken:
            here, before = self.at.words[begin], self.at.words[begin - 1]
            joined = here.gap in {"-", "\u2013"} and (before.capital or before.article)
            if not joined and not (here.gap == " " and here.article and before.capital and begin < first):
                break
            begin -= 1
        return begin

    def _kind_inside(self, end: int) -> str:
        """The kind an unlisted name ends with: "Manger Square"."""
        found = kind_words().get(self.at.words[end - 1].folded)
        return found.kind if found is not None and found.use in {"after", "of"} else ""

    def _kind_before(self, first: int) -> tuple[int, str]:
        """Where the phrase begins, and its kind: "southern countryside of", "the town of", "Mount", "northern"."""
        begin, kind, index = first, "", first - 1
        taken = self.at.found[-1][1] if self.at.found else 0
        if index >= 1 and self.at.words[index].folded == "of" and self.at.words[index - 1].start < taken:
            return first, ""
        if index >= 1 and self.at.words[index].folded == "the" and self.at.words[index - 1].folded == "of":
            index -= 1
        if index >= 1 and self.at.words[index].folded == "of" and self.at.words[index + 1].gap == " ":
            found = kind_words().get(self.at.words[index - 1].folded)
            if found is not None and found.use == "of":
                begin, kind = index - 1, found.kind
        elif index >= 0:
            found = kind_words().get(self.at.words[index].folded)
            if found is not None and (found.use == "before" or found.kind in {"town", "city", "village"}):
                begin, kind = index, found.kind
        while begin and self.at.words[begin - 1].folded in vocabulary("direction") and self.at.words[begin].gap in " -":
            begin -= 1
        return begin, kind

    def _relation(self, begin: int) -> str:
        before = [word.folded for word in self.at.words[max(0, begin - 4) : begin]]
        if before and before[-1] == "the":
            before.pop()
        if before and before[-1] in vocabulary("near"):
            return "near"
        beyond = before[-1:] in (["from"], ["of"]) and bool(set(before) & (vocabulary("distance")))
        if beyond:
            return "near"
        return "between" if before and before[-1] == "between" else "in"


def _notable(found: tuple[GazetteerPlace, ...]) -> bool:
    """Whether a bare name may be a place's: a nickname of a town is none."""
    return any(p.kind != "town" or (p.population >= _WELL_KNOWN and not p.by_the_way) for p in found)
