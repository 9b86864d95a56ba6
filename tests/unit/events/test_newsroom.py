"""What a reader of the wires sees at a glance: headlines, sums told in pieces, accusations, who merely speaks."""

from collections.abc import Iterator
from datetime import date

import pytest

from schemas.mention import EventMention, Role, Stance, Status
from tasks.events.document import Document
from tasks.events.mentions import code_text

PUBLISHED = date(2024, 6, 7)  # a Friday


def coded(title: str, body: str) -> tuple[EventMention, ...]:
    return code_text(Document("art_1", "ver_1", title, f"{title}\n\n{body}", "en", PUBLISHED))


def names(mention: EventMention, role: Role) -> set[str]:
    return {actor.name for actor in mention.actors if actor.role is role}


def happened(mentions: tuple[EventMention, ...]) -> list[EventMention]:
    return [mention for mention in mentions if mention.status is Status.HAPPENED and not mention.aggregate]


def test_a_headline_and_its_lead_are_one_event_with_the_figure_of_the_lead() -> None:
    found = coded(
        "Militia attack on village leaves scores dead",
        "At least 100 people were killed when the Rapid Support Forces attacked the village of Tandalti on "
        "Wednesday, a local committee said.",
    )
    assert len(found) == 1
    assert (found[0].killed.best, found[0].when.start) == (100, date(2024, 6, 5))


def test_a_province_in_a_headline_is_no_other_town() -> None:
    found = coded(
        "ISIS attack in Deir ez-Zor",
        "Two members of the Syrian Democratic Forces were killed on Tuesday in an attack by ISIS cells in the "
        "town of al-Busayrah, a local source said.",
    )
    assert [(m.killed.best, m.place.gazetteer_name) for m in found] == [(2, "al-Busayrah")]


def test_the_wounded_counted_two_sentences_later_are_of_the_same_strike() -> None:
    found = coded(
        "Death toll of drone attack rises to 89",
        "The death toll from a drone attack on a graduation in the Syrian city of Homs rose to 89, the health "
        "minister said Friday. Among the dead were 31 women. Another 277 people were wounded.\n\nNo group has "
        "claimed responsibility for Thursday's attack.",
    )
    assert [(m.killed.best, m.injured.best, m.when.start) for m in found] == [(89, 277, date(2024, 6, 6))]
    assert all(claim.stance is not Stance.CLAIMS_RESPONSIBILITY for m in found for claim in m.claims)


def test_who_is_accused_and_denies_it_is_kept_as_two_claims() -> None:
    (found,) = coded(
        "Rocket kills twelve",
        "A rocket hit a football pitch in Majdal Shams on Saturday, killing 12 children. Israel accused Hezbollah, "
        "which denied any role.",
    )
    assert {(c.speaker, c.stance) for c in found.claims} == {
        ("Israel", Stance.ASSERTS),
        ("Hezbollah", Stance.DENIES),
    }
    assert found.status is Status.HAPPENED


def test_a_monitor_that_counts_has_not_done_it() -> None:
    (found,) = coded(
        "Landmine kills ten",
        "Ten people were killed on Saturday when a landmine exploded in the countryside of Raqqa, state media said. "
        "They were truffle hunters. The Syrian Observatory for Human Rights put the toll at 14.",
    )
    assert names(found, Role.INITIATOR) == set()


def test_what_explodes_did_not_act() -> None:
    (found,) = coded(
        "Pagers explode",
        "Hundreds of pagers used by members of Hezbollah exploded in Lebanon on Tuesday, killing at least nine people.",
    )
    assert "Hezbollah" not in names(found, Role.INITIATOR)


def test_where_a_source_speaks_is_not_where_it_happened() -> None:
    found = coded(
        "Refinery struck",
        "Ukraine's SBU security service struck an oil refinery in Russia's Bashkortostan region with long-range "
        "drones overnight, a source in Kyiv said on Thursday.",
    )
    assert [(m.sub_event_type, m.place.admin1) for m in found] == [("Air/drone strike", "Bashkortostan")]


