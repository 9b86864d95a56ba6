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
    """The places a document (or a sentence of it) names, in order, none overlapping. ``text``: its own, if at hand.

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
            stop = self._possessive_name(index) or self._name_from(index)
            is_known = stop is not None
            if stop is None:
                stop = unlisted_end(self.at, index)
            if stop is None:
                index += 1
                continue
            if is_known and any(entry.kind == "continent" for entry in lookup(self.at.slice(index, stop))):
                # Wider than any country: it keeps a town of its name out, and says nothing of where.
                index = stop
                continue
            span = self._phrase(index, stop, is_known=is_known)
            self.at.found.append((span.start, span.end))
            yield span
            index = stop
            while index < len(self.at.words) and self.at.words[index].start < span.end:
                index += 1

    def _capital(self, first: int, index: int, last: int) -> Iterator[PlaceSpan]:
        """A capital told by its country alone, unless it only says how far off the place before is."""
        words, relation = self.at.words, self._relation(first)
        start, stop_offset = words[first].start, words[last - 1].end
        if relation == "near" and self.at.found and start - self.at.found[-1][1] < _DISTANCE:
            return
        self.at.found.append((start, stop_offset))
        text, head = self.at.slice(first, last), self.at.slice(index, last)
        yield PlaceSpan(start, stop_offset, text, head, words[index].start, stop_offset, CAPITAL, "", relation)

    def _possessive_name(self, first: int) -> int | None:
        """The end of a name whose own first word looks like an owner: "Cox's Bazar"."""
        words = self.at.words
        if not words[first].possessive or not words[first].capital or first + 1 >= len(words):
            return None
        is_known = words[first + 1].capital and words[first + 1].gap == " " and lookup(self.at.slice(first, first + 2))
        return first + 2 if is_known else None

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
        for stop in reversed(ends):
            if not any(part.capital for part in self.at.words[first:stop]):
                continue
            if self.at.article(stop - 1) and (stop - first > 1 or self._hyphened(stop)):
                continue
            if self.at.particles(stop) or self.at.goes_on(stop):
                # The name goes on, and what the gazetteer has of its beginning is another place.
                return None
            entries = self._meant(first, stop)
            if entries and (self._is_forename(stop, entries) or self._is_half(first, stop, entries)):
                return None
            if entries and self._accepts(first, stop, entries):
                return stop
        return None

    def _meant(self, first: int, stop: int) -> tuple[GazetteerPlace, ...]:
        """The places of a name. Words of the language, and two or three letters, are no other name of a town's."""
        entries = lookup(self.at.slice(first, stop))
        if not entries or not any(entry.kind == "town" and not entry.main for entry in entries):
            return entries
        bare = [word for word in self.at.words[first:stop] if not word.article]
        plain = all(self._plain(word) for word in bare) or sum(len(word.folded) for word in bare) <= _SHORT
        return tuple(entry for entry in entries if entry.main or entry.kind != "town") if plain else entries

    def _plain(self, word: Word) -> bool:
        return is_plain_word(word.folded) or word.folded in vocabulary("direction") or word.text[0].isdigit()

    def _hyphened(self, stop: int) -> bool:
        """Return True if a hyphen joins what follows: "Al-Sireha" is not Ål."""
        return stop < len(self.at.words) and self.at.words[stop].gap in {"-", "\u2010", "\u2011"}

    def _is_forename(self, stop: int, entries: tuple[GazetteerPlace, ...]) -> bool:
        """Return True if a small place's name only begins another: "Ahmad al-Khabil", "Wad al-Noura".

        In a list without commas each is a place of its own: "Talbisa al-Rastan".
        """
        last = self.at.surname(stop)
        small = all(p.kind == "town" and (p.population < _WELL_KNOWN or not p.main) for p in entries)
        return last is not None and small and not lookup(self.at.slice(stop, last))

    def _is_half(self, first: int, stop: int, entries: tuple[GazetteerPlace, ...]) -> bool:
        """Return True if a small place's name is half of a village's: "the village of Ma'adan Atiq"."""
        words = self.at.words
        if (
            not self._of_kind(first)
            or words[first - 2].folded in vocabulary("plural")
            or stop >= len(words)
            or words[stop - 1].possessive
            or words[stop].gap != " "
        ):
            return False
        whole = words[stop].capital and not words[stop].text.isupper() and not self._harmless(words[stop])
        small = all(p.kind == "town" and p.population < _WELL_KNOWN for p in entries)
        return whole and small and not lookup(words[stop].text)

    def _of_kind(self, first: int) -> bool:
        """Return True if a kind of place leads to a name: "the village of Ma'adan"."""
        words = self.at.words
        return first >= 2 and words[first - 1].folded == "of" and words[first - 2].folded in kind_words()

    def _may_continue(self, index: int) -> bool:
        word = self.at.words[index]
        small = word.folded in vocabulary("connector") or word.folded in kind_words()
        return word.capital or small or self.at.article(index)

    def _accepts(self, first: int, stop: int, entries: tuple[GazetteerPlace, ...]) -> bool:
        if self._refused(first, stop):
            return False
        plain = stop - first == 1 and self._plain(self.at.words[first])
        if plain and not self._of_kind(first):
            # "Hit", "Man" and "Of" are towns only if the words around say so; "West Side" is none.
            side = first > 0 and self.at.words[first - 1].capital and self._plain(self.at.words[first - 1])
            led = not side and (self.at.cue(first) or self._beside_place(first))
            if not led:
                return self._lies_in(stop)
        if self.at.kind_after(stop)[0] or self._lies_in(stop):
            return True
        if self.at.cue(first) or self._beside_place(first):
            is_well_known = any(
                entry.kind != "town" or (entry.main and entry.population >= _WELL_KNOWN) for entry in entries
            )
            return is_well_known or not self._goes_on_unknown(stop, entries)
        return not self._inside_longer(first, stop) and (stop - first > 1 or _notable(entries))

    def _beside_place(self, first: int) -> bool:
        """Return True if a name follows a place in a list: "Haditha, Hit and Rawa"."""
        if not self.at.found:
            return False
        between = self.at.text[self.at.found[-1][1] - self.at.base : self.at.words[first].start - self.at.base]
        return between in _LISTED

    def _goes_on_unknown(self, after: int, entries: tuple[GazetteerPlace, ...]) -> bool:
        """Return True if a capitalised word that is no name by itself follows: "near Juan Pablo II Boulevard"."""
        words = self.at.words
        if after >= len(words) or words[after].gap != " " or words[after - 1].possessive or self.at.shouting:
            return False
        word = words[after]
        next_entries = lookup(word.text)
        near = any(next_entry.country == entry.country for next_entry in next_entries for entry in entries)
        named = any(start <= word.start < stop for start, stop in self.at.taken) or _notable(next_entries) or near
        return word.capital and not named and not self._harmless(word)

    def _lies_in(self, stop: int) -> bool:
        """Return True if the text says in which unit a name lies: "a strike on Semenivka in the Donetsk region"."""
        words = self.at.words
        after = stop + 1 + (stop + 1 < len(words) and words[stop + 1].folded == "the")
        if after >= len(words) or words[stop].folded != "in" or not words[after].capital:
            return False
        kind, _ = self.at.kind_after(after + 1)
        return kind in {"province", "region", "district", "countryside"} and bool(lookup(words[after].text))

    def _refused(self, first: int, last: int) -> bool:
        """Return True if the words are surely no place: an actor's name, another part of speech, half an adjective."""
        start, stop_offset = self.at.words[first].start, self.at.words[last - 1].end
        side = last - first == 1 and self.at.words[first].folded in vocabulary("direction")
        actor = side or any(a <= start and stop_offset <= b for a, b in self.at.taken) or self._titled(first)
        spoken = last - first == 1 and self.at.tags.get(start) in NO_NAMES and not self.at.shouting
        small = self._short_code(first, last) and not self._upper(first, last)
        return actor or spoken or small or self.at.glued(last)

    def _titled(self, first: int) -> bool:
        """Return True if a title stands before a name: "Mr. Torres"."""
        gap = self.at.words[first].gap
        return first > 0 and gap in {" ", ". "} and self.at.words[first - 1].folded in vocabulary("title")

    def _short_code(self, first: int, stop: int) -> bool:
        """``US`` and ``UK`` are names, ``us`` is none: a name of two or three letters keeps its capitals."""
        return stop - first == 1 and len(self.at.words[first].folded) <= 3

    def _upper(self, first: int, stop: int) -> bool:
        text = self.at.slice(first, stop)
        return text.isupper() or (text.istitle() and self.at.cue(first))

    def _inside_longer(self, first: int, stop: int) -> bool:
        """Return True if capitalised words that are no part of a place phrase stand right before or after the name."""
        if self.at.shouting:
            return False
        after = self.at.words[stop] if stop < len(self.at.words) and not self.at.words[stop - 1].possessive else None
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

    def _phrase(self, first: int, name_stop: int, *, is_known: bool) -> PlaceSpan:
        kind, stop = self.at.kind_after(name_stop)
        begin, of_kind = self._kind_before(first)
        if kind == "road" and begin == first:
            begin = self._road_from(first)
        directions = [
            word.folded for word in (*self.at.words[begin:first], *self.at.words[name_stop:stop])
            if word.folded in vocabulary("direction")
        ]  # fmt: skip
        start, last = self.at.words[begin].start, self.at.words[stop - 1].end
        return PlaceSpan(
            start,
            last,
            self.at.text[start - self.at.base : last - self.at.base],
            self.at.slice(first, name_stop),
            self.at.words[first].start,
            self.at.words[name_stop - 1].end,
            kind or of_kind or ("" if is_known else self._kind_inside(name_stop)),
            " ".join(dict.fromkeys(directions)),
            self._relation(begin),
            known=is_known,
        )

    def _road_from(self, first: int) -> int:
        """Where the name of a road begins: "the Qamishli-Amuda road", "the Deir ez-Zor-Hasakah highway"."""
        begin, last_stop = first, self.at.found[-1][1] if self.at.found else 0
        while begin and self.at.words[begin - 1].start >= last_stop:
            word, before = self.at.words[begin], self.at.words[begin - 1]
            joined = word.gap in {"-", "\u2013"} and (before.capital or before.article)
            if not joined and not (word.gap == " " and word.article and before.capital and begin < first):
                break
            begin -= 1
        return begin

    def _kind_inside(self, stop: int) -> str:
        """The kind an unlisted name ends with: "Manger Square"."""
        kind_word = kind_words().get(self.at.words[stop - 1].folded)
        return kind_word.kind if kind_word is not None and kind_word.use in {"after", "of"} else ""

    def _kind_before(self, first: int) -> tuple[int, str]:
        """Where the phrase begins, and its kind: "southern countryside of", "the town of", "Mount", "northern"."""
        begin, kind, index = first, "", first - 1
        last_stop = self.at.found[-1][1] if self.at.found else 0
        if index >= 1 and self.at.words[index].folded == "of" and self.at.words[index - 1].start < last_stop:
            return first, ""
        if index >= 1 and self.at.words[index].folded == "the" and self.at.words[index - 1].folded == "of":
            index -= 1
        if index >= 1 and self.at.words[index].folded == "of" and self.at.words[index + 1].gap == " ":
            kind_word = kind_words().get(self.at.words[index - 1].folded)
            if kind_word is not None and kind_word.use == "of":
                begin, kind = index - 1, kind_word.kind
        elif index >= 0:
            kind_word = kind_words().get(self.at.words[index].folded)
            if kind_word is not None and (kind_word.use == "before" or kind_word.kind in {"town", "city", "village"}):
                begin, kind = index, kind_word.kind
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


def _notable(entries: tuple[GazetteerPlace, ...]) -> bool:
    """Return True if a bare name may be a place's: a nickname of a town is none."""
    return any(p.kind != "town" or (p.population >= _WELL_KNOWN and not p.by_the_way) for p in entries)
