"""Rounds of several incidents, as monitors and local agencies tell them: what belongs together and what does not."""

from datetime import date

import pytest

from schemas.mention import EventMention, Role, Status
from tasks.events.document import Document
from tasks.events.mentions import code_text

PUBLISHED = date(2024, 6, 7)  # a Friday


def told(text: str, title: str | None = None) -> tuple[EventMention, ...]:
    whole = f"{title}\n\n{text}" if title else text
    return code_text(Document("art_1", "ver_1", title, whole, "en", PUBLISHED))


def new(mentions: tuple[EventMention, ...]) -> list[EventMention]:
    return [m for m in mentions if m.status is Status.HAPPENED and not m.aggregate]


def names(mention: EventMention, role: Role) -> set[str]:
    return {actor.name for actor in mention.actors if actor.role is role}


def ids(mention: EventMention, role: Role) -> set[str | None]:
    return {actor.actor_id for actor in mention.actors if actor.role is role}


def test_three_dead_in_one_town_are_no_sum_of_two_towns() -> None:
    found = new(
        told(
            "A bomb hit a house in Lyptsi on Thursday, killing two people. A drone hit a bus in Beryslav on Thursday, "
            "killing the driver. Rockets struck Kostiantynivka on Thursday, killing three and wounding nine."
        )
    )
    assert [(m.place.gazetteer_name, m.killed.best) for m in found] == [
        ("Lyptsi", 2),
        ("Beryslav", 1),
        ("Kostyantynivka", 3),
    ]


def test_a_lead_that_counts_two_operations_is_a_sum() -> None:
    found = told(
        "The SDF announced on Wednesday the arrest of four ISIS members in the countryside of Deir ez-Zor. Its forces "
        "arrested three militants in a raid in the town of Diban. In the village of al-Zir, a militant was arrested.",
    )
    assert [(m.detained.best, m.aggregate) for m in found] == [(4, True), (3, False), (1, False)]


@pytest.mark.parametrize(
    ("text", "aggregate"),
    [
        ("Russian warplanes carried out four airstrikes on the town of al-Bara on Thursday.", False),
        ("Troops repelled 37 attacks near Pokrovsk on Thursday, the General Staff said.", False),
        ("The Houthis have attacked more than 50 ships since November.", True),
        ("Israel has carried out hundreds of strikes in Syria since 2011.", True),
        ("Since last week clashes in Bangladesh have killed at least 105 people.", True),
    ],
)
def test_strikes_on_one_town_in_a_day_are_one_event(text: str, aggregate: bool) -> None:
    (found,) = told(text)
    assert found.aggregate is aggregate


@pytest.mark.parametrize(
    "text",
    [
        "Since Turkish forces took control of Afrin in 2018, many residents have fled.",
        "The trader had struck a settlement deal with government forces in 2018.",
        "The region has been subject to a ceasefire agreement brokered by Russia and Turkey since March 5, 2020.",
        "The anniversary of the Halabja chemical attack was marked on Thursday.",
        "Residents of Jasim protested on Thursday against the abduction of a doctor.",
    ],
)
def test_what_is_long_known_or_answered_is_no_news(text: str) -> None:
    assert all(m.sub_event_type == "Peaceful protest" for m in new(told(text)))


def test_somebody_shot_at_is_no_place() -> None:
    (found,) = told(
        "Gunmen shot dead a former commander in the town of Tafas on Thursday. A source said two gunmen opened fire "
        "at Ahmad al-Khalaf in front of his house, killing him."
    )
    assert found.place.gazetteer_name == "Tafas"


def test_a_short_name_in_brackets_does_not_lead_the_parser_astray() -> None:
    (found,) = told("The Rapid Support Forces (RSF) shelled residential areas of Omdurman on Thursday, killing four.")
    assert ids(found, Role.INITIATOR) == {"sd-rsf"}
    (both,) = told(
        "Clashes erupted on Thursday between the Hamza Division and the Syrian Democratic Forces (SDF) in Raqqa."
    )
    assert (ids(both, Role.INITIATOR), ids(both, Role.TARGET)) == ({"sy-hamza"}, {"sy-sdf"})


def test_families_who_fight_each_other_are_the_sides() -> None:
    (found,) = told("Clashes erupted between two families in Jindires on Thursday, leaving one person dead.")
    assert names(found, Role.INITIATOR) == {"families"}


def test_two_states_before_one_noun_both_did_it() -> None:
    (found,) = told("US and British warplanes struck targets in Hodeidah on Wednesday night, killing two people.")
    assert {actor.country for actor in found.actors if actor.role is Role.INITIATOR} == {"US", "GB"}


