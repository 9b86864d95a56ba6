"""What is parsed, and that looked-up word forms are those of the language model itself."""

from collections.abc import Callable

from spacy.tokens import Doc

from tasks.events.language.sentences import load_model, parse, split_sentences
from tasks.events.prefilter import forms, may_hold_trigger, worth_parsing

_PLAIN = "The minister opened a library. It has three floors. Children like the garden."


def test_hits_their_neighbours_and_the_lead_are_parsed() -> None:
    text = f"{_PLAIN} {_PLAIN} Gunmen shot a farmer dead. He was 40. The rain went on. It was cold."
    sentences = split_sentences(text)
    hit = next(s.index for s in sentences if "shot" in text[s.start : s.end])
    assert worth_parsing(text, sentences) == {0, 1, hit - 1, hit, hit + 1}
    assert worth_parsing(_PLAIN, split_sentences(_PLAIN)) == frozenset()


def test_who_is_accused_later_is_parsed_too() -> None:
    text = f"Gunmen shot a farmer dead. {_PLAIN} Police blamed a gang for it."
    sentences = split_sentences(text)
    assert sentences[-1].index in worth_parsing(text, sentences)


def test_a_word_is_every_form_it_may_be() -> None:
    assert {"shoot", "shot"} <= forms("shot")
    assert "stab" in forms("stabbed")
    assert "gunman" in forms("gunmen")
    assert not may_hold_trigger("The cook baked bread.")


def test_sentences_left_out_keep_their_words_and_bounds() -> None:
    text = "The army left. Nobody died when it did. It rained."
    sentences = split_sentences(text)
    doc = parse(text, sentences, {1})
    assert doc.text == text
    assert [s.text.strip() for s in doc.sents] == [text[s.start : s.end] for s in sentences]
    assert [bool(token.tag_) for token in doc if token.text in ("army", "died", "rained")] == [False, True, False]


def test_word_forms_are_the_models_own(parsed: Callable[[str], Doc]) -> None:
    text = "There were two soldiers who hadn't fled; the rebels' bombs have been killing people, he said."
    ours = parsed(text)
    theirs = load_model()(text)
    same = [
        (a.pos_, a.lemma_, str(a.morph)) == (b.pos_, b.lemma_, str(b.morph))
        for a, b in zip(ours, theirs, strict=True)
        if (a.tag_, a.dep_) == (b.tag_, b.dep_)
    ]
    assert len(same) > 15
    assert all(same)
