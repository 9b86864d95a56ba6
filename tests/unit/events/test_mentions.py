"""Whole texts: the seed article, one incident told thrice, three on one page, and evidence that holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.mention import EventMention, Evidence, Role, Stance
from tasks.events.document import Document
from tasks.events.mentions import code_text
from tasks.events.proof import NotInTextError, checked
from tests.unit.events.conftest import PUBLISHED

Code = Callable[[str], tuple[EventMention, ...]]
FIELDS = {
    "trigger", "date", "place", "initiator", "target", "supporter", "object", "killed", "injured", "detained",
    "displaced", "weapon", "cause", "claim", "status",
}  # fmt: skip


def _names(mention: EventMention, role: Role) -> set[str]:
    return {actor.name for actor in mention.actors if actor.role is role}


def _ids(mention: EventMention, role: Role) -> set[str | None]:
    return {actor.actor_id for actor in mention.actors if actor.role is role}


@pytest.fixture(scope="session", params=["with its title", "without its title"])
def seed(request: pytest.FixtureRequest, seed_text: str) -> tuple[str, tuple[EventMention, ...]]:
    title, body = seed_text.split("\n", 1)
    text = seed_text if request.param == "with its title" else body
    return text, code_text(Document("art_1", "ver_1", title, text, "en", PUBLISHED))


def test_the_seed_article_tells_of_three_events(seed: tuple[str, tuple[EventMention, ...]]) -> None:
    found = [(m.sub_event_type, m.when.start, m.when.end, m.status.value, m.aggregate) for m in seed[1]]
    assert found == [
        ("Change to group/activity", date(2023, 12, 10), date(2023, 12, 10), "happened", False),
        ("Change to group/activity", date(2023, 12, 4), date(2023, 12, 4), "happened", False),
        ("Armed clash", date(2023, 11, 26), date(2023, 11, 27), "happened", False),
    ]


def test_the_seed_campaign_ended(seed: tuple[str, tuple[EventMention, ...]]) -> None:
    ended = seed[1][0]
    assert (ended.plover_type, ended.plover_mode) == ("RETREAT", "withdraw")
    assert _names(ended, Role.INITIATOR) == {"Syrian government forces", "Iranian-backed militias"}
    assert len(_ids(ended, Role.TARGET)) == 1
    assert ended.place.name == "Syrian Desert"
    assert ended.cause == "losses in military personnel and ammunition"
    claims = [(c.speaker, c.stance, c.about) for c in ended.claims if c.about == "cause"]
    source = "military source of the government forces"
    assert claims == [
        ("government forces", Stance.ASSERTS, "cause"),
        (source, Stance.ASSERTS, "cause"),
        (source, Stance.DENIES, "cause"),
    ]
    assert "weather" in ended.claims[-1].quote


def test_the_seed_campaign_began(seed: tuple[str, tuple[EventMention, ...]]) -> None:
    began, ended = seed[1][1], seed[1][0]
    assert began.plover_type == "MOBILIZE"
    assert "Syrian government forces" in _names(began, Role.INITIATOR)
    assert _names(began, Role.SUPPORTER) == {"Russian warplanes"}
    assert _ids(began, Role.TARGET) == _ids(ended, Role.TARGET)
    places = {piece.quote for piece in began.evidence if piece.field == "place"}
    assert places >= {"Syrian Desert", "Homs eastern countryside", "southern countryside of Deir ez-Zor"}


def test_the_seed_attack_is_a_battle(seed: tuple[str, tuple[EventMention, ...]]) -> None:
    attack = seed[1][2]
    assert attack.event_type == "Battles"
    assert _ids(attack, Role.INITIATOR) == _ids(seed[1][0], Role.TARGET)
    assert _names(attack, Role.TARGET) == {"Syrian government soldiers"}
    assert (attack.killed.best, attack.injured.best) == (16, 27)
    assert attack.place.name == "Deir ez-Zor desert"


def test_title_lead_and_later_sentences_are_one_incident(code: Code) -> None:
    text = (
        "Rebel rockets kill five in Afrin\n"
        "Rebels fired rockets at the town of Afrin on Saturday, killing five civilians, officials said.\n"
        "The attack also wounded nine people, a hospital source said.\n"
        "Rescue workers said the rockets hit a market. The five victims of the attack were buried on Sunday."
    )
    (mention,) = code(text)
    assert (mention.sub_event_type, mention.killed.best, mention.injured.best) == (
        "Shelling/artillery/missile attack",
        5,
        9,
    )
    assert mention.when.start == date(2023, 12, 9)


def test_those_who_gather_are_protesters(code: Code) -> None:
    (mention,) = code("Dozens of residents protested in the city of Aleppo on Friday against power cuts.")
    (actor,) = mention.actors
    assert (actor.role, actor.name, actor.kind) == (Role.INITIATOR, "Dozens of residents", "protesters")


def test_a_number_of_people_is_no_side_where_the_sides_are_named(code: Code) -> None:
    text = (
        "Six people were killed in clashes between the Syrian Democratic Forces and tribal gunmen in Hajin on Friday."
    )
    (mention,) = code(text)
    assert "people" not in _names(mention, Role.TARGET)
    assert mention.killed.best == 6


def test_whose_shelling_it_was_stands_before_it(code: Code) -> None:
    (mention,) = code("Turkish artillery shelling killed two civilians in the town of Manbij on Friday.")
    assert _ids(mention, Role.INITIATOR) == {"tr-military"}


def test_a_name_in_brackets_is_the_closer_one(code: Code) -> None:
    (mention,) = code("The Internal Security Forces (Asayish) arrested four men in the city of Hasakah on Tuesday.")
    assert _ids(mention, Role.INITIATOR) == {"sy-asayish"}


def test_an_unlisted_village_lies_near_the_town_it_is_said_to_be_near(code: Code) -> None:
    (mention,) = code("Two civilians were killed by shelling in the village of Qarandal near Manbij on Friday.")
    place = mention.place
    assert (place.name, place.place_id, place.precision) == ("village of Qarandal", None, 2)
    assert place.latitude == pytest.approx(36.5, abs=0.3)
    assert "Manbij" in place.reason


def test_three_incidents_of_one_page_stay_three(code: Code) -> None:
    text = (
        "Gunmen killed four farmers in Ouallam on Thursday, police said.\n"
        "In Tillaberi, a roadside bomb killed three soldiers on Friday.\n"
        "Separately, militants kidnapped two nurses in Diffa on Saturday."
    )
    found = [(m.sub_event_type, m.when.start and m.when.start.day, m.killed.best) for m in code(text)]
    assert found == [
        ("Attack", 7, 4),
        ("Remote explosive/landmine/IED", 8, 3),
        ("Abduction/forced disappearance", 9, None),
    ]


def test_two_strikes_of_one_day_in_two_towns_stay_two(code: Code) -> None:
    text = (
        "An airstrike on the town of Armanaz killed six civilians on Saturday. "
        "Another airstrike on the town of Salqin killed two civilians on Saturday."
    )
    assert [(m.place.gazetteer_name is not None, m.killed.best) for m in code(text)] == [(True, 6), (True, 2)]


def test_two_days_in_one_town_stay_two(code: Code) -> None:
    text = "Shelling in Afrin wounded four people on Friday. Shelling in Afrin wounded four people on Saturday."
    assert [m.when.start and m.when.start.day for m in code(text)] == [8, 9]


@pytest.mark.parametrize(
    "text",
    [
        "The desert covers an area of 80,000 square kilometers.",
        "The team attacked from the left and shot twice in the second half.",
        "Rovers survived a bombardment in the first half of the league match at Hama on Saturday. A strike by the "
        "midfielder brought the goal, and the keeper was hit in an attack in the last minute of the season.",
        "For years, rebels have launched attacks in the area.",
        "Before the war, the country was ranked fifth in phosphate production.",
        "Il y a eu une attaque.",
        "",
    ],
)
def test_no_event_is_an_answer_too(text: str, code: Code) -> None:
    assert code(text) == ()


def test_only_english_is_coded(seed_text: str) -> None:
    assert code_text(Document("a", "v", None, seed_text, "ar", PUBLISHED)) == ()


def test_victims_decide_between_battle_and_violence_against_civilians(code: Code) -> None:
    (soldiers,) = code("Gunmen killed nine soldiers in Gao on Friday.")
    (farmers,) = code("Gunmen killed nine farmers in Gao on Friday.")
    assert (soldiers.event_type, farmers.event_type) == ("Battles", "Violence against civilians")


def test_a_total_over_time_is_an_aggregate(code: Code) -> None:
    mentions = code("At least 84 civilians were killed in attacks by militants in Idlib in November, a monitor said.")
    assert [m.aggregate for m in mentions] == [True]


def test_a_counted_plural_and_a_sum_are_aggregates(code: Code) -> None:
    (counted,) = code("The police made 112 arrests in Tunis on Monday.")
    assert counted.aggregate
    mentions = code(
        "Thirteen villagers were killed on Saturday in the province of Idlib.\n"
        "An airstrike on the town of Salqin killed five villagers on Saturday.\n"
        "Gunmen killed eight villagers in the town of Sarmin on Saturday."
    )
    assert {(m.killed.best, m.aggregate) for m in mentions} == {(13, True), (5, False), (8, False)}


def test_what_is_hit_and_is_nobody_is_an_object(code: Code) -> None:
    (mention,) = code("Rebels burned a bus and a power substation in the town of Afrin on Friday.")
    assert _names(mention, Role.OBJECT) == {"bus", "power substation"}
    assert {actor.kind for actor in mention.actors if actor.role is Role.OBJECT} == {"property"}


def test_a_named_person_may_be_a_target(code: Code) -> None:
    (mention,) = code("Gunmen kidnapped Marta Quintero in the town of Afrin on Friday.")
    assert _names(mention, Role.TARGET) == {"Marta Quintero"}


def test_of_the_people_shot_those_who_died_are_not_injured(code: Code) -> None:
    (mention,) = code("Five people were shot in Hama on Friday. Two of them died, and two men were killed on the spot.")
    assert mention.killed.best is not None
    assert mention.injured.best is None or mention.injured.best < 5


def test_a_text_in_capitals_is_coded_and_quoted_as_written() -> None:
    text = "REBELS ATTACKED THE TOWN OF AFRIN ON MONDAY, KILLING NINE SOLDIERS. THE ARMY DENIED THE REPORTS."
    (mention,) = code_text(Document("a", "v", None, text, "en", PUBLISHED))
    assert mention.killed.best == 9
    assert all(text[piece.start : piece.end] == piece.quote for piece in mention.evidence)


def test_a_day_nothing_resolves_still_tells_of_an_incident() -> None:
    text = "Several mortar rounds landed near a school in Mogadishu on Thursday."
    (mention,) = code_text(Document("a", "v", None, text, "en", None))
    assert mention.when.start is None


def test_a_note_of_correction_tells_of_nothing(code: Code) -> None:
    text = "Correction: an earlier version of this report said that 12 people had been killed in Damascus on Monday."
    assert code(text) == ()


def test_a_value_that_is_not_in_the_text_does_not_get_in(seed: tuple[str, tuple[EventMention, ...]]) -> None:
    text, mentions = seed
    wrong = Evidence("place", 0, 5, "Paris", "made up")
    with pytest.raises(NotInTextError, match="Paris"):
        checked(text, replace(mentions[0], evidence=(wrong,)))


_SENTENCES = (
    "Rebels attacked the town of Afrin on Monday, killing nine soldiers.",
    "The army denied the reports.",
    "Gunmen “killed” 14 villagers – mostly women – in Ouallam on 3 May.",
    "A source said that the strike in Aleppo had wounded 12 people.",
    "The government forces, backed by Russian warplanes, ended the campaign due to losses.",
    "Police arrested dozens of protesters in Tunis.",
    "They also kidnapped three teachers.",
    "According to the monitor, a car bomb exploded near Raqqa.",
    "BEIRUT (Agency) – Shells hit the airport of Hama on Sunday.",
    "It rained.",
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(_SENTENCES), max_size=5), st.sampled_from([" ", "\n", "\n\n"]))
def test_every_quote_stands_where_it_says(sentences: list[str], between: str) -> None:
    text = between.join(sentences)
    mentions = code_text(Document("a", "v", None, text, "en", PUBLISHED))
    assert len({mention.mention_id for mention in mentions}) == len(mentions)
    for mention in mentions:
        assert mention.evidence[0].field == "trigger"
        assert 0.0 <= mention.confidence <= 1.0
        for piece in mention.evidence:
            assert piece.field in FIELDS
            assert piece.quote
            assert text[piece.start : piece.end] == piece.quote
        for claim in mention.claims:
            assert text[claim.start : claim.end] == claim.quote
            assert claim.speaker in text
