"""Finding the places a text names: whole-word look-ups in the gazetteer, then the phrase around each name."""

from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc, Span, Token

from tasks.events.aliases import hits_in
from tasks.events.place_nesting import PlaceSpan, nested
from tasks.events.word_forms import parts_of_speech
from tasks.events.words import Word, joined, words_of
from tasks.reference.fold import ARTICLES
from tasks.reference.gazetteer import GazetteerPlace, lookup, lookup_loose
from tasks.reference.places import demonyms, kind_words
from tasks.reference.seeds import read_csv_seed
from tasks.reference.wordlists import PlaceWord

#: The longest name looked up, in words ("al-Hol" counts two).
_LONGEST = 6
#: A bare name that nothing else supports must be at least this large a town (inhabitants).
_WELL_KNOWN = 30_000
#: A lone word the tagger reads as one of these is no name.
_NO_NAMES = frozenset({"VERB", "AUX", "ADP", "DET", "ADV", "PRON", "SCONJ", "CCONJ", "INTJ", "PART"})
#: An unlisted name of more words than this is a body's or a book's rather than a village's.
_LONGEST_UNLISTED = 3
_PLACE_LABELS = {"GPE", "LOC", "FAC"}
_OTHER_LABELS = {"PERSON", "ORG", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"}


@cache
def _vocabulary(use: str) -> frozenset[str]:
    """The words of seeds/place_words.csv for one use."""
    return frozenset(row.word for row in read_csv_seed("place_words.csv", PlaceWord) if row.use == use)


def find_places(doc: Doc | Span, text: str | None = None) -> tuple[PlaceSpan, ...]:
    """The places a document (or a sentence of it) names, in order, none overlapping. ``text``: its own, where at hand.

    A name is looked up as whole words only. One that is part of a longer capitalised name ("Aleppo Media Center"), of a
    person's, or of an actor's ("Islamic State of Iraq and Syria") is none.
    """
    base = doc.start_char if isinstance(doc, Span) else 0
    whole = doc.text if text is None else text
    reader = _Reader(doc, whole, base)
    return nested(whole, base, tuple(reader.spans()))


class _Reader:
    """One pass over the words of a text."""

    def __init__(self, doc: Doc | Span, text: str, base: int) -> None:
        self.words = words = words_of(text, base)
        self.text = text
        self.tokens = {token.idx: token for token in doc}
        self.tags = parts_of_speech(doc)
        self.found: list[tuple[int, int]] = []
        self.base = base
        self.labels = {
            (ent.start_char, ent.end_char): ent.label_
            for ent in doc.ents
            if ent.label_ in _PLACE_LABELS | _OTHER_LABELS
        }
        letters = [word for word in words if word.text[0].isalpha()]
        self.shouting = sum(word.capital for word in letters) > 0.8 * len(letters) if len(letters) > 3 else False
        self.taken = [(hit.start, hit.end) for hit in hits_in(self.text, base)]

    def spans(self) -> Iterator[PlaceSpan]:
        index = 0
        while index < len(self.words):
            end = self._name_from(index)
            known = end is not None
            if end is None:
                end = self._unknown_from(index)
            if end is None:
                index += 1
                continue
            span = self._phrase(index, end, known=known)
            self.found.append((span.start, span.end))
            yield span
            index = end
            while index < len(self.words) and self.words[index].start < span.end:
                index += 1

    def _name_from(self, first: int) -> int | None:
        """The end of the longest known name that begins at a word, if it is one of a place here."""
        if not self._may_begin(first):
            return None
        last = first + 1
        ends = [last]
        while last < len(self.words) and last - first < _LONGEST and self._joined(last):
            if self.words[last - 1].possessive or not self._may_continue(last):
                break
            last += 1
            ends.append(last)
        for end in reversed(ends):
            if not any(part.capital for part in self.words[first:end]):
                continue
            if end - first > 1 and self._article(end - 1):
                continue
            if self._particles(end) or self._goes_on(end):
                # The name goes on, and what the gazetteer has of its beginning is another place.
                return None
            found = lookup(self._slice(first, end))
            if found and self._accepts(first, end, found):
                return end
        return None

    def _may_begin(self, first: int) -> bool:
        word = self.words[first]
        if word.folded in _vocabulary("never") and not (first + 1 < len(self.words) and self.words[first + 1].capital):
            return False
        if word.capital:
            return not word.text[0].isdigit()
        following = self.words[first + 1] if first + 1 < len(self.words) else None
        if following is None or not following.capital:
            return False
        return word.folded in _vocabulary("direction") or (word.folded in ARTICLES and following.gap != " ")

    def _may_continue(self, index: int) -> bool:
        word = self.words[index]
        small = word.folded in _vocabulary("connector") or word.folded in kind_words()
        return word.capital or small or self._article(index)

    def _article(self, index: int) -> bool:
        """Whether a word is an Arabic article here: "at" and "as" are English unless a hyphen follows."""
        word = self.words[index]
        hyphened = index + 1 < len(self.words) and self.words[index + 1].gap == "-"
        return word.article and (hyphened or word.folded in _vocabulary("article"))

    def _particles(self, index: int) -> int:
        """How many small words at an index carry a name on: "de la" in "San Luis de la Reina"; 0 where none does."""
        count = 0
        while index + count < len(self.words) and self.words[index + count].folded in _vocabulary("particle"):
            if self.words[index + count].gap != " " or self.words[index + count].capital:
                return 0
            count += 1
        carried = index + count < len(self.words) and self.words[index + count].capital
        return count if count and carried and self.words[index + count].gap == " " else 0

    def _joined(self, index: int) -> bool:
        """Whether a word may carry on a name; "St." and "Mt." end no sentence."""
        short = self.words[index].gap == ". " and self.words[index - 1].folded in {"st", "mt", "ft"}
        return short or joined(self.words[index])

    def _goes_on(self, end: int) -> bool:
        """Whether a word that only begins names stands last and another follows: "Tal" in "Tal Sha'rah"."""
        if self.words[end - 1].folded not in _vocabulary("element") or end >= len(self.words):
            return False
        following = self.words[end]
        harmless = following.folded in kind_words() or following.folded in _vocabulary("calendar")
        return self._joined(end) and following.capital and not following.text[0].isdigit() and not harmless

    def _slice(self, first: int, end: int) -> str:
        return self.text[self.words[first].start - self.base : self.words[end - 1].end - self.base]

    def _accepts(self, first: int, end: int, found: tuple[GazetteerPlace, ...]) -> bool:
        start, stop = self.words[first].start, self.words[end - 1].end
        if self._refused(first, end):
            return False
        label = self._label(start, stop)
        fits = self._fits_label(label, start, stop)
        if self._cue(first) or self._kind_after(end)[0]:
            return fits or not self._inside_longer(first, end)
        if label in _PLACE_LABELS:
            return True
        notable = _notable(found)
        if label in _OTHER_LABELS and not (fits and notable):
            return False
        return not self._inside_longer(first, end) and (end - first > 1 or notable)

    def _refused(self, first: int, end: int) -> bool:
        """Whether the words are surely no place: an actor's name, another part of speech, half an adjective."""
        start, stop = self.words[first].start, self.words[end - 1].end
        actor = any(a <= start and stop <= b for a, b in self.taken)
        spoken = end - first == 1 and self.tags.get(start) in _NO_NAMES and not self.shouting
        small = self._short_code(first, end) and not self._upper(first, end)
        return actor or spoken or small or self._glued(end)

    def _short_code(self, first: int, end: int) -> bool:
        """``US`` and ``UK`` are names, ``us`` is none: a name of two or three letters keeps its capitals."""
        return end - first == 1 and len(self.words[first].folded) <= 3

    def _upper(self, first: int, end: int) -> bool:
        text = self._slice(first, end)
        return text.isupper() or (text.istitle() and self._cue(first))

    def _glued(self, end: int) -> bool:
        """Whether the name only begins an adjective: "Raqqa-based", "US-led"."""
        if end >= len(self.words) or self.words[end - 1].possessive:
            return False
        following = self.words[end]
        return following.gap == "-" and not following.capital and not following.article

    def _label(self, start: int, stop: int) -> str:
        for (a, b), label in self.labels.items():
            if a < stop and start < b:
                return label
        return ""

    def _fits_label(self, label: str, start: int, stop: int) -> bool:
        if label not in _OTHER_LABELS:
            return True
        return any(a >= start - 4 and b <= stop + 2 for (a, b), of in self.labels.items() if of == label)

    def _inside_longer(self, first: int, end: int) -> bool:
        """Whether capitalised words that are no part of a place phrase stand right before or after the name."""
        if self.shouting:
            return False
        after = self.words[end] if end < len(self.words) and not self.words[end - 1].possessive else None
        if after is not None and after.gap in {" ", "-"} and after.capital and not self._harmless(after):
            return True
        before = self.words[first - 1] if first else None
        if before is None or self.words[first].gap != " " or before.possessive:
            return False
        opening = first == 1 or "." in before.gap or "\n" in before.gap
        # A sentence opens with a capital whatever the word is: there the tagger tells a name from "In" or "Rebels".
        named = self.tags.get(before.start) == "PROPN" if opening else before.capital
        return named and not self._harmless(before)

    def _harmless(self, word: Word) -> bool:
        folded = word.folded
        return (
            folded in kind_words()
            or folded in _vocabulary("direction")
            or folded in _vocabulary("calendar")
            or folded in _vocabulary("cue")
            or folded in demonyms()
            or word.text[0].isdigit()
        )

    def _cue(self, first: int) -> bool:
        """Whether a preposition of place, or a kind word with "of", leads to the name."""
        back = first - 1
        while back >= 0 and (self.words[back].folded in _vocabulary("direction") or self.words[back].folded == "the"):
            back -= 1
        if back < 0 or not self.words[back + 1].gap.isspace():
            return False
        word = self.words[back].folded
        if word != "of" or not back:
            return word in _vocabulary("cue")
        return self.words[back - 1].folded in kind_words() or self.words[back - 1].folded in _vocabulary("distance")

    def _unknown_from(self, first: int) -> int | None:
        """The end of a name the gazetteer lacks: after "village of", before "village", or where only a place stands."""
        word = self.words[first]
        if not (word.capital or (word.article and self._may_begin(first))) or word.text[0].isdigit():
            return None
        if word.folded in _vocabulary("never") or word.folded in kind_words() or self._adjective(first):
            return None
        end = self._run(first)
        if any(a < self.words[end - 1].end and word.start < b for a, b in self.taken) or self._glued(end):
            return None
        of_kind = first >= 2 and self.words[first - 1].folded == "of" and self.words[first - 2].folded in kind_words()
        if of_kind and kind_words()[self.words[first - 2].folded].use == "of":
            return end
        kind, stop = self._kind_after(end)
        if kind and kind not in {"road", "front", "border"} and not self.shouting:
            return self._with_kind(end, stop)
        cued = self._cue(first) and bool(lookup_loose(self._slice(first, end)))
        return end if cued or self._stands_as_place(first, end) else None

    def _run(self, first: int) -> int:
        """The end of the capitalised words a name may have: a day, a demonym or a kind ends it ("Mirmir Monday")."""
        end = first + 1
        while end < len(self.words) and self._joined(end) and not self.words[end - 1].possessive:
            following = self.words[end]
            if self._particles(end):
                end += self._particles(end)
                continue
            if not (following.capital or self._article(end)) or following.folded in kind_words():
                break
            if following.folded in _vocabulary("calendar") or self._adjective(end):
                break
            end += 1
        return end

    def _adjective(self, index: int) -> bool:
        """Whether a word says whose or of which part of the world something is: "Russian", "African"."""
        folded = self.words[index].folded
        return folded in demonyms() or folded in _vocabulary("adjective")

    def _with_kind(self, end: int, stop: int) -> int:
        """A kind word in capitals is part of an unlisted name: "Manger Square", but "Gladiola outpost"."""
        return stop if all(word.capital for word in self.words[end:stop]) else end

    def _stands_as_place(self, first: int, end: int) -> bool:
        """Whether an unlisted name stands where only a place can: "in Gursai", "bombed Badme", "Arbin and Jibu"."""
        if self.shouting or first == 0 or end - first > _LONGEST_UNLISTED or self._upper_run(first, end):
            return False
        if any(self.tags.get(word.start) in _NO_NAMES for word in self.words[first:end] if not word.article):
            return False
        if any(word.folded in _vocabulary("calendar") for word in self.words[first:end]):
            return False
        if self.tags.get(self.words[end - 1].start) != "PROPN":
            return False
        before, gap = self.words[first - 1], self.words[first].gap
        if gap.isspace() and (before.folded in _vocabulary("within") or self._beyond(first)):
            return not before.capital or first == 1 or "." in before.gap
        return self._listed(first, end) or self._taken_ground(first, end)

    def _beyond(self, first: int) -> bool:
        """Whether a name is what a direction or a distance is counted from: "south of Mirmir"."""
        return (
            first > 1
            and self.words[first - 1].folded == "of"
            and self.words[first - 2].folded in _vocabulary("distance")
        )

    def _listed(self, first: int, end: int) -> bool:
        """Whether a name stands in a list with a place: after one, or before "and B villages"."""
        token = self._token(end - 1)
        while token is not None and token.dep_ in ("conj", "appos") and token.head.i < token.i:
            token = token.head
            if any(a <= token.idx < b for a, b in self.found):
                return True
        stop = end
        while stop < len(self.words) and self.words[stop].folded == "and" and self.words[stop].gap == " ":
            last = self._run(stop + 1) if stop + 1 < len(self.words) else stop
            kind, after = self._kind_after(last)
            if last == stop + 1 and not self.words[stop + 1].capital:
                return False
            return bool(kind) and self.words[after - 1].folded in _vocabulary("plural")
        return False

    def _taken_ground(self, first: int, end: int) -> bool:
        """Whether a name is what is bombed, stormed or retaken: nobody says so of a person."""
        token = self._token(end - 1)
        if token is None or token.dep_ not in ("dobj", "nsubjpass"):
            return False
        return token.head.lemma_.lower() in _vocabulary("ground verb")

    def _token(self, index: int) -> Token | None:
        """The word of the parse that a name ends with."""
        return self.tokens.get(self.words[index].start)

    def _upper_run(self, first: int, end: int) -> bool:
        """Whether a name is an acronym or a code, which is no place's."""
        return self._slice(first, end).isupper()

    def _kind_after(self, end: int) -> tuple[str, int]:
        """The kind word after a name, and the word after it: "Hama's northern countryside"."""
        index = end
        while index < len(self.words) and index - end < 2 and self.words[index].folded in _vocabulary("direction"):
            index += 1
        for length in (3, 2, 1):
            stop = index + length
            if stop > len(self.words) or any(word.gap != " " for word in self.words[end:stop]):
                continue
            found = kind_words().get(" ".join(word.folded for word in self.words[index:stop]))
            if found is not None and found.use in {"after", "of"}:
                return found.kind, stop
        return "", end

    def _phrase(self, first: int, end: int, *, known: bool) -> PlaceSpan:
        kind, stop = self._kind_after(end)
        begin, of_kind = self._kind_before(first)
        directions = [
            word.folded for word in (*self.words[begin:first], *self.words[end:stop])
            if word.folded in _vocabulary("direction")
        ]  # fmt: skip
        start, last = self.words[begin].start, self.words[stop - 1].end
        return PlaceSpan(
            start,
            last,
            self.text[start - self.base : last - self.base],
            self._slice(first, end),
            self.words[first].start,
            self.words[end - 1].end,
            kind or of_kind,
            " ".join(dict.fromkeys(directions)),
            self._relation(begin),
            known=known,
        )

    def _kind_before(self, first: int) -> tuple[int, str]:
        """Where the phrase begins, and its kind: "southern countryside of", "the town of", "Mount", "northern"."""
        begin, kind, index = first, "", first - 1
        taken = self.found[-1][1] if self.found else 0
        if index >= 1 and self.words[index].folded == "of" and self.words[index - 1].start < taken:
            return first, ""
        if index >= 1 and self.words[index].folded == "the" and self.words[index - 1].folded == "of":
            index -= 1
        if index >= 1 and self.words[index].folded == "of" and self.words[index + 1].gap == " ":
            found = kind_words().get(self.words[index - 1].folded)
            if found is not None and found.use == "of":
                begin, kind = index - 1, found.kind
        elif index >= 0:
            found = kind_words().get(self.words[index].folded)
            if found is not None and (found.use == "before" or found.kind in {"town", "city", "village"}):
                begin, kind = index, found.kind
        while begin and self.words[begin - 1].folded in _vocabulary("direction") and self.words[begin].gap in " -":
            begin -= 1
        return begin, kind

    def _relation(self, begin: int) -> str:
        before = [word.folded for word in self.words[max(0, begin - 4) : begin]]
        if before and before[-1] == "the":
            before.pop()
        if before and before[-1] in _vocabulary("near"):
            return "near"
        beyond = before[-1:] in (["from"], ["of"]) and bool(set(before) & (_vocabulary("distance")))
        if beyond:
            return "near"
        return "between" if before and before[-1] == "between" else "in"


def _notable(found: tuple[GazetteerPlace, ...]) -> bool:
    return any(place.kind != "town" or place.population >= _WELL_KNOWN for place in found)
