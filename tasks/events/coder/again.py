"""An article read again by a language model: its pointers made into mentions, in the place of the reader's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from schemas.article import Article
from schemas.llm import LlmRefusal, PointedEvent, Refused
from schemas.mention import EventMention, Role
from tasks.events.coder.making import Maker, Pointer, refusal
from tasks.events.coder.quoted import QuotedMaker, quoted_facts
from tasks.events.coder.quoting import quoted_sentences
from tasks.events.document import document_of, read_document
from tasks.events.language.casing import is_shouted, true_cased
from tasks.events.language.sentences import Sentence, split_sentences
from tasks.reference.gazetteer import use_dumps
from tasks.reference.words.languages import language_of


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """The mentions of an article after a model pointed, and what nothing was made of."""

    mentions: tuple[EventMention, ...]
    refusals: tuple[LlmRefusal, ...]


def sentence_spans(text: str, language: str = "en") -> tuple[tuple[int, int], ...]:
    """The sentences a model is shown: their characters, in order."""
    if language_of(language) is not None:
        return quoted_sentences(text)
    return tuple((sentence.start, sentence.end) for sentence in split_sentences(text))


def read_again(
    article: Article,
    country: str | None,
    mentions: tuple[EventMention, ...],
    events: tuple[PointedEvent, ...],
    pointer: Pointer,
    dumps: tuple[Path, ...] = (),
) -> ReadAgain:
    """The mentions of an article with those a model pointed out in the place of the reader's.

    If it reads the whole article its events are the article's. If it reads again what is unsure, only those
    mentions change for which it points out an event in the same sentence; all others stand as they are.
    """
    use_dumps(dumps)
    document = document_of(article, country)
    if language_of(article.language) is not None:
        facts = quoted_facts(document)
        quoted = [QuotedMaker(facts, document, event) for event in events]
        return _made(quoted, replace(pointer, below=None), ())
    read = replace(document, text=true_cased(document.text)) if is_shouted(document.text) else document
    facts = read_document(read)
    makers = [Maker(facts, document, event, _base(event, facts.sentences, mentions)) for event in events]
    return _made(makers, pointer, mentions)


def _made(makers: Sequence[Maker], pointer: Pointer, mentions: tuple[EventMention, ...]) -> ReadAgain:
    """The mentions of the events that are wanted, each once; those not replaced stand as they are."""
    by_id: dict[str, EventMention] = {}
    refusals: list[LlmRefusal] = []
    wanted = _wanted(makers, pointer)
    for maker in wanted:
        mention = maker.mention(pointer)
        refusals += maker.refusals
        alike = [accepted for accepted in by_id.values() if _words_of(accepted) == _words_of(mention)]
        if any(not _differs(mention, accepted) for accepted in alike):
            refusals.append(refusal(maker.event, maker.event.trigger, Refused.DUPLICATE))
            continue
        mention = replace(mention, trigger_number=len(alike))
        by_id[mention.mention_id] = mention
    if pointer.below is not None:
        replaced = {maker.base.mention_id for maker in wanted if maker.base is not None}
        by_id |= {mention.mention_id: mention for mention in mentions if mention.mention_id not in replaced}
    return ReadAgain(tuple(sorted(by_id.values(), key=_order)), tuple(refusals))


def _wanted(makers: Iterable[Maker], pointer: Pointer) -> list[Maker]:
    """The events that may become mentions: all; of those read again the first, and its twins, for an unsure mention."""
    if pointer.below is None:
        return list(makers)
    unsure = [(maker.base, maker) for maker in makers if maker.base and maker.base.confidence < pointer.below]
    first: dict[str, Maker] = {}
    for base, maker in unsure:
        first.setdefault(base.mention_id, maker)
    return [maker for base, maker in unsure if maker.event.trigger == first[base.mention_id].event.trigger]


def _words_of(mention: EventMention) -> tuple[int, int, str]:
    return mention.trigger_start, mention.trigger_end, mention.sub_event_type


def _differs(first: EventMention, second: EventMention) -> bool:
    """Return True if two events of the same words differ in a place, day, side or figure that both give."""
    pairs = zip(_told(first), _told(second), strict=True)
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def _told(mention: EventMention) -> tuple[object, ...]:
    tolls = (mention.killed, mention.injured, mention.detained, mention.displaced)
    sides = [frozenset(actor.name for actor in mention.actors if actor.role is role) for role in Role]
    return (mention.when.start, mention.place.place_id or mention.place.name, *(toll.best for toll in tolls), *sides)


def _base(event: PointedEvent, sentences: Sequence[Sentence], mentions: Iterable[EventMention]) -> EventMention | None:
    """The reader's mention of the same sentence, the one whose trigger is nearest."""
    sentence = next((s for s in sentences if s.start <= event.trigger.start < s.end), None)
    beside = [m for m in mentions if sentence is not None and sentence.start <= m.trigger_start < sentence.end]
    return min(beside, key=lambda m: (abs(m.trigger_start - event.trigger.start), m.mention_id), default=None)


def _order(mention: EventMention) -> tuple[int, int, str, int]:
    return *_words_of(mention), mention.trigger_number