def test_crowds_that_take_to_the_streets_protest() -> None:
    (found,) = coded(
        "Suwayda",
        "Dozens of residents of the city of Suwayda took to the streets on Friday to demand reform.",
    )
    assert (found.sub_event_type, found.when.start) == ("Peaceful protest", date(2024, 6, 7))


@pytest.mark.parametrize("ground", ["Aleppo", "most of Aleppo", "the town of Saraqib"])
def test_a_place_that_is_seized_has_changed_hands(ground: str) -> None:
    (found,) = coded("Rebels advance", f"Rebels led by Hayat Tahrir al-Sham seized {ground} on Saturday.")
    assert found.sub_event_type == "Non-state actor overtakes territory"


def test_a_desert_that_takes_up_ground_has_not_taken_it() -> None:
    assert coded("Geography", "The Syrian Desert occupies most of the territory of the province of Homs.") == ()


def test_for_the_first_time_since_a_year_is_no_date() -> None:
    found = coded("Warplanes over Aleppo", "Russian warplanes bombed Aleppo on Saturday for the first time since 2016.")
    assert [m.when.start for m in found] == [date(2024, 6, 1)]
    later = coded(
        "Warplanes over Aleppo", "Russian warplanes bombed Aleppo for the first time since 2016, killing five."
    )
    assert [m.when.start for m in later] == [None]


def test_those_who_agree_to_a_truce_are_its_sides() -> None:
    (found,) = coded(
        "Truce",
        "The Sudanese army and the Rapid Support Forces agreed to a 24-hour ceasefire starting on Saturday.",
    )
    assert names(found, Role.INITIATOR) == {"Sudanese army", "Rapid Support Forces"}


def test_one_killed_by_name_contradicts_no_toll() -> None:
    found = happened(
        coded(
            "Raid in Atmeh",
            "U.S. special forces carried out a raid in the village of Atmeh in Syria early Thursday, killing Islamic "
            "State leader Abu Ibrahim al-Qurayshi, the president said. First responders said 13 people were killed.",
        )
    )
    assert [m.killed.best for m in found] == [13]


def test_a_number_inside_a_word_stays_with_its_name() -> None:
    assert "seven-year-old girl" in set(
        _people(coded("Girl hurt", "A seven-year-old girl was wounded in Homs on Sunday."))
    )


def _people(mentions: tuple[EventMention, ...]) -> Iterator[str]:
    return (actor.name for mention in mentions for actor in mention.actors)


def test_a_strike_is_of_the_country_it_is_called_after() -> None:
    (found,) = coded(
        "Strike on Damascus",
        "An Israeli missile strike hit a building in the Kafr Sousa district of Damascus on Wednesday, "
        "killing two people.",
    )
    assert [(a.name, a.actor_id) for a in found.actors if a.role is Role.INITIATOR] == [("Israeli", "il-military")]
    (local,) = coded("Bombing", "An Afghan bombing killed two people in Kabul on Wednesday.")
    assert names(local, Role.INITIATOR) == set()


def test_two_doers_in_one_sentence_did_two_things() -> None:
    found = coded(
        "Omdurman",
        "Air strikes by the army killed four civilians and wounded 14 in Omdurman on Friday, according to activists, "
        "while the RSF shelled the Karari district.",
    )
    assert [(m.killed.best, m.injured.best, names(m, Role.INITIATOR)) for m in found] == [
        (4, 14, {"army"}),
        (None, None, {"RSF"}),
    ]


def test_what_a_strike_did_is_not_what_it_was_answered_with() -> None:
    found = coded(
        "Answer",
        "Hezbollah said it had targeted a training camp of the Golani Brigade in response to Israeli strikes on "
        "Thursday in Beirut that killed 22 people.",
    )
    assert [names(m, Role.INITIATOR) for m in found if m.killed.best == 22] == [{"Israeli"}]


