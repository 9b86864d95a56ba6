"""Figures, days and places as wires tell them: invented reports, each for one way of telling."""

from datetime import date

import pytest

from schemas.mention import EventMention, Role, Status
from tasks.events.document import Document
from tasks.events.mentions import code_text

PUBLISHED = date(2024, 6, 7)  # a Friday


def told(text: str) -> tuple[EventMention, ...]:
    return code_text(Document("art_1", "ver_1", None, text, "en", PUBLISHED))


def test_soldiers_an_army_lost_are_its_dead() -> None:
    (found,) = told("The army said it lost two soldiers in an ambush near Gonaives in Haiti on Tuesday.")
    assert (found.killed.best, found.place.gazetteer_name) == (2, "Gonaïves")
    assert {actor.name for actor in found.actors if actor.role is Role.TARGET} == {"soldiers"}


def test_who_stabbed_and_was_shot_dead_is_the_one_who_died() -> None:
    (found,) = told("A man stabbed a guard and was then shot dead outside the embassy in Nairobi on Monday.")
    killed = [piece.quote for piece in found.evidence if piece.field == "killed"]
    assert (found.killed.best, found.killed.who, found.injured.best) == (1, "man", 1)
    assert killed == ["A man stabbed a guard and was then shot dead"]


@pytest.mark.parametrize(
    ("text", "town", "country"),
    [
        ("Gunmen fired on a market in the Haitian capital on Tuesday, killing five people.", "Port-au-Prince", "HT"),
        ("A drone struck a depot in Sudan's capital on Tuesday, killing five people.", "Khartoum", "SD"),
        ("Rebels in Chad shelled a base in the capital on Monday, killing four soldiers.", "N'Djamena", "TD"),
        (
            "PORT-AU-PRINCE, Haiti - Gunmen fired on a market in the capital on Tuesday, killing five people.",
            "Port-au-Prince",
            "HT",
        ),
    ],
)
def test_a_capital_told_by_its_country_is_the_town(text: str, town: str, country: str) -> None:
    (found,) = told(text)
    assert (found.place.gazetteer_name, found.place.country) == (town, country)
    assert "the capital of" in (found.place.reason or "")


def test_a_name_in_the_country_of_the_text_goes_before_a_great_town_spelled_so_abroad() -> None:
    found, *_ = told(
        "Shelling killed three people in Busra on Monday, a monitor said. The Syrian army fired rockets in "
        "southern Syria."
    )
    assert (found.place.gazetteer_name, found.place.country) == ("Busra al-Sham", "SY")


def test_a_name_that_looks_like_an_owner_s_is_one_name() -> None:
    (found,) = told("Gunmen killed two Rohingya leaders in Cox's Bazar on Monday, police in Bangladesh said.")
    assert (found.place.name, found.place.country) == ("Cox's Bazar", "BD")


def test_a_far_year_dates_what_is_recalled_and_makes_it_background() -> None:
    found = told(
        "Police arrested two suspects in Nairobi on Monday. They said the group had carried out an attack on a hotel "
        "in the coastal city of Mombasa that killed 45 people in 2016."
    )
    recalled = next(mention for mention in found if mention.killed.best == 45)
    assert (recalled.status, recalled.when.start, recalled.when.precision) == (Status.BACKGROUND, date(2016, 1, 1), 5)


def test_the_day_of_an_accusation_is_not_the_day_of_the_deed() -> None:
    (found,) = told(
        "A rebel group in Darfur accused pro-government militias and the local police Wednesday of attacking a "
        "village and killing 17 civilians."
    )
    assert found.when.start is None


def test_a_day_that_an_event_only_followed_is_another_s() -> None:
    (found,) = told("Violence in Libreville killed 15 people after last week's disputed election, the opposition said.")
    assert found.when.start is None


def test_the_next_sentence_may_give_the_day_or_the_week() -> None:
    (by_day,) = told(
        "Rebels accused militias of killing some 300 civilians in Kutum in Sudan. They said that the men had come on "
        "June 2 in thirty trucks."
    )
    assert (by_day.when.start, by_day.when.reason) == (date(2024, 6, 2), "month_day:told next")
    (by_week,) = told(
        "Soldiers have killed 14 people in Jonglei, officials said Monday. The killings took place last week."
    )
    assert (by_week.when.start, by_week.when.precision) == (date(2024, 5, 27), 3)


def test_what_one_side_did_undated_is_of_the_day_its_report_begins_with() -> None:
    first, second = told(
        "Syrian army units shelled Nawa on Sunday, killing four people. Residents fled to the hills. A convoy of aid "
        "was turned back. Traders closed their shops in the old market. Syrian army units also stormed Inkhil and "
        "killed two rebels."
    )
    assert (first.when.start, first.when.precision) == (date(2024, 6, 2), 1)
    assert (second.when.start, second.when.precision) == (date(2024, 6, 2), 2)
    assert (second.when.reason or "").endswith("of the lead")


def test_a_killing_of_people_not_told_of_before_is_another_event() -> None:
    found = told(
        "Jets bombed a market in Raqqa during Eid al-Adha in 2016. A video showed the execution of 17 men in Altibni "
        "on the first day of Eid al-Adha in 2016."
    )
    assert [mention.killed.best for mention in found] == [None, 17]
