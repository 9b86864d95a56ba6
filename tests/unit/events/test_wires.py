"""Sentences as the wires write them, from a dozen wars: each a way of telling that once was read wrong."""

from datetime import date

import pytest

from schemas.mention import EventMention, Role
from tasks.events.document import Document
from tasks.events.mentions import code_text

PUBLISHED = date(2024, 6, 7)  # a Friday


def told(text: str) -> tuple[EventMention, ...]:
    return code_text(Document("art_1", "ver_1", None, text, "en", PUBLISHED))


def names(mention: EventMention, role: Role) -> set[str]:
    return {actor.name for actor in mention.actors if actor.role is role}


def test_whose_shelling_it_was_stands_after_by() -> None:
    (found,) = told("Artillery shelling by government forces killed six civilians in the town of Ariha on Monday.")
    assert names(found, Role.INITIATOR) == {"government forces"}


@pytest.mark.parametrize(
    "text",
    [
        "At least 18 people, among them 14 soldiers, died in the assault on the barracks, the ministry said.",
        "Twenty-three people, including 14 soldiers, were killed on Tuesday in Djibo, the ministry said.",
        "The army killed 15 rebels and lost two soldiers in the battle for Kitshanga.",
        "Two demobilised soldiers were found shot dead in Caquetá on Wednesday.",
    ],
)
def test_soldiers_who_fell_did_nothing(text: str) -> None:
    (found,) = told(text)
    assert not any("soldiers" in name for name in names(found, Role.INITIATOR))


def test_what_attackers_burn_and_steal_is_property_and_hurts_nobody() -> None:
    (found,) = told("Attackers burned dozens of houses in the village of Koyo on Sunday and stole cattle.")
    assert found.sub_event_type == "Looting/property destruction"
    assert names(found, Role.INITIATOR) == {"Attackers"}
    assert (found.killed.best, found.injured.low, found.injured.best) == (None, None, None)


def test_homes_set_on_fire_are_told_of_in_a_subordinate_clause() -> None:
    (found,) = told("Thousands crossed the border after the insurgents set fire to their homes in Buthidaung.")
    assert found.sub_event_type == "Looting/property destruction"
    assert names(found, Role.INITIATOR) == {"insurgents"}


def test_huts_burned_by_those_who_killed_are_part_of_the_attack() -> None:
    (found,) = told("The clan militia attacked the village at dawn, killed 17 residents and burned their huts.")
    assert (found.sub_event_type, found.killed.best) == ("Attack", 17)


def test_displaced_people_left_dead_are_dead_and_not_displaced_again() -> None:
    (found,) = told(
        "The militia shelled the Abu Shouk camp on Friday, leaving 11 displaced people dead and 19 wounded."
    )
    assert (found.killed.best, found.injured.best, found.displaced.best) == (11, 19, None)


def test_an_unknown_number_is_not_one() -> None:
    (found,) = told("Insurgents kidnapped an unknown number of women in Borno State on Monday.")
    assert found.detained.best is None
    assert names(found, Role.TARGET) == {"women"}


def test_what_an_attack_answers_is_not_its_toll() -> None:
    (found,) = told(
        "Hezbollah said it fired dozens of rockets at an Israeli base in the Golan Heights in response to the killing "
        "of a commander."
    )
    assert (found.sub_event_type, found.killed.best) == ("Shelling/artillery/missile attack", None)
    assert names(found, Role.TARGET) == set()
    assert names(found, Role.OBJECT) == {"Israeli base"}


def test_a_glide_bomb_falls_from_an_aircraft_of_the_state_it_is_named_after() -> None:
    (found,) = told("A Russian glide bomb struck a hardware store in Kharkiv, killing at least 12 people.")
    assert (found.sub_event_type, found.killed.best) == ("Air/drone strike", 12)
    assert {actor.country for actor in found.actors if actor.role is Role.INITIATOR} == {"RU"}


