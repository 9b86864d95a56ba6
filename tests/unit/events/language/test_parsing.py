"""What is parsed, and that looked-up word forms are those of the language model itself."""

from collections.abc import Callable

from spacy.tokens import Doc

from tasks.events.language.sentences import load_model, parse, split_sentences


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
