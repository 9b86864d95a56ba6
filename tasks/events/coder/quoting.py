"""The quotes of an article in another language than English, read: days, tolls, places, actors by their characters."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from schemas.mention import Place, Toll, When
from tasks.events.actors.quoted import QuotedActor, read_actor
from tasks.events.dates.quoted import dated, heading_day, lead_day, read_date, weekday_after
from tasks.events.places.quoted import Grounds, grounds_of, last_country, place_around, place_of
from tasks.events.tolls.quoted import ONE, is_several, read_toll, tells_of_more, together

_SENTENCE_END = re.compile(r"[.!?؟…]+[\"»”)]*\s|\n+")

Span = tuple[int, int]


def quoted_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a text in another language than English: their characters, in order."""
    spans, start = [], 0
    for match in (*_SENTENCE_END.finditer(text), None):
        stop = match.end() if match else len(text)
        if match is not None and _goes_on(text, match):
            continue
        body = text[start:stop]
        body_start, body_stop = start + len(body) - len(body.lstrip()), start + len(body.rstrip())
        if body_stop > body_start:
            spans.append((body_start, body_stop))
        start = stop
    return tuple(spans)


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Return True if a stop ends an abbreviation or an initial: it follows one letter, or a small letter follows."""
    if "\n" in match.group() or text[match.start()] != ".":
        return False
    before, after = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 1]
    return after.islower() or (len(before) == 2 and not before[0].isalnum() and before[1].isupper())


@dataclass(frozen=True, slots=True)
class Quotes:
    """An article whose words a model points at. ``country`` is a hint: the ISO alpha-2 code of the source's country."""

    text: str
    title: str | None
    language: str
    published: date | None
    country: str | None

    @property
    def grounds(self) -> Grounds:
        """The countries the article speaks of."""
        return grounds_of(self._whole, self.language, self.country)

    @property
    def _whole(self) -> str:
        return f"{self.title or ''}\n{self.text}"

    def date(self, spans: Sequence[Span]) -> When | None:
        """The day or days of some words, the most exact first."""
        written = self.published or heading_day(self.text, self.language)
        quotes = [self.text[start:stop] for start, stop in spans]
        read = [read_date(quote, self.language, written) for quote in quotes]
        if written is None and not any(read):
            told = lead_day(self.text, self.language)
            read = [weekday_after(quote, self.language, told) for quote in quotes]
        return dated([when for when in read if when is not None])

    def toll(self, spans: Sequence[Span], sayers: Sequence[str | None] = ()) -> Toll | None:
        """The persons some words count; ``sayers`` are who gives each figure, if that is known."""
        sentences = quoted_sentences(self.text)
        begins = [start for start, _ in sentences]
        accounts: list[tuple[tuple[int, str | None], Toll]] = []
        for (start, stop), who in sorted(zip_longest(spans, sayers)):
            toll = read_toll(self.text[start:stop], self.language)
            number = bisect_right(begins, start)
            adds = toll == ONE and accounts and self._adds(sentences[number - 1])
            accounts += [((accounts[-1][0][0] if adds else number, who), toll)] if toll is not None else []
        toll = together(accounts)
        several = any(is_several(self.text[start:stop], self.language) for start, stop in spans)
        return replace(toll, high=None) if toll == ONE and several else toll

    def _adds(self, sentence: Span) -> bool:
        return tells_of_more(self.text[sentence[0] : sentence[1]], self.language)

    def place(self, spans: Sequence[Span]) -> Place | None:
        """The place some words name, the most exact first."""
        located = self.place_at(spans)
        return located[1] if located else None

    def place_at(self, spans: Sequence[Span]) -> tuple[int, Place] | None:
        """The place, behind the number of the words it was read in."""
        quotes = [self.text[start:stop] for start, stop in spans]
        begin = max((start for start, _ in quoted_sentences(self.text) if start <= spans[0][0]), default=0)
        grounds = replace(self.grounds, last=last_country(self.text[begin : spans[0][0]], self.language))
        located = place_of(quotes, self.language, grounds)
        if located is None and (around := place_around(quotes[0], self._whole, self.language, grounds)) is not None:
            return 0, around
        return located

    def actor(self, span: Span, event_country: str | None, *, target: bool) -> QuotedActor:
        """Who some words name; ``event_country`` is where the event was."""
        return read_actor(self.text[span[0] : span[1]], self.language, event_country, target=target)