def test_raids_of_warplanes_are_air_strikes() -> None:
    (found,) = told("Regime warplanes carried out two raids on Khan Sheikhoun, and eight civilians were killed.")
    assert (found.sub_event_type, found.killed.best) == ("Air/drone strike", 8)


def test_who_repels_an_attack_was_attacked() -> None:
    (found,) = told("Kurdish fighters repelled an attack by Islamic State cells on a prison in Hasakah.")
    assert names(found, Role.INITIATOR) == {"Islamic State cells"}
    assert "Kurdish fighters" in names(found, Role.TARGET)


def test_where_a_missile_was_fired_from_is_not_where_it_hit() -> None:
    (found,) = told(
        "An Israeli soldier was killed by an anti-tank missile fired from Lebanon on Monday, the army said."
    )
    assert found.place.country != "LB"


def test_members_of_a_militia_or_a_cell_are_what_it_is() -> None:
    (killed,) = told("Fighters killed 12 members of the self-defence militia in Barsalogho on Monday.")
    assert names(killed, Role.TARGET) == {"members of the self-defence militia"}
    (held,) = told("Syrian forces detained 15 suspected members of an ISIS cell in Raqqa on Monday.")
    assert {actor.actor_id for actor in held.actors if actor.role is Role.TARGET} == {"is"}


def test_the_name_of_a_camp_is_no_victim() -> None:
    (found,) = told("Four Palestinians were shot dead by Israeli troops during a raid on the Jenin refugee camp.")
    assert names(found, Role.TARGET) == {"Palestinians"}


def test_who_shot_a_gunman_did_not_do_what_he_did() -> None:
    found = told("A Palestinian gunman killed three Israelis at a bus stop before he was shot dead by police.")
    assert [(names(m, Role.INITIATOR), m.killed.best) for m in found] == [
        ({"Palestinian gunman"}, 3),
        ({"police"}, 1),
    ]


def test_a_boy_shot_by_a_soldier_is_who_died() -> None:
    (found,) = told("A boy was shot in the head by an Israeli soldier near Nablus, and died in hospital on Tuesday.")
    assert found.sub_event_type == "Attack"
    assert names(found, Role.TARGET) == {"boy"}
    assert found.killed.who == "boy"


def test_people_hacked_to_death_are_dead() -> None:
    (found,) = told("Rebels hacked 14 people to death with machetes in Beni territory on Sunday.")
    assert (found.killed.best, found.injured.best) == (14, None)


def test_fire_opened_on_demonstrators_by_troops_is_excessive_force() -> None:
    (found,) = told("Troops opened fire on demonstrators in Omdurman, killing four, a doctors' committee said.")
    assert found.sub_event_type == "Excessive force against protesters"


def test_a_road_blocked_by_people_alone_is_blocked_in_peace() -> None:
    (found,) = told("Police fired tear gas to disperse hundreds of protesters who had blocked the main road in Kano.")
    assert found.sub_event_type == "Protest with intervention"


def test_who_overran_a_base_is_not_who_was_captured_there() -> None:
    found = told("The rebels captured 120 soldiers after overrunning a base near Myawaddy on Monday.")
    assert all(names(m, Role.INITIATOR) == {"rebels"} for m in found)


def test_fighters_who_surrender_come_to_terms() -> None:
    """ACLED counts surrenders and exchanges of prisoners among agreements."""
    (found,) = told("About 120 fighters surrendered to the army in the province of Ituri on Thursday.")
    assert found.sub_event_type == "Agreement"
    (freed,) = told("Rebels freed 23 prisoners of war in exchange for 20 soldiers on Wednesday.")
    assert freed.sub_event_type == "Agreement"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Ukrainian shelling killed three people in Donetsk on Monday, the mayor said.", "UA"),
        ("Israel struck the outskirts of Damascus on Monday, killing two and injuring three.", "IL"),
    ],
)
def test_a_state_named_by_itself_did_it(text: str, country: str) -> None:
    (found,) = told(text)
    assert found.event_type == "Explosions/Remote violence"
    assert [(a.country, a.role) for a in found.actors if a.role is Role.INITIATOR] == [(country, Role.INITIATOR)]


