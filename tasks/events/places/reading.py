"""The words of a text as names of places are looked for among them: what joins, cues, ends and carries on a name."""

from functools import cache

from spacy.tokens import Doc, Span, Token

from tasks.events.language.aliases import hits_in
from tasks.events.language.word_forms import parts_of_speech
from tasks.events.language.words import Word, joined, words_of
from tasks.reference.fold import ARTICLES
from tasks.reference.places import demonyms, kind_words
from tasks.reference.seeds import read_csv_seed
from tasks.reference.words.wordlists import PlaceWord


@cache
def vocabulary(use: str) -> frozenset[str]:
    """The words of seeds/place_words.csv for one use."""
    return frozenset(row.word for row in read_csv_seed("place_words.csv", PlaceWord) if row.use == use)


class PlaceText:
    """A text's words with their parse. Indexes count words; ``found`` holds the places read so far, as characters.

    ``taken`` are the names of actors, ``shouting`` marks a text in capitals.
    """

    def __init__(self, doc: Doc | Span, text: str | None = None) -> None:
        self.base = doc.start_char if isinstance(doc, Span) else 0
        self.text = doc.text if text is None else text
        self.words: tuple[Word, ...] = words_of(self.text, self.base)
        self.doc = doc
        self.tags = parts_of_speech(doc)
        self.indexes = {start: index for index, start in enumerate(self.tags)}
        self.found: list[tuple[int, int]] = []
        letters = [word for word in self.words if word.text[0].isalpha()]
        self.shouting = sum(word.capital for word in letters) > 0.8 * len(letters) if len(letters) > 3 else False
        self.taken = [(hit.start, hit.end) for hit in hits_in(self.text, self.base)]

    def may_begin(self, first: int) -> bool:
        """Return True if a name may begin at a word: a capital, a compass word or an article before one."""
        word = self.words[first]
        following = self.words[first + 1] if first + 1 < len(self.words) else None
        capital = following is not None and following.capital
        if word.capital:
            return not word.text[0].isdigit() and (capital or word.folded not in vocabulary("never"))
        if following is None or not capital:
            return False
        return word.folded in vocabulary("direction") or (word.folded in ARTICLES and following.gap != " ")

    def article(self, index: int) -> bool:
        """Return True if a word is an Arabic article here: "at" and "as" are English unless a hyphen follows."""
        word = self.words[index]
        hyphened = index + 1 < len(self.words) and self.words[index + 1].gap == "-"
        return word.article and (hyphened or word.folded in vocabulary("article"))

    def particles(self, index: int) -> int:
        """How many small words at an index carry a name on: "de la" in "San Luis de la Reina"; 0 if none does."""
        count = 0
        while index + count < len(self.words) and self.words[index + count].folded in vocabulary("particle"):
            if self.words[index + count].gap != " " or self.words[index + count].capital:
                return 0
            count += 1
        carried = index + count < len(self.words) and self.words[index + count].capital
        return count if count and carried and self.words[index + count].gap == " " else 0

    def joined(self, index: int) -> bool:
        """Return True if a word may carry on a name; "St." and "Mt." end no sentence."""
        short = self.words[index].gap == ". " and self.words[index - 1].folded in {"st", "mt", "ft"}
        return short or joined(self.words[index])

    def goes_on(self, stop: int) -> bool:
        """Return True if a word that only begins names stands last and another follows: "Tal" in "Tal Sha'rah"."""
        if self.words[stop - 1].folded not in vocabulary("element") or stop >= len(self.words):
            return False
        following = self.words[stop]
        if self.article(stop) and self.joined(stop):
            return stop + 1 < len(self.words) and self.words[stop + 1].capital
        harmless = following.folded in kind_words() or following.folded in vocabulary("calendar")
        return self.joined(stop) and following.capital and not following.text[0].isdigit() and not harmless

    def surname(self, stop: int) -> int | None:
        """The end of a name with an Arabic article that follows a word: "al-Khabil" in "Ahmad al-Khabil"."""
        if stop + 1 >= len(self.words) or self.words[stop - 1].possessive or self.words[stop].gap != " ":
            return None
        follows = self.words[stop].folded in vocabulary("article") and self.article(stop)
        return stop + 2 if follows and self.words[stop + 1].capital else None

    def slice(self, first: int, stop: int) -> str:
        """The characters from a word to the one before ``stop``."""
        return self.text[self.words[first].start - self.base : self.words[stop - 1].end - self.base]

    def glued(self, stop: int) -> bool:
        """Return True if the name only begins an adjective: "Raqqa-based", "US-led"."""
        if stop >= len(self.words) or self.words[stop - 1].possessive:
            return False
        following = self.words[stop]
        return following.gap == "-" and not following.capital and not following.article

    def cue(self, first: int) -> bool:
        """Return True if a preposition of place, or a kind word with "of", leads to the name."""
        back = first - 1
        while back >= 0 and (self.words[back].folded in vocabulary("direction") or self.words[back].folded == "the"):
            back -= 1
        if back < 0 or not self.words[back + 1].gap.isspace():
            return False
        word = self.words[back].folded
        if word != "of" or not back:
            return word in vocabulary("cue")
        return self.words[back - 1].folded in kind_words() or self.words[back - 1].folded in vocabulary("distance")

    def kind_after(self, name_stop: int) -> tuple[str, int]:
        """The kind word after a name, and the word after it: "Hama's northern countryside"."""
        index = name_stop
        while index < len(self.words) and index - name_stop < 2 and self.words[index].folded in vocabulary("direction"):
            index += 1
        for length in (3, 2, 1):
            stop = index + length
            if stop > len(self.words) or any(word.gap != " " for word in self.words[name_stop:stop]):
                continue
            kind_word = kind_words().get(" ".join(word.folded for word in self.words[index:stop]))
            if kind_word is not None and kind_word.use in {"after", "of"}:
                if self.words[name_stop - 1].possessive and kind_word.use == "of" and self._of_another(stop):
                    continue
                return kind_word.kind, stop
        return "", name_stop

    def _of_another(self, stop: int) -> bool:
        """Return True if a kind word is the next name's: "Syria's central province of Hama"."""
        after = self.words[stop : stop + 2]
        return len(after) > 1 and after[0].folded == "of" and after[1].capital

    def adjective(self, index: int) -> bool:
        """Return True if a word says whose or of which part of the world something is: "Russian", "African"."""
        folded = self.words[index].folded
        return folded in demonyms() or folded in vocabulary("adjective")

    def token_of(self, index: int) -> Token | None:
        """The word of the parse that a name ends with."""
        at = self.indexes.get(self.words[index].start)
        return None if at is None else self.doc[at]
