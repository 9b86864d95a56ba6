"""Where sentences begin and end, and one model for all threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.events.language.sentences import load_model, parse, split_sentences


def _parts(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("They fled. Nobody died.", ["They fled.", "Nobody died."]),
        ("On Dec. 4 they left. Gen. Omar stayed.", ["On Dec. 4 they left.", "Gen. Omar stayed."]),
        ("The U.S. army left. It was No. 3 of the list.", ["The U.S. army left.", "It was No. 3 of the list."]),
        ("He said no. The army left.", ["He said no.", "The army left."]),
        ("A title without a stop\nThe text.", ["A title without a stop", "The text."]),
        ('He said "we left." Then silence.', ['He said "we left."', "Then silence."]),
        ("MOSUL, Iraq (Agency) – The army left.", ["MOSUL, Iraq (Agency) –", "The army left."]),
        ("(Agency) The army left.", ["(Agency)", "The army left."]),
        ("4 May 2016 The army left.", ["4 May 2016", "The army left."]),
        ("The Front (FFX) left.", ["The Front (FFX) left."]),
        ("   ", []),
    ],
)
def test_sentences_end_where_they_end(text: str, parts: list[str]) -> None:
    assert _parts(text) == parts


@given(st.text(alphabet="aB. \n\"'!?4(–)", max_size=60))
def test_sentences_cover_every_word_in_order_without_overlap(text: str) -> None:
    sentences = split_sentences(text)
    assert [s.index for s in sentences] == list(range(len(sentences)))
    edges = [edge for s in sentences for edge in (s.start, s.end)]
    assert edges == sorted(edges)
    covered = {i for s in sentences for i in range(s.start, s.end)}
    assert all(char.isspace() for i, char in enumerate(text) if i not in covered)


def test_a_parse_keeps_the_sentences_and_the_characters() -> None:
    text = "The army left. Nobody died when it did, a source said."
    doc = parse(text, split_sentences(text))
    assert doc.text == text
    assert [sentence.text.strip() for sentence in doc.sents] == _parts(text)


def test_threads_share_one_model_and_get_the_same_parse() -> None:
    text = "Rebels attacked the town on Monday. Two soldiers died."
    with ThreadPoolExecutor(4) as pool:
        parses = list(pool.map(lambda _: [t.dep_ for t in parse(text, split_sentences(text))], range(8)))
        models = set(map(id, pool.map(lambda _: load_model(), range(8))))
    assert len(models) == 1
    assert all(deps == parses[0] for deps in parses)
