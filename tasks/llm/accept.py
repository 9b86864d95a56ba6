"""What of an answer stands in the text: each quote looked for in the sentence it is said to be of, and nowhere else."""

from collections.abc import Iterator, Sequence

from schemas.llm import LlmRefusal, Pointed, PointedEvent, Refused
from tasks.llm.reply import Pointer, ToldEvent, read_answer

_SINGLE = ("date", "place", "killed", "injured", "detained", "displaced")
_SIDES = ("initiators", "targets")
#: Characters models write for those of the text, one for one, so that places stay the same.
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " "})

Spans = Sequence[tuple[int, int]]


def accepted(content: str, text: str, sentences: Spans) -> tuple[tuple[PointedEvent, ...], tuple[LlmRefusal, ...]]:
    """The events of an answer with what of them stands in the text, and what does not.

    An event without its trigger is refused as a whole; another field that is refused is as if the model had not been
    asked for it. Raises :class:`~tasks.llm.reply.BadReplyError` for what is no answer at all.
    """
    answer, refusals = read_answer(content)
    events = []
    for number, event in answer:
        reader = _Reader(number, text, sentences)
        trigger = reader.find("trigger", event.trigger)
        if trigger is not None:
            events.append(reader.event(event, trigger))
        refusals += reader.refusals
    return tuple(events), tuple(refusals)


class _Reader:
    """One event of an answer on its way; collects what is refused."""

    def __init__(self, number: int, text: str, sentences: Spans) -> None:
        self.number, self.text, self.sentences = number, text, sentences
        self.refusals: list[LlmRefusal] = []

    def event(self, told: ToldEvent, trigger: Pointed) -> PointedEvent:
        """The event with the fields that stand in the text."""
        fields = tuple(quote for field, pointer in _pointers(told) if (quote := self.find(field, pointer)))
        silent = frozenset(field for field in (*_SINGLE, *_SIDES) if not getattr(told, field))
        return PointedEvent(self.number, told.sub_event_type, told.status, trigger, fields, silent)

    def find(self, field: str, pointer: Pointer) -> Pointed | None:
        """The characters pointed at; ``None`` where they do not stand there, which is noted."""
        if pointer.sentence >= len(self.sentences):
            self._refuse(field, pointer, Refused.NO_SUCH_SENTENCE)
            return None
        start, end = self.sentences[pointer.sentence]
        at = _place_of(pointer.quote.strip(), self.text[start:end])
        if at is None:
            self._refuse(field, pointer, Refused.NOT_IN_SENTENCE)
            return None
        first, last = start + at, start + at + len(pointer.quote.strip())
        return Pointed(field, first, last, self.text[first:last])

    def _refuse(self, field: str, pointer: Pointer, reason: Refused) -> None:
        self.refusals.append(LlmRefusal(self.number, field, pointer.sentence, pointer.quote, reason))


def _pointers(event: ToldEvent) -> Iterator[tuple[str, Pointer]]:
    for field in _SINGLE:
        pointer = getattr(event, field)
        if pointer is not None:
            yield field, pointer
    for side in _SIDES:
        for pointer in getattr(event, side):
            yield side, pointer


def _place_of(quote: str, sentence: str) -> int | None:
    """Where some words begin in a sentence, as whole words: "5" does not stand in "15"."""
    if not quote:
        return None
    wanted, haystack = quote.translate(_ALIKE), sentence.translate(_ALIKE)
    at = haystack.find(wanted)
    while at >= 0:
        if _is_edge(haystack, at) and _is_edge(haystack, at + len(wanted)):
            return at
        at = haystack.find(wanted, at + 1)
    return None


def _is_edge(text: str, at: int) -> bool:
    """Whether a place is no inside of a word or number."""
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    figure = before in ",." and after.isdigit() and at > 1 and text[at - 2].isdigit()
    figure |= before.isdigit() and after in ",." and text[at + 1 : at + 2].isdigit()
    return not (before.isalnum() and after.isalnum()) and not figure
