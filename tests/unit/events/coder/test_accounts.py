"""Who is believed to deny an incident that a model points them out for."""

from collections.abc import Callable
from datetime import date

import pytest

from schemas.llm import Pointed, PointedEvent
from schemas.mention import EventMention, Stance, Status
from tasks.events.coder.accounts import claims_of
from tasks.events.document import Document, read_document


@pytest.mark.parametrize(
    ("text", "who", "denies"),
    [
        ("A bomb wounded two men in the town, a baker said.", "baker", False),
        ("Soldiers wounded no men in the town, a baker said.", "baker", True),
        (
            "Two men were wounded in the town. The accusation is a lie of our enemies, the baker answered.",
            "baker",
            True,
        ),
        ("A mayor denied that soldiers had wounded two men.", "mayor", True),
    ],
)
def test_who_is_read_as_telling_of_it_does_not_deny_it(text: str, who: str, denies: bool) -> None:
    def pointed(field: str, words: str) -> Pointed:
        return Pointed(field, text.index(words), text.index(words) + len(words), words)

    trigger = pointed("trigger", "wounded")
    event = PointedEvent(0, "Attack", Status.HAPPENED, trigger, (pointed("denied_by", who),), frozenset(), (trigger,))
    claims = claims_of(read_document(Document("art_1", "ver_1", None, text, "en", date(2023, 12, 11))), event)
    assert any(claim.stance is Stance.DENIES for claim in claims) is denies


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        ("In London, the president said, gunmen killed 25 people on Tuesday.", "London", "GB"),
        ("Gunmen killed 25 people at a wedding, the president said in London on Tuesday.", None, None),
        ("Gunmen killed 25 people in London on Tuesday, the president said in Oslo.", "London", "GB"),
    ],
)
def test_an_incident_is_not_where_it_was_spoken_of(
    text: str, place: str | None, country: str | None, code: Callable[[str], tuple[EventMention, ...]]
) -> None:
    assert [(m.place.gazetteer_name, m.place.country) for m in code(text)] == [(place, country)]