def test_whose_attack_was_held_off_stands_before_it() -> None:
    (found,) = told("The army pushed back an RSF attack on the town of Nahud on Thursday.")
    assert ids(found, Role.INITIATOR) == {"sd-rsf"}
    assert names(found, Role.TARGET) == {"army"}


def test_members_of_a_backed_faction_are_the_faction() -> None:
    (found,) = told("Members of the Turkish-backed Sultan Murad Division kidnapped a trader in Afrin on Thursday.")
    assert ids(found, Role.INITIATOR) == {"sy-sultan-murad"}


def test_who_answers_with_strikes_struck() -> None:
    (found,) = told("Israel responded with air strikes on Khan Yunis on Thursday that killed seven people.")
    assert {actor.country for actor in found.actors if actor.role is Role.INITIATOR} == {"IL"}


def test_a_post_is_not_attacked_by_whose_it_is() -> None:
    (found,) = told(
        "The Syrian Democratic Forces made a statement on Thursday. ISIS cells attacked an SDF military post in the "
        "town of al-Sousa on Wednesday, wounding two fighters."
    )
    assert ids(found, Role.INITIATOR) == {"is"}


def test_nobody_is_no_initiator_and_a_road_is_not_hit() -> None:
    (found,) = told(
        "A car bomb exploded on the road near Manbij on Thursday, killing four civilians. No group has claimed "
        "responsibility for the bombing."
    )
    assert names(found, Role.INITIATOR) == set()
    assert "road" not in names(found, Role.OBJECT)


def test_police_are_not_guessed_to_have_left_a_body() -> None:
    found = told(
        "Security forces searched farms near Inkhil on Wednesday. The body of a man with gunshot wounds was found in "
        "Inkhil on Thursday."
    )
    assert all("Security forces" not in names(m, Role.INITIATOR) for m in found if m.killed.best)


def test_a_search_that_ends_in_arrests_is_an_arrest() -> None:
    (found,) = told("The forces raided a hideout in the town of Diban on Thursday and arrested three militants.")
    assert (found.sub_event_type, found.detained.best) == ("Arrests", 3)


def test_ground_taken_after_others_left_is_one_event() -> None:
    (found,) = told("Opposition factions took control of Morek on Thursday after government forces withdrew from it.")
    assert found.sub_event_type == "Non-state actor overtakes territory"


def test_another_strike_is_no_bomb() -> None:
    found = told(
        "Warplanes bombed Idlib on Thursday, killing eight. Another strike hit a hospital in Aleppo, killing five."
    )
    assert [m.sub_event_type for m in found] == ["Air/drone strike", "Air/drone strike"]


def test_the_city_is_the_one_named_last() -> None:
    found = told(
        "Hundreds of people protested in the city of Suwayda on Thursday. In the town of al-Qurayya, residents held a "
        "vigil. Unidentified persons threw a hand grenade at a party office in the city at night."
    )
    assert found[-1].sub_event_type == "Grenade"
    assert found[-1].place.gazetteer_name == "Sweida"


def test_a_soldier_hurt_where_gunmen_were_shot_is_of_the_same_raid() -> None:
    (found,) = told(
        "Israeli forces shot two gunmen during a raid on Jenin on Thursday night, the military said. A soldier was "
        "moderately wounded, it added."
    )
    assert found.place.gazetteer_name == "Jenin"


def test_eight_soldiers_here_are_not_nine_people_there() -> None:
    found = told(
        "Eight Israeli soldiers were killed in combat in southern Lebanon on Wednesday. An Israeli strike on the "
        "Bachoura district of Beirut killed nine people on Wednesday."
    )
    assert [m.killed.best for m in found] == [8, 9]


def test_a_shared_day_alone_makes_no_event_of_two() -> None:
    found = told(
        "An Israeli boy was found dead with stab wounds near an outpost on Wednesday. Settlers raided al-Mughayyir on "
        "Tuesday and killed a Palestinian. Settlers also stormed Duma, near Nablus, on Wednesday and torched houses."
    )
    assert len({m.trigger_start for m in found}) == 3


def test_an_unlisted_village_does_not_hold_a_town_of_its_province() -> None:
    found = told(
        "Army artillery destroyed two vehicles in the town of al-Atarib in western Aleppo. A citizen was killed by a "
        "landmine in the village of Rasm al-Abed in Aleppo countryside."
    )
    assert [m.sub_event_type for m in found] == ["Shelling/artillery/missile attack", "Remote explosive/landmine/IED"]


def test_a_plane_that_is_shot_at_is_no_weapon() -> None:
    (found,) = told("Gangs opened fire at a passenger plane near Les Cayes on Monday, wounding a flight attendant.")
    assert found.sub_event_type == "Attack"