def test_a_state_that_strikes_abroad_is_an_outside_force() -> None:
    (found,) = told("Israel struck the outskirts of Damascus on Monday, killing two and injuring three.")
    assert [actor.kind for actor in found.actors if actor.role is Role.INITIATOR] == ["external_forces"]


def test_those_kidnapped_and_later_found_dead_are_both() -> None:
    (found,) = told("Eleven miners were kidnapped and later found dead in Pataz, Peru, on Monday.")
    assert (found.detained.best, found.killed.best) == (11, 11)


def test_a_drone_attack_that_was_thwarted_is_one_event() -> None:
    (found,) = told("The army said its forces had thwarted a drone attack by the RSF on the city of Atbara on Monday.")
    assert found.sub_event_type == "Air/drone strike"
    assert names(found, Role.INITIATOR) == {"RSF"}


def test_protesters_who_storm_a_parliament_riot() -> None:
    (found,) = told("Protesters stormed the parliament in Nairobi on Monday and broke its windows.")
    assert found.sub_event_type == "Violent demonstration"


@pytest.mark.parametrize(
    "text",
    [
        "Unidentified men attacked the embassy in Lima with explosives on Monday, causing damage to the building.",
        "Several men in a car threw a powerful bomb at the newspaper's office in Medellin on Monday.",
    ],
)
def test_what_explosives_do_is_an_explosion(text: str) -> None:
    (found,) = told(text)
    assert found.sub_event_type == "Remote explosive/landmine/IED"


def test_a_village_nobody_lists_is_not_the_town_beside_it() -> None:
    found = told(
        "ISIS bombed the city of Deir ez-Zor on Monday. ISIS executed seven men in the town of Xyrtibna on Monday."
    )
    assert [(m.place.gazetteer_name, m.killed.best) for m in found] == [("Deir ez-Zor", None), (None, 7)]


def test_a_total_of_a_province_is_a_sum_though_a_town_was_chosen_for_it() -> None:
    found = told(
        "Thirteen villagers were killed on Saturday in the province of Idlib. An airstrike on the town of Salqin "
        "killed five villagers on Saturday. Gunmen killed eight villagers in the town of Sarmin on Saturday."
    )
    assert [(m.killed.best, m.aggregate) for m in found] == [(13, True), (5, False), (8, False)]


@pytest.mark.parametrize(
    ("text", "town"),
    [("The RSF shelled Port Sudan on Monday.", "Port Sudan"), ("Rockets hit Kuwait City on Monday.", "Kuwait City")],
)
def test_a_town_called_after_a_state_is_no_target(text: str, town: str) -> None:
    (found,) = told(text)
    assert found.place.name == town
    assert not names(found, Role.TARGET)


def test_one_death_told_apart_is_one_event() -> None:
    killed, bombed = told(
        "The assassination of Antonio Porth shocked the country. The union called a strike. A bomb exploded in Bukavu "
        "on Sunday, wounding three. Gunmen killed Antonio Porth on 3 May in Goma."
    )
    assert (killed.place.name, killed.killed.best) == ("Goma", 1)
    assert bombed.place.name == "Bukavu"


def test_a_last_name_is_whoever_was_named_in_full() -> None:
    found = told(
        "Gunmen assassinated Antonio Porth in Goma on Monday. A curfew was imposed. The army said two of its bases "
        "were shelled in Bukavu on Sunday. Four shells fell on a market. Porth was killed outside his home."
    )
    assert [(m.place.name, m.killed.best) for m in found if m.killed.best] == [("Goma", 1)]
    assert not any("Porth" in names(m, Role.TARGET) for m in found if m.place.name == "Bukavu")