@pytest.mark.parametrize("who", ["former SDF member", "ex-SDF fighter", "retired army officer"])
def test_who_used_to_fight_is_a_civilian(who: str) -> None:
    (found,) = coded("Gharanij", f"Unidentified gunmen shot dead a {who} in the town of Gharanij in Syria on Sunday.")
    assert found.sub_event_type == "Attack"
    assert {a.kind for a in found.actors if a.role is Role.TARGET} == {"civilians"}


def test_an_arrest_has_no_weapon() -> None:
    (found,) = coded("Arrests", "The army arrested two suspected gunmen in Homs on Sunday.")
    assert (found.sub_event_type, found.weapon) == ("Arrests", None)


@pytest.mark.parametrize(
    "text",
    [
        "The film tells the story of a soldier who kills his commander. It won an award at the festival on Saturday.",
        "The army fired missiles and shelled mock targets during annual live-fire drills on Tuesday.",
        "An earthquake killed at least 95 people and injured 130 in Tibet on Tuesday.",
        "A bus plunged into a ravine near Gilgit on Friday, killing 20 people. The driver died in hospital.",
    ],
)
def test_stories_drills_disasters_and_accidents_are_no_events(text: str) -> None:
    assert coded("News", text) == ()


def test_what_missiles_bring_down_is_no_accident() -> None:
    found = coded(
        "Odesa", "Missiles hit a block of flats in Odesa on Tuesday; five people died when it collapsed in a storm."
    )
    assert [m.killed.best for m in found] == [5]


def test_what_a_court_recalls_by_its_year_is_background_and_no_total() -> None:
    (found,) = coded(
        "Recalled",
        "A court sentenced a man Tuesday for his role in the 2016 suicide bombings that killed 32 people in Brussels.",
    )
    assert (found.status, found.aggregate, found.when.reason) == (Status.BACKGROUND, False, "named_year")


def test_what_an_anniversary_recalls_did_not_happen_now() -> None:
    found = coded(
        "Recalled",
        "Hundreds gathered in Srebrenica on Thursday to mark the 1995 massacre in which Serb forces killed 8,000 men.",
    )
    assert {m.status for m in found if m.event_type != "Protests"} <= {Status.BACKGROUND}


def test_another_account_of_the_toll_is_no_other_event() -> None:
    (found,) = coded(
        "Strike near Palmyra",
        "Syrian state TV said five soldiers were killed in an Israeli strike near Palmyra overnight. The Syrian "
        "Observatory for Human Rights said nine people died, among them five Iran-backed fighters.",
    )
    assert (found.killed.low, found.killed.best, found.killed.high) == (5, 5, 9)
    quotes = {piece.quote for piece in found.evidence if piece.field == "killed"}
    assert any("nine" in quote for quote in quotes)
    assert {claim.speaker for claim in found.claims} == {"Syrian state TV", "Syrian Observatory for Human Rights"}


def test_a_participle_has_its_own_month() -> None:
    (found,) = coded("Freed", "A journalist kidnapped in March in the Syrian city of Afrin was released on Tuesday.")
    assert (found.when.start, found.when.end) == (date(2024, 3, 1), date(2024, 3, 31))


def test_a_foreign_army_overtakes_ground() -> None:
    (found,) = coded(
        "Ukraine", "Russian troops captured the village of Krasnohorivka in Ukraine's Donetsk region on Sunday."
    )
    assert found.sub_event_type == "Non-state actor overtakes territory"


def test_a_days_toll_of_a_country_is_a_total_and_its_parts_are_events() -> None:
    found = coded(
        "Four killed in Russian attacks across Ukraine over past day",
        "Russian attacks killed at least four civilians and injured 18 across Ukraine over the past day, "
        "regional authorities reported.\n\nIn Kherson Oblast, Russian forces shelled 17 settlements. One person "
        "was killed and six were wounded, Governor Oleksandr Prokudin reported.",
    )
    assert [(m.aggregate, m.killed.best, m.injured.best, m.place.admin1) for m in found] == [
        (True, 4, 18, None),
        (False, 1, 6, "Kherson"),
    ]