def test_those_held_at_a_rally_are_part_of_it() -> None:
    (found,) = told("Thousands rallied in Tel Aviv on Thursday; police detained 12 protesters.")
    assert (found.sub_event_type, found.detained.best) == ("Protest with intervention", 12)


def test_a_crowd_and_those_who_shot_at_it_are_one_event() -> None:
    (found,) = told(
        "A man was killed when fighters opened fire on demonstrators in al-Shuhayl on Thursday. Dozens of people had "
        "gathered to protest against the arrest of a sheikh."
    )
    assert found.sub_event_type == "Excessive force against protesters"


def test_a_warning_of_ones_own_strike_is_a_threat() -> None:
    found = told("The Houthis warned they would attack ships in the Red Sea on Monday.")
    assert [m.status for m in found] == [Status.THREATENED]


def test_an_arrest_is_not_denied_by_who_denies_a_role() -> None:
    found = told(
        "Gunmen killed 133 people in Moscow on Thursday. The FSB said it had detained 11 people in Bryansk on Friday. "
        "Kyiv denied any role."
    )
    assert [m.status for m in found if m.sub_event_type == "Arrests"] == [Status.HAPPENED]


def test_a_headline_alone_tells_of_nothing_more() -> None:
    found = told(
        "Opposition factions took control of the towns of Morek and Khan Sheikhoun on Wednesday. Syrian and Russian "
        "warplanes bombed the city of Idlib on Wednesday, killing eight civilians.",
        "Opposition seizes Hama villages as jets bomb Idlib",
    )
    assert [m.sub_event_type for m in found] == ["Non-state actor overtakes territory", "Air/drone strike"]
    assert {actor.country for actor in found[1].actors if actor.role is Role.INITIATOR} == {"SY", "RU"}


def test_two_provinces_of_the_headlines_country_are_two_places() -> None:
    found = told(
        "At least 42 people were killed on Thursday when gunmen opened fire on a convoy in Kurram district. In "
        "Balochistan, a roadside bomb wounded four officers near Mastung on Thursday.",
        "Gunmen kill 42 in attack on convoy in Pakistan",
    )
    assert [(m.killed.best, m.injured.best) for m in found] == [(42, None), (None, 4)]


def test_what_also_happened_that_day_is_another_event() -> None:
    found = told(
        "Three children were killed on Thursday by the explosion of a cluster bomb in the village of al-Huwaiz. Also "
        "on Thursday, government forces shelled the villages of al-Fatira and Sufuhon."
    )
    assert [m.killed.best for m in found] == [3, None]


@pytest.mark.parametrize(
    ("text", "sub_type"),
    [
        (
            "Militiamen took the town of Debre Sina after government troops pulled out on Thursday.",
            "Non-state actor overtakes territory",
        ),
        (
            "Insurgents attacked the barracks in Kismayo with car bombs on Thursday, killing nine soldiers.",
            "Remote explosive/landmine/IED",
        ),
        ("Russian warplanes launched seven raids on caves in the Palmyra desert on Thursday.", "Air/drone strike"),
    ],
)
def test_what_ends_or_helps_an_act_is_part_of_it(text: str, sub_type: str) -> None:
    (found,) = told(text)
    assert (found.sub_event_type, found.aggregate) == (sub_type, False)


def test_a_protest_planned_has_not_taken_place() -> None:
    found = told("Police arrested dozens of people in Islamabad on Thursday ahead of a protest planned for Sunday.")
    assert [m.sub_event_type for m in new(found)] == ["Arrests"]


def test_what_somebody_is_arrested_for_is_no_news() -> None:
    found = told("The security service arrested an agent in Kharkiv on Thursday who had set fire to military vehicles.")
    assert [m.sub_event_type for m in new(found)] == ["Arrests"]


def test_a_safeguard_against_looting_does_not_deny_an_assault() -> None:
    found = told(
        "The assault on Gaza has left more than 52,000 people dead, according to health authorities. The envoy said "
        "the aid came with safeguards to ensure it is not looted by armed groups."
    )
    statuses = {m.status for m in found if m.killed.best}
    assert statuses
    assert Status.DENIED not in statuses


def test_an_agency_that_is_forced_to_stop_ends_no_campaign() -> None:
    assert told("The law has forced the relief agency to suspend operations in Gaza.") == ()


def test_whose_attacks_a_total_counts_did_its_parts() -> None:
    found = new(
        told(
            "At least six people were killed in Russian attacks across Ukraine over the past day, officials said. A "
            "guided bomb hit a residential block in Lyptsi, Ukraine, killing two people. In Romania, a drone "
            "hit a car, injuring three."
        )
    )
    assert [ids(m, Role.INITIATOR) for m in found] == [{"ru-military"}, set()]
    assert names(found[0], Role.OBJECT) == {"residential block"}
