"""Who asserts and who denies what."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from tasks.events.claims import find_cause, find_statements, named_speaker
from tasks.events.language.phrases import phrase_with_complements


@pytest.mark.parametrize(
    ("text", "speaker", "stance", "about", "quote"),
    [
        ("A monitor said two men were shot.", "monitor", "asserts", "event", "two men were shot"),
        ("Two men were shot, according to police.", "police", "asserts", "event", "Two men were shot"),
        ("The army denied shelling the town.", "army", "denies", "event", "shelling the town"),
        ("The army rejected the accusation.", "army", "denies", "event", "the accusation"),
        ("The army denied the claims about the rain.", "army", "denies", "cause", "the claims about the rain"),
        ("The army denied the reports about the raid.", "army", "denies", "event", "the reports about the raid"),
        (
            "The Front claimed responsibility for the blast.",
            "Front",
            "claims_responsibility",
            "responsibility",
            "responsibility for the blast",
        ),
        (
            "The army accused the rebels of shelling the town.",
            "army",
            "asserts",
            "responsibility",
            "of shelling the town",
        ),
        (
            "The mayor said they left because of the rain.",
            "mayor",
            "asserts",
            "cause",
            "they left because of the rain",
        ),
    ],
)
def test_a_statement_has_speaker_stance_and_words(
    text: str, speaker: str, stance: str, about: str, quote: str, parsed: Callable[[str], Doc]
) -> None:
    found = [
        (text[s.speaker_start : s.speaker_end], s.stance.value, s.about, text[s.start : s.end])
        for s in find_statements(parsed(text))
    ]
    assert (speaker, stance, about, quote) in found


def test_a_source_is_who_it_was_when_first_named(parsed: Callable[[str], Doc]) -> None:
    text = "A medical source in the town told us two men were shot. The source said that they died."
    speakers = [text[s.speaker_start : s.speaker_end] for s in find_statements(parsed(text))]
    assert speakers[-1] == "medical source"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "The Home Ministry said in a statement two men were shot. Both died, according to the statement.",
            "Home Ministry",
        ),
        (
            "The Relief Desk said in its weekly report two men were shot. Both died, according to the report.",
            "Relief Desk",
        ),
        ("The governor spoke first. Two men were shot, according to a statement by the army.", "army"),
        ("Two men were shot, according to the army's statement.", "army"),
        ("Two men were shot, according to a statement.", "statement"),
        ("The council of the village, which had blamed rebels, met on Monday.", "council of the village"),
        ("The Border Guard said two men were shot. The guard said that they died.", "Border Guard"),
    ],
)
def test_a_document_speaks_for_who_issued_it(text: str, speaker: str, parsed: Callable[[str], Doc]) -> None:
    speakers = [text[s.speaker_start : s.speaker_end] for s in find_statements(parsed(text))]
    assert speakers[-1] == speaker


def test_a_small_word_is_no_speaker_and_a_short_name_the_first_full_one(parsed: Callable[[str], Doc]) -> None:
    text = "The Home Ministry spoke of it. The ministry called the reports baseless."
    doc, short, small = parsed(text), text.index("ministry"), text.index("of")
    assert named_speaker(doc, short, short + 8) == (4, 17)
    assert named_speaker(doc, small, small + 2) is None


def test_what_an_earlier_version_said_nobody_asserts(parsed: Callable[[str], Doc]) -> None:
    text = "Correction: an earlier version of this report said that two men were shot."
    assert find_statements(parsed(text)) == ()


def test_a_cause_is_quoted_without_the_clauses_on_it(parsed: Callable[[str], Doc]) -> None:
    text = "The army left the town due to losses in men and arms that it suffered."
    noun = find_cause(parsed(text), 0, len(text))
    assert noun is not None
    start, end = phrase_with_complements(noun)
    assert text[start:end] == "losses in men and arms"
