"""What of an answer stands in the text: each quote looked for in the sentence it is said to be of, and nowhere else."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from schemas.llm import POINTED_FIELDS, LlmRefusal, Pointed, PointedEvent, PointedGroup, Refused
from tasks.llm import ngec
from tasks.llm.reply import TITLE, Figure, Pointer, ToldEvent, read_answer

#: Fields of which an answer says that the text gives none, if it leaves them empty.
ASKED = ("date", "place", "killed", "injured", "detained", "displaced", "initiators", "targets")
#: Characters models write for those of the text, one for one, so that places stay the same.
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " "})

Spans = Sequence[tuple[int, int]]


def accepted(
    content: str, text: str, sentences: Spans, title: str | None = None
) -> tuple[tuple[PointedEvent, ...], tuple[LlmRefusal, ...]]:
    """The events of an answer with what of them stands in the text, and what does not.

    Evidence is of the text: words of the title count if the text has them too, at their first place there. An event
    without its trigger is refused as a whole; another field that is refused is as if the model had not been asked for
    it. Raises :class:`~tasks.llm.reply.BadReplyError` for what is no answer at all.
    """
    answers = ngec.answers_of(content)
    questions = ASKED if answers is None else ngec.ASKED
    answered, refusals = read_answer(content) if answers is None else ngec.told_events(answers, text, sentences)
    events = []
    for number, event in answered:
        reader = _Reader(number, text, sentences, title or "")
        trigger = reader.find("trigger", event.trigger)
        if trigger is not None:
            events.append(reader.event(event, trigger, questions))
        refusals += reader.refusals
    return tuple(events), tuple(refusals)


class _Reader:
    """One event of an answer on its way; collects what is refused."""

    def __init__(self, number: int, text: str, sentences: Spans, title: str) -> None:
        self.number, self.text, self.sentences, self.title = number, text, sentences, title
        self.refusals: list[LlmRefusal] = []

    def event(self, answered: ToldEvent, trigger: Pointed, questions: Collection[str]) -> PointedEvent:
        """The event with the fields that stand in the text."""
        tellings = tuple(pointed for words in answered.tellings if (pointed := self.find("telling", words)))
        return PointedEvent(
            number=self.number,
            sub_event_type=answered.sub_event_type,
            status=answered.status,
            trigger=trigger,
            fields=tuple(pointed for field, pointer in _pointers(answered) if (pointed := self.find(field, pointer))),
            offered=sum(1 for _ in _pointers(answered)),
            silent=frozenset(field for field in questions if not getattr(answered, field)),
            tellings=(trigger, *tellings) if tellings else (),
            aggregate=answered.total,
            victims=tuple(
                PointedGroup(pointed, group.side, group.kind)
                for group in answered.victims
                if (pointed := self.find(group.toll, group))
            ),
        )

    def find(self, field: str, pointer: Pointer) -> Pointed | None:
        """The characters pointed at; ``None`` if they do not stand there, which is noted."""
        span = self._in_title(pointer) if pointer.sentence == TITLE else self._in_sentence(pointer)
        if isinstance(span, Refused):
            self.refusals.append(LlmRefusal(self.number, field, pointer.sentence, pointer.quote, span))
            return None
        pointed = Pointed(field, *span, self.text[slice(*span)])
        said_by = pointer.said_by if isinstance(pointer, Figure) else None
        return replace(pointed, said_by=self.find("said_by", said_by)) if said_by else pointed

    def _in_sentence(self, pointer: Pointer) -> tuple[int, int] | Refused:
        if pointer.sentence >= len(self.sentences):
            return Refused.NO_SUCH_SENTENCE
        start, stop = self.sentences[pointer.sentence]
        at = _place_of(pointer.quote.strip(), self.text[start:stop], pointer.occurrence)
        return Refused.NOT_IN_SENTENCE if at is None else (start + at, start + at + len(pointer.quote.strip()))

    def _in_title(self, pointer: Pointer) -> tuple[int, int] | Refused:
        """Where the text has words of the title, in capitals or not."""
        quote = pointer.quote.strip()
        if _place_of(quote, self.title, pointer.occurrence) is None:
            return Refused.NOT_IN_SENTENCE
        for start, stop in self.sentences:
            at = _place_of(quote, self.text[start:stop], 1, re.IGNORECASE)
            if at is not None:
                return start + at, start + at + len(quote)
        return Refused.ONLY_IN_TITLE


def _pointers(event: ToldEvent) -> Iterator[tuple[str, Pointer]]:
    for field in POINTED_FIELDS:
        for pointer in getattr(event, field):
            yield field, pointer


def _place_of(quote: str, sentence: str, occurrence: int, flags: re.RegexFlag = re.NOFLAG) -> int | None:
    """Where some words begin in a sentence, as whole words: "5" does not stand in "15"."""
    wanted, haystack = quote.translate(_ALIKE), sentence.translate(_ALIKE)
    starts = (match.start() for match in re.finditer(f"(?={re.escape(wanted)})", haystack, flags)) if wanted else ()
    whole = [at for at in starts if _is_edge(haystack, at) and _is_edge(haystack, at + len(wanted))]
    return whole[occurrence - 1] if len(whole) >= occurrence else None


def _is_edge(text: str, at: int) -> bool:
    """Return True if a place is no inside of a word or number."""
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    figure = before in ",." and after.isdigit() and at > 1 and text[at - 2].isdigit()
    figure |= before.isdigit() and after in ",." and text[at + 1 : at + 2].isdigit()
    return not (before.isalnum() and after.isalnum()) and not figure