def test_gunmen_told_of_are_not_those_they_attacked() -> None:
    found = coded(
        "Dhiban",
        "Clashes broke out on Monday between the Syrian Democratic Forces (SDF) and tribal gunmen in the town of "
        "Dhiban. A source said that gunmen attacked three checkpoints, killing one fighter. The SDF arrested six "
        "of the attackers.",
    )
    arrest = next(m for m in found if m.sub_event_type == "Arrests")
    assert [(a.role, a.actor_id) for a in arrest.actors] == [(Role.INITIATOR, "sy-sdf"), (Role.TARGET, None)]


def test_a_village_that_is_stormed_is_not_held() -> None:
    found = coded(
        "Gindin Dutse",
        "Gunmen stormed the village of Gindin Dutse in Nigeria late on Sunday, killing 12 people, a local "
        "official said.\n\nSoldiers were ambushed near Jibia on Monday. A police spokesman confirmed the attack "
        "in Gindin Dutse but put the number of dead at eight.",
    )
    first = found[0]
    assert (first.sub_event_type, first.killed.low, first.killed.best, first.killed.high) == ("Attack", 8, 12, 12)
    assert len([m for m in found if m.killed.best]) == 1


def test_a_day_of_a_statement_is_not_the_events() -> None:
    (found,) = coded("Foiled", "In a statement on Tuesday, the army said it had foiled an attack on a base in Homs.")
    assert found.when.start is None


def test_an_attack_that_is_claimed_has_somebody_responsible() -> None:
    (found,) = coded(
        "Quetta",
        "At least 22 people were killed in a suicide bombing in Quetta on Saturday. The Baloch Liberation Army "
        "claimed the attack.",
    )
    assert [c.stance for c in found.claims] == [Stance.CLAIMS_RESPONSIBILITY]


def test_a_town_that_is_hit_is_the_place() -> None:
    (found,) = coded("Odesa", "Russian missiles hit Odesa on Monday, killing five people and wounding 30.")
    assert (found.place.name, found.place.country) == ("Odesa", "UA")


@pytest.mark.parametrize(("name", "country"), [("Wad al-Noura", "Sudan"), ("Abu Khashab", "Syria")])
def test_a_village_nobody_lists_keeps_its_whole_name(name: str, country: str) -> None:
    (found,) = coded("Attack", f"Gunmen attacked the village of {name} in {country} on Monday, killing two people.")
    assert found.place.name == f"village of {name}"
    assert found.place.place_id is None


def test_a_mans_name_is_no_town() -> None:
    found = coded(
        "Arrest", "The SDF arrested Ahmad al-Khabil, the commander of the Military Council, in Syria on Monday."
    )
    assert {m.place.gazetteer_name for m in found} <= {None, "Syria"}


def test_the_wounded_of_an_attack_may_be_counted_after_an_arrest() -> None:
    found = coded(
        "Moscow",
        "Gunmen burst into a concert hall near Moscow on Friday, killing more than 60 people. Islamic State claimed "
        "responsibility. The FSB said it had detained 11 people. Health officials said 145 people were wounded.",
    )
    assert [(m.killed.best, m.injured.best) for m in found if m.killed.best or m.injured.best] == [(60, 145)]


def test_another_is_one_and_experts_of_a_country_are_no_name() -> None:
    (found,) = coded(
        "Damascus",
        "A missile hit a building in Damascus on Wednesday, killing two people and wounding another, state media said.",
    )
    assert (found.killed.best, found.injured.best) == (2, 1)
    (plural,) = coded("Experts", "An Israeli strike in Damascus on Wednesday killed Iranian military experts.")
    assert plural.killed.best is None


def test_another_wounded_is_one_wounded() -> None:
    (found,) = coded(
        "Attack",
        "A fighter was killed and another wounded on Monday in an armed attack by gunmen in the city of Raqqa.",
    )
    assert (found.killed.best, found.injured.best) == (1, 1)


