"""What protocol 2 can say and protocol 1 could not: each from a recorded reply to a mention."""

import json
from dataclasses import replace
from datetime import date

import pytest

from schemas.article import Article, DateOrigin, DateReading
from schemas.llm import LlmRefusal, Refused
from schemas.mention import CodedArticle, EventMention, Side, Stance, Status, Toll
from tasks.events.coder.again import read_again, sentence_spans
from tasks.events.coder.making import Pointer
from tasks.events.tolls.victims import with_victims
from tasks.llm.accept import accepted
from tasks.llm.prompt import Example, told
from tests.unit.llm.server import REPLIES
from tests.warehouse.build import a_run, a_source, an_article

TITLE = "Rockets Fired at two Cities in Syria"
TEXT = (
    "Army rockets struck the cities of Raqqa and Homs on Sunday, killing 12 people, the governor said. "
    "The hospital counted 15, among them nine civilians and three soldiers. "
    "The defence ministry denied that its troops had fired. "
    "On Monday, gunmen kidnapped two doctors in Idlib and four guards in Aleppo on Monday, and ISIS claimed it. "
    "War killed 40 in May, and killed 90 in all of Syria."
)
TUESDAY = date(2023, 12, 12)
MODEL = Pointer("llm:a-model", "2.abcdef12; rules 0.1.0")


def an_article_of(text: str, published: date, language: str = "en") -> Article:
    article = replace(an_article(a_run(), a_source(), "one", text, published), language=language)
    return replace(article, published=DateReading(None, published, None, DateOrigin.TEXT, None))


def recorded() -> tuple[tuple[EventMention, ...], tuple[LlmRefusal, ...], tuple[LlmRefusal, ...]]:
    """The mentions of the recorded reply, and what was refused by place and by reading."""
    reply = (REPLIES / "accounts.json").read_text(encoding="utf-8")
    events, refused = accepted(reply, TEXT, sentence_spans(TEXT), TITLE)
    again = read_again(an_article_of(TEXT, TUESDAY), "SY", (), events, MODEL)
    return again.mentions, refused, again.refusals


def test_all_that_the_first_protocol_could_not_say() -> None:
    (shelling, first, second, total), refused, unread = recorded()
    # Several places of one incident, and the title.
    assert shelling.place.gazetteer_name == "Raqqa"
    places = [(piece.quote, "also named" in piece.rule) for piece in shelling.evidence if piece.field == "place"]
    assert places == [("cities of Raqqa", False), ("Homs", True)]
    assert [TEXT[e.start : e.end] for e in shelling.evidence if e.field == "telling"] == ["fired"]
    # Several figures, and who says each; who denies it.
    assert (shelling.killed.low, shelling.killed.best, shelling.killed.high) == (12, 12, 15)
    said = {(c.speaker, c.stance, c.about, c.quote) for c in shelling.claims}
    assert {("governor", Stance.ASSERTS, "toll", "12 people"), ("hospital", Stance.ASSERTS, "toll", "15")} <= said
    assert [c.speaker for c in shelling.claims if c.stance is Stance.DENIES] == ["defence ministry"]
    # Whose dead, and of what kind; words that count nobody are refused.
    parts = [(v.quote, v.best, v.side, v.kind, v.adds_up) for v in shelling.victims]
    assert parts == [
        ("nine civilians", 9, Side.TARGET, "civilian", True),
        ("three soldiers", 3, Side.OTHERS, "combatant", True),
    ]
    assert [(r.field, r.quote, r.reason) for r in unread] == [("killed", "hospital", Refused.UNREAD)]
    # Two events of one word.
    assert [(m.place.name, m.detained.best, m.trigger_number) for m in (first, second)] == [
        ("Idlib", 2, 0),
        ("Aleppo", 4, 1),
    ]
    assert first.mention_id != second.mention_id
    claims = [c for c in first.claims if c.stance is Stance.CLAIMS_RESPONSIBILITY]
    assert [(c.speaker, c.speaker_id) for c in claims] == [("ISIS", "is")]
    # A total as such, and the second time a word stands there.
    assert (total.aggregate, total.status, total.killed) == (True, Status.BACKGROUND, Toll(90, 90, 90))
    assert (total.trigger_start, total.place.country) == (TEXT.rindex("killed"), "SY")
    assert refused == ()


def test_the_parts_pointed_at_stand_and_others_are_read_as_ever() -> None:
    (shelling, _, _, total), _, _ = recorded()
    article = an_article_of(TEXT, TUESDAY)
    again = with_victims(CodedArticle(article, (shelling, total))).mentions
    assert again[0].victims == shelling.victims
    read = with_victims(CodedArticle(article, (replace(shelling, victims=()),))).mentions
    assert read[0].victims != shelling.victims


@pytest.mark.parametrize(
    ("pointer", "reason"),
    [
        ({"sentence": -1, "quote": "Rockets"}, None),
        ({"sentence": -1, "quote": "Cities in"}, Refused.ONLY_IN_TITLE),
        ({"sentence": -1, "quote": "Raqqa"}, Refused.NOT_IN_SENTENCE),
        ({"sentence": 4, "quote": "killed", "occurrence": 3}, Refused.NOT_IN_SENTENCE),
        ({"sentence": 0, "quote": "struck", "occurrence": 0}, Refused.SCHEMA),
        ({"sentence": 9, "quote": "struck"}, Refused.NO_SUCH_SENTENCE),
    ],
)
def test_words_of_the_title_count_where_the_text_has_them(pointer: dict[str, object], reason: Refused | None) -> None:
    lists = ("date", "place", "initiators", "targets", "killed", "injured", "detained", "displaced")
    event = dict.fromkeys(lists, ()) | {"trigger": pointer, "sub_event_type": "Attack", "status": "happened"}
    events, refused = accepted(json.dumps({"events": [event]}), TEXT, sentence_spans(TEXT), TITLE)
    assert [r.reason for r in refused] == ([reason] if reason else [])
    assert [TEXT[e.trigger.start : e.trigger.end] for e in events] == ([] if reason else ["rockets"])


@pytest.mark.parametrize("example", told().examples, ids=lambda example: example.article.title[:20])
def test_what_a_model_is_shown_as_a_good_answer_is_read_whole(example: Example) -> None:
    text = " ".join(example.article.sentences)
    language = "ar" if "ا" in text else "en"
    spans = sentence_spans(text, language)
    assert [text[start:end] for start, end in spans] == list(example.article.sentences)
    events, refused = accepted(example.reply, text, spans, example.article.title)
    again = read_again(an_article_of(text, example.article.published, language), "SY", (), events, MODEL)
    assert (refused, again.refusals) == ((), ())
    assert len(again.mentions) == len(example.answer)
    assert {mention.language for mention in again.mentions} <= {language}
