"""Names of private victims stand in quotations and in no other field."""

import doctest
from dataclasses import fields, replace

import pytest

from schemas.mention import Actor, CodedArticle, EventMention, Role, Toll
from tasks.events.actors import privacy
from tasks.events.actors.privacy import NAMELESS, public_part, without_private_names
from tasks.events.coder.code import code_article
from tests.warehouse.build import a_mention, a_run, a_source, an_article

#: Sentences with invented persons in them, and the names that must not get out.
TOLD = {
    "RIVERTON, Syria (Post) – Gunmen shot dead Khaled al-Ahmad, a civilian from the town of Mayadin in Deir ez-Zor, on "
    "Monday.": ("Khaled", "Ahmad"),
    "DARAA, Syria – Unidentified gunmen killed Mahmoud Hassan al-Zoubi in the city of Daraa on Monday. His brother "
    "Yousef was injured.": ("Mahmoud", "Hassan", "Zoubi", "Yousef"),
    "DARAA, Syria – A landmine killed 10-year-old Ahmed Darwish and injured his sister Fatima in the town of Jasim "
    "on Monday.": ("Ahmed", "Darwish", "Fatima"),
    "DARAA, Syria – Asayish arrested the journalist Omar Khalil in the city of Qamishli on Monday.": (
        "Omar",
        "Khalil",
    ),
    "IDLIB, Syria – Turkish shelling killed Mr. Samir Younes, 45, in the village of Hoshan on Monday.": (
        "Samir",
        "Younes",
    ),
    "IDLIB, Syria – Samir Younes and Laila Younes were killed by Syrian government forces in the town of Ariha on "
    "Monday.": ("Samir", "Laila", "Younes"),
    "KYIV, Ukraine – Russian shelling killed Oksana Kovalenko in the city of Kharkiv on Monday, the mayor said.": (
        "Oksana",
        "Kovalenko",
    ),
}


def columns(mention: EventMention) -> str:
    """All a mention says beside its quotations."""
    apart = {"evidence", "claims"}
    return " ".join(str(getattr(mention, field.name)) for field in fields(mention) if field.name not in apart)


def test_the_examples_hold() -> None:
    assert doctest.testmod(privacy).failed == 0


@pytest.mark.parametrize(("text", "names"), TOLD.items())
def test_no_field_holds_the_name_of_a_victim(text: str, names: tuple[str, ...]) -> None:
    article = an_article(a_run(), a_source("north"), "x", text)
    coded = without_private_names(CodedArticle(article, code_article(article, "SY")))
    assert coded.mentions
    for mention in coded.mentions:
        found = columns(mention)
        assert not [name for name in names if name in found], found
        assert (
            mention.evidence
            == next(m for m in code_article(article, "SY") if m.mention_id == mention.mention_id).evidence
        )


@pytest.mark.parametrize(
    "phrase",
    [
        "civilians",
        "Syrian government soldiers",
        "Turkish soldiers",
        "two Palestinians",
        "SDF fighters",
        "members of the Islamic State",
        "Hezbollah",
        "residents of Kafr Nabl",
        "Free Officers Movement",
        "Jaysh al-Sharqiya",
        "Residents",
        "a convoy of the United Nations",
        "10-year-old",
        "unidentified gunmen",
        "UN staff",
        "SDF and YPG fighters",
        "CIVILIANS",
        "SYRIAN SOLDIERS",
        "members of HTS",
    ],
)
def test_what_is_no_private_name_stays(phrase: str) -> None:
    assert public_part(phrase) == phrase


@pytest.mark.parametrize(
    ("phrase", "left"),
    [
        ("Khaled", ""),
        ("Mr", ""),
        ("Mr. Samir Younes", ""),
        ("brother Yousef", "brother"),
        ("journalist Omar Khalil", "journalist"),
        ("a farmer named Salim Haddad", "a farmer"),
        ("Salim Haddad, a farmer", "a farmer"),
        ("ISIS commander Abu Ibrahim al-Hashimi", "ISIS commander"),
        ("Samir Younes and Laila Younes", ""),
        ("Colonel Haidar Saleh", "Colonel"),
        ("Samir HADDAD", ""),
        ("NADIA RAHME", ""),
        ("journalist NADIA RAHME", "journalist"),
        ("ISIS commander ABU IBRAHIM", "ISIS commander"),
    ],
)
def test_a_name_goes_and_what_somebody_is_stays(phrase: str, left: str) -> None:
    assert public_part(phrase) == left
    assert public_part(left) == left


def test_in_a_text_all_in_capitals_they_tell_nothing() -> None:
    assert public_part("CATHOLIC BISHOP", shouted=True) == "CATHOLIC BISHOP"


def test_a_known_actor_and_whoever_acts_keep_their_names() -> None:
    article = an_article(a_run(), a_source("north"), "x")
    actors = (
        Actor(Role.INITIATOR, "Ahrar al-Wadi", None, None, "rebel", None),
        Actor(Role.TARGET, "Bashar al-Assad", "sy-president", "President of Syria", "government", "SY"),
        Actor(Role.TARGET, "Nadia Rahme", None, None, "unknown", None),
    )
    mention = replace(a_mention(article), actors=actors, killed=Toll(1, 1, 1, "Nadia Rahme"))
    (told,) = without_private_names(CodedArticle(article, (mention,))).mentions
    assert told.actors[0] == actors[0]
    assert (told.actors[2].name, told.killed.who) == (NAMELESS, NAMELESS)
    assert told.mention_id == mention.mention_id