def test_who_counts_the_wounded_is_not_one_of_them() -> None:
    (found,) = coded(
        "Odesa",
        "A missile killed ten people in Odesa on Monday and injured 43, including four children, Governor Kiper said.",
    )
    assert found.injured.best == 43
    assert names(found, Role.TARGET) == {"children"}


def test_a_body_with_the_marks_of_violence_is_a_killing_and_the_count_since_january_is_none() -> None:
    found = coded(
        "Camp",
        "The body of an Iraqi refugee woman with gunshot wounds was found on Tuesday in Hawl Camp, east of Hasakah, a "
        "source said.\n\nThis is the third murder in the camp since the beginning of 2024.",
    )
    assert [(m.killed.best, m.place.gazetteer_name, m.when.start) for m in happened(found)] == [
        (1, "al-Hol camp", date(2024, 6, 4))
    ]


def test_a_body_under_the_rubble_is_no_murder() -> None:
    assert coded("Rubble", "Rescuers recovered the bodies of two children from the rubble in Aleppo on Monday.") == ()


def test_strikes_launched_on_a_night_are_strikes() -> None:
    (found,) = coded(
        "Power out",
        "Turkish warplanes launched on Saturday night airstrikes on power stations in the city of Qamishli, it said.",
    )
    assert (found.sub_event_type, found.status) == ("Air/drone strike", Status.HAPPENED)
    assert names(found, Role.INITIATOR) == {"Turkish warplanes"}


def test_a_hundred_attacks_since_october_are_a_total() -> None:
    (found,) = coded("Bases", "Armed groups have attacked US bases in Syria more than 130 times since October 17.")
    assert found.aggregate


def test_an_ambush_in_one_province_is_not_placed_in_the_next_paragraphs() -> None:
    found = coded(
        "Ambush",
        "DAMASCUS - At least 33 soldiers were killed when ISIS militants ambushed a military bus in the desert of "
        "al-Mayadin on Thursday, a monitor said.\n\nOn May 28, ISIS killed ten soldiers in an attack on checkpoints in "
        "the town of Ma'adan in the Raqqa countryside.",
    )
    assert [(m.killed.best, m.place.admin1) for m in found] == [(33, "Deir ez-Zor"), (10, "Raqqa")]


def test_the_army_of_another_country_is_not_the_army_of_the_place() -> None:
    (found,) = coded(
        "Strike", "Turkey's army bombed a village in the Syrian province of Aleppo on Monday, killing two."
    )
    assert {actor.actor_id for actor in found.actors if actor.role is Role.INITIATOR} == {"tr-military"}


def test_the_forces_of_who_speaks_are_his() -> None:
    (found,) = coded(
        "Raid",
        "Russia's defence ministry said its forces had bombed a village in the Ukrainian region of Kharkiv on Monday.",
    )
    assert {actor.actor_id for actor in found.actors if actor.role is Role.INITIATOR} == {"ru-military"}


def test_a_headline_names_the_town_and_the_lead_the_village_beside_it() -> None:
    (found,) = coded(
        "SNA faction arrests seven in Afrin",
        "The Military Police of the Turkish-backed Syrian National Army (SNA) arrested seven people, including two "
        "women, in the town of Jindires on Saturday, a local source said.",
    )
    assert (found.detained.best, found.place.name, found.when.start) == (7, "town of Jindires", date(2024, 6, 1))


def test_live_rounds_at_protesters_are_no_shelling() -> None:
    found = coded("Gedaref", "Police fired live rounds at protesters in Gedaref on Monday, killing one, doctors said.")
    assert [m.sub_event_type for m in found] == ["Excessive force against protesters"]


def test_somebody_elses_toll_widens_the_figure() -> None:
    (found,) = coded(
        "Consulate",
        "Israeli warplanes bombed a consulate in Damascus on Monday, killing seven officers, Iranian state media "
        "reported. SOHR put the toll at 11: eight Iranians, two Syrians and a Lebanese.",
    )
    assert (found.killed.low, found.killed.best, found.killed.high) == (7, 7, 11)


