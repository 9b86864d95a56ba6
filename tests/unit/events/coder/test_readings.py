"""Values are read in the characters pointed at, and nowhere else."""

from collections.abc import Callable
from datetime import date

import pytest

from schemas.llm import Pointed
from schemas.mention import Role
from tasks.events.coder.code import code_text
from tasks.events.coder.readings import actor_at, date_at, day_of_list, place_at, toll_at
from tasks.events.document import Document, Facts, read_document

TEXT = (
    "At least 14 people, among them three children, were killed and 31 wounded in the town of Ariha on Tuesday when "
    "government forces shelled a market, two residents said. Nine fighters of the Front and three soldiers fell near "
    "Sarmin a day later. They withdrew."
)
Point = Callable[..., Pointed]


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_document(Document("art", "ver", None, TEXT, "en", date(2024, 6, 7)))


def point(field: str, quote: str) -> Pointed:
    start = TEXT.index(quote)
    return Pointed(field, start, start + len(quote), quote)


def test_a_day_is_counted_from_publication(facts: Facts) -> None:
    read = date_at(facts, point("date", "on Tuesday"))
    assert read is not None
    assert (read.value.start, TEXT[read.start : read.end]) == (date(2024, 6, 4), "Tuesday")
    assert date_at(facts, point("date", "They withdrew")) is None


@pytest.mark.parametrize(
    ("opener", "day"),
    [
        ("The monitor listed the attacks of Tuesday:", date(2024, 6, 4)),
        ("The monitor listed the attacks of Tuesday.", None),
        ("Attacks of Monday and of Tuesday:", None),
        ("The monitor listed these attacks:", None),
    ],
)
def test_an_item_of_a_list_has_the_day_of_the_line_that_opens_it(opener: str, day: date | None) -> None:
    text = (
        f"Bridges are mended since Sunday.\n{opener}\n- In Ariha two men fell.\n- In Sarmin a house burned.\nIt rains."
    )
    facts = read_document(Document("art", "ver", None, text, "en", date(2024, 6, 7)))
    for words in ("fell", "burned"):
        read = day_of_list(facts, text.index(words))
        assert (read and read.value.start) == day
    assert day_of_list(facts, text.index("rains")) is None


def test_each_event_of_a_list_has_the_day_that_opens_it() -> None:
    text = (
        "Incidents reported on 3 June:\n- Armed men abducted two drivers outside Jisr al-Shughur.\n"
        "- A clash between two groups left five fighters dead in Salqin."
    )
    mentions = code_text(Document("art", "ver", None, text, "en", date(2024, 6, 7), country="SY"))
    assert {mention.when.start for mention in mentions} == {date(2024, 6, 3)}
    quotes = {piece.quote for mention in mentions for piece in mention.evidence if piece.field == "date"}
    assert quotes == {"3 June"}


def test_a_place_is_the_gazetteers_or_as_named(facts: Facts) -> None:
    read = place_at(facts, point("place", "Ariha"))
    assert read is not None
    assert (read.value.name, read.value.country) == ("town of Ariha", "SY")
    assert place_at(facts, point("place", "a market")) is None


@pytest.mark.parametrize(
    ("field", "quote", "figures"),
    [
        ("killed", "At least 14 people", (14, 14, None)),
        ("injured", "31 wounded", (31, 31, 31)),
        ("killed", "Nine fighters of the Front and three soldiers", (12, 12, 12)),
        ("killed", "three soldiers", (3, 3, 3)),
    ],
)
def test_a_toll_is_the_figure_of_its_words(
    facts: Facts, field: str, quote: str, figures: tuple[int, int, int | None]
) -> None:
    read = toll_at(facts, point(field, quote))
    assert read is not None
    assert (read.value.low, read.value.best, read.value.high) == figures


def test_words_without_a_figure_are_no_toll(facts: Facts) -> None:
    assert toll_at(facts, point("killed", "withdrew")) is None


def test_an_actor_a_thing_and_a_word_that_names_nobody(facts: Facts) -> None:
    forces = actor_at(facts, point("initiators", "government forces"), Role.INITIATOR)
    market = actor_at(facts, point("targets", "a market"), Role.TARGET)
    assert forces is not None
    assert market is not None
    assert (forces.value.role, forces.value.kind) == (Role.INITIATOR, "state_forces")
    assert (market.value.role, market.value.kind, market.value.name) == (Role.OBJECT, "property", "market")
    assert actor_at(facts, point("initiators", "They"), Role.INITIATOR) is None


BACK = (
    "Rebels shot down a jet near Homs on Friday. Two men were on board at the time of the crash. A day after the crash "
    "the army shelled the town, killing another dozen people. Residents protest there on Mondays. The group holds a "
    "captured pilot."
)


@pytest.mark.parametrize(
    ("quote", "day"),
    [("at the time of the crash", "2024-05-31"), ("A day after the crash", "2024-06-01"), ("Mondays", "2024-06-03")],
)
def test_words_that_point_back_to_a_day_are_read_where_they_are_pointed_at(quote: str, day: str) -> None:
    facts = read_document(Document("art", "ver", None, BACK, "en", date(2024, 6, 6)))
    start = BACK.index(quote)
    read = date_at(facts, Pointed("date", start, start + len(quote), quote))
    assert read is not None
    assert (str(read.value.start), BACK[read.start : read.end]) == (day, quote)


@pytest.mark.parametrize(
    ("field", "quote", "best"), [("killed", "dozen people", 12), ("detained", "a captured pilot", 1)]
)
def test_persons_are_counted_without_a_figure_too(field: str, quote: str, best: int) -> None:
    facts = read_document(Document("art", "ver", None, BACK, "en", date(2024, 6, 6)))
    start = BACK.index(quote)
    read = toll_at(facts, Pointed(field, start, start + len(quote), quote))
    assert read is not None
    assert read.value.best == best
