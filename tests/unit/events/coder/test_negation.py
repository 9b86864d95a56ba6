"""What a text says was not done is no report of it."""

from datetime import date

import pytest

from schemas.llm import Pointed
from tasks.events.coder.negation import has_failed, is_undone
from tasks.events.document import Document, Facts, read_document


def facts_and_tellings(text: str, words: str) -> tuple[Facts, list[Pointed]]:
    facts = read_document(Document("art", "ver", None, text, "en", date(2024, 6, 7)))
    starts = [(text.index(word), word) for word in words.split("|")]
    return facts, [Pointed("telling", at, at + len(word), word) for at, word in starts]


@pytest.mark.parametrize(
    ("text", "words", "undone"),
    [
        ("The garrison did not bomb Ariha on Friday.", "bomb", True),
        ("Neither the garrison nor the rebels bombed Ariha on Friday.", "bombed", True),
        ("There was no bombing of Ariha on Friday.", "bombing", True),
        ("The garrison did not launch air strikes on Friday.", "air strikes", True),
        ("Rebels did not launch the attack, a mayor said.", "attack", False),
        ("The garrison refrained from bombing Ariha.", "bombing", True),
        ("A report that jets bombed Ariha is untrue, a mayor said.", "bombed", True),
        ("Soldiers arrested no one in Ariha.", "arrested", True),
        ("Jets bombed Ariha on Friday.", "bombed", False),
        ("Soldiers killed not only rebels but traders.", "killed", False),
        ("The thieves were not arrested until Friday.", "arrested", False),
        ("Nobody was killed when a shell hit a school in Ariha.", "killed|hit", False),
        ("No group claimed the bombing of Ariha.", "bombing", False),
    ],
)
def test_all_words_that_tell_say_that_it_was_not_done(text: str, words: str, *, undone: bool) -> None:
    assert is_undone(*facts_and_tellings(text, words)) is undone


@pytest.mark.parametrize(
    ("text", "words", "failed"),
    [
        ("Rebels stormed Ariha but failed to capture the town.", "stormed|capture", True),
        ("Rebels were unable to capture Ariha.", "capture", True),
        ("Rebels stormed Ariha and captured the town.", "stormed|captured", False),
    ],
)
def test_what_was_tried_in_vain(text: str, words: str, *, failed: bool) -> None:
    assert has_failed(*facts_and_tellings(text, words)) is failed