def test_what_is_answered_is_another_event() -> None:
    found = coded(
        "Strikes",
        "Turkish strikes killed eight people in Qamishli on Thursday. Turkey said it had destroyed 30 targets in "
        "retaliation for Sunday's bombing in Ankara, which wounded two police officers.",
    )
    ankara = [m for m in found if m.place.country == "TR"]
    assert [(m.injured.best, m.when.start, names(m, Role.INITIATOR)) for m in ankara] == [(2, date(2024, 6, 2), set())]


def test_operations_of_half_a_year_are_a_total() -> None:
    (found, *others) = coded(
        "Half a year", "US-led forces killed 44 ISIS operatives and detained 166 others in 196 operations in Syria."
    )
    assert found.aggregate
    assert all(other.aggregate for other in others)


def test_who_was_behind_an_attack_by_his_own_word_claims_it() -> None:
    (found,) = coded(
        "Base",
        "Six fighters were killed in a drone attack on a base in Deir ez-Zor on Sunday. The Islamic Resistance in Iraq "
        "said it was behind the attack.",
    )
    assert [(c.speaker, c.stance) for c in found.claims] == [
        ("Islamic Resistance in Iraq", Stance.CLAIMS_RESPONSIBILITY)
    ]


def test_a_strike_on_one_country_is_not_placed_in_the_country_that_is_hit_next() -> None:
    found = coded(
        "Lebanon",
        "Israeli air strikes killed 274 people in Lebanon on Monday, the health ministry said. Hezbollah fired rockets "
        "at northern Israel, where a man was lightly wounded in Lower Galilee.",
    )
    assert found[0].place.country == "LB"


def test_what_a_country_borders_on_is_not_where_it_was() -> None:
    found = coded(
        "Niger", "At least 23 Niger soldiers were killed near the borders with Burkina Faso and Mali on Tuesday."
    )
    assert {m.place.country for m in found} & {"BF", "ML"} == set()


def test_who_claims_one_attack_did_not_do_the_other_and_the_dead_did_none() -> None:
    found = coded(
        "Turkey strikes northeast Syria",
        "At least eight people, including six members of the Asayish, were killed in Turkish strikes on "
        "northeastern Syria on Thursday, the SDF said.\n\nTurkey's defence ministry said it hit 30 targets in "
        "retaliation for Sunday's bombing in Ankara, which wounded two police officers. The PKK claimed responsibility "
        "for that attack.",
    )
    assert [(m.place.country, {a.actor_id for a in m.actors if a.role is Role.INITIATOR}) for m in happened(found)] == [
        ("SY", {"tr-military"}),
        ("TR", {"pkk"}),
    ]


def test_the_road_a_source_names_is_where_the_lead_was_east_of() -> None:
    (found,) = coded(
        "SDF fighter killed in ISIS attack east of Deir ez-Zor",
        "A fighter of the Syrian Democratic Forces (SDF) was killed and another wounded on Monday in an armed attack "
        "by gunmen in the countryside of Deir ez-Zor, eastern Syria.\n\nA military source said that two gunmen on a "
        "motorcycle targeted a military vehicle of the SDF on the road between the towns of al-Shuhayl and al-Busayrah "
        "with machine guns.",
    )
    assert (found.event_type, found.killed.best, found.injured.best) == ("Battles", 1, 1)


def test_a_family_is_not_hit_where_others_of_it_are() -> None:
    (found,) = coded(
        "Mine",
        "A child was killed and two others of the same family were injured on Thursday by the explosion of a landmine "
        "in the village of al-Jarniyah, west of Raqqa.",
    )
    assert "same family" not in names(found, Role.TARGET)


def test_residents_of_a_town_protest_there() -> None:
    (found,) = coded(
        "Protest",
        "Dozens of residents of the city of Suwayda took to the streets on Friday to demand that the president go. The "
        "protesters raised a flag in al-Karama Square.",
    )
    assert (found.place.gazetteer_name, found.place.country) == ("Sweida", "SY")
