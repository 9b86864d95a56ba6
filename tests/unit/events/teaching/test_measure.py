"""A model is as right as people's verdicts say: by part, of those that were judged."""

from dataclasses import replace
from datetime import date

from schemas.lesson import JudgedArticle, JudgedMention
from schemas.mention import EventMention, Status, Toll, When
from tasks.events.teaching.measure import answers
from tests.warehouse.build import a_mention, a_run, a_source, an_article

ARTICLE = an_article(a_run(), a_source(), "one")
MENTION = replace(a_mention(ARTICLE), confidence=0.9)
TRIGGER = (MENTION.trigger_start, MENTION.trigger_end)
RIGHT = {
    "sub_event_type": "Armed clash", "status": "happened", "date_start": "2024-03-04", "date_end": "2024-03-04",
    "place_name": "Riverton", "place_id": "p1", "killed_best": 4, "injured_best": None,
}  # fmt: skip


def told(judged: JudgedMention, *mentions: EventMention) -> dict[str, bool]:
    article = JudgedArticle("art", "ver", None, ARTICLE.text, "en", date(2024, 3, 5), None, None, (judged,))
    return dict(answers(article, mentions))


def accepted(**changes: object) -> JudgedMention:
    return JudgedMention((TRIGGER,), True, RIGHT | changes, {})


REJECTED = JudgedMention((TRIGGER,), False, {}, {})


def test_a_mention_as_it_was_judged_is_right_in_every_part() -> None:
    parts = ("verdict", "sub_type", "date", "place", "killed", "injured")
    assert told(accepted(), MENTION) == dict.fromkeys(parts, True)


def test_each_part_is_wrong_by_itself() -> None:
    day = date(2024, 3, 3)
    for part, changed in {
        "sub_type": replace(MENTION, sub_event_type="Attack"),
        "date": replace(MENTION, when=When(day, day, 1, "Sunday", "weekday")),
        "place": replace(MENTION, place=replace(MENTION.place, place_id="p2")),
        "killed": replace(MENTION, killed=Toll(5, 5, 5)),
        "injured": replace(MENTION, injured=Toll(5, 5, 5)),
        "verdict": replace(MENTION, status=Status.BACKGROUND),
    }.items():
        assert [name for name, right in told(accepted(), changed).items() if not right] == [part]


def test_what_is_not_read_any_more_is_wrong_in_every_part_and_right_where_it_was_rejected() -> None:
    assert set(told(accepted()).values()) == {False}
    assert told(REJECTED) == {"verdict": True}
    assert told(REJECTED, MENTION) == {"verdict": False}
    assert told(REJECTED, replace(MENTION, confidence=0.01)) == {"verdict": True}
    assert told(REJECTED, replace(MENTION, aggregate=True)) == {"verdict": True}


def test_a_field_nobody_judged_is_not_asked() -> None:
    assert told(JudgedMention((TRIGGER,), True, {"killed_best": 4}, {}), MENTION) == {"verdict": True, "killed": True}


def test_a_status_that_was_judged_is_the_verdict() -> None:
    background = replace(MENTION, status=Status.BACKGROUND)
    assert told(accepted(status="background"), background)["verdict"]
    assert not told(accepted(status="background"), MENTION)["verdict"]
