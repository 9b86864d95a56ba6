"""A text as the reader's encoder takes it: word pieces in windows of whole sentences, each after day and title.

The title is no part of the text, nothing of it is pointed at; with the day of publication it stands before every
window, so that the reader knows what the news is and what is old.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from tokenizers import Tokenizer

from tasks.events.reader.folder import model_folder, of_the_model

#: Pieces of a window with what stands before it; attention costs the square of it.
WINDOW = 256
#: Pieces of day and title at most.
_HEAD = 60
#: The marks around day and title and at a window's end, as the tokenizer numbers them.
CLS, SEP = 101, 102
_TOKENIZER = "tokenizer.json"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

#: First and last (excluded) of some pieces.
PieceSpan = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text. ``offsets`` are characters of the text, ``sentence_of`` the sentence of each piece.

    ``head`` holds the pieces of day and title; ``windows`` the first and last (excluded) piece of each window.
    """

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    sentence_of: tuple[int, ...]
    head: tuple[int, ...]
    windows: tuple[PieceSpan, ...]

    def span_of(self, start: int, end: int) -> PieceSpan:
        """The pieces that hold some characters: at least one. The text must have pieces."""
        first = max(0, bisect_right(self.offsets, (start, len(self.offsets) and self.offsets[-1][1])) - 1)
        if self.offsets[first][1] <= start and first + 1 < len(self.ids):
            first += 1
        last = first
        while last < len(self.ids) and self.offsets[last][0] < end:
            last += 1
        return first, max(first + 1, last)

    def characters(self, span: PieceSpan) -> tuple[int, int]:
        """The characters some pieces stand for."""
        return self.offsets[span[0]][0], self.offsets[span[1] - 1][1]


@of_the_model
@cache
def _tokenizer() -> Tokenizer:
    tokenizer: Tokenizer = Tokenizer.from_file(str(model_folder() / _TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def head_of(title: str | None, published: date | None) -> str:
    """What stands before each window: "Thursday 7 July 2016. Air strikes hit Jayrud"."""
    if published is None:
        return title or ""
    day = f"{_DAYS[published.weekday()]} {published.day} {_MONTHS[published.month - 1]} {published.year}"
    return f"{day}. {title or ''}"


def pieces_of(text: str, sentences: Sequence[tuple[int, int]], title: str | None, published: date | None) -> Pieces:
    """The pieces of a text; ``sentences`` are their characters, in order."""
    encoded = _tokenizer().encode(text, add_special_tokens=False)
    head = tuple(_tokenizer().encode(head_of(title, published), add_special_tokens=False).ids[:_HEAD])
    offsets = tuple((start, end) for start, end in encoded.offsets)
    sentence_of = tuple(_sentence_of(offsets, sentences))
    windows = tuple(_windows(sentence_of, WINDOW - len(head) - 4))
    return Pieces(tuple(encoded.ids), offsets, sentence_of, head, windows)


def _sentence_of(offsets: Sequence[tuple[int, int]], sentences: Sequence[tuple[int, int]]) -> Iterator[int]:
    at = 0
    for start, _ in offsets:
        while at < len(sentences) - 1 and start >= sentences[at][1]:
            at += 1
        yield at


def _windows(sentence_of: Sequence[int], longest: int) -> Iterator[PieceSpan]:
    """Whole sentences as long as they fit; one that is longer than a window is cut."""
    begin = end = 0
    total = len(sentence_of)
    while end < total:
        last = end
        while last < total and sentence_of[last] == sentence_of[end]:
            last += 1
        if last - begin > longest and end > begin:
            yield begin, end
            begin = end
        while last - begin > longest:
            yield begin, begin + longest
            begin += longest
        end = last
    if begin < total:
        yield begin, total
