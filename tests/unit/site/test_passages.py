"""The sentence in its context is the article's characters, whatever is marked in it."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.site.wording.passages import passage, pieces

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(["killed", "place", "date"])))


@given(text=st.text(max_size=40), spans=SPANS)
def test_pieces_are_the_text(text: str, spans: list[tuple[int, int, str]]) -> None:
    found = pieces(text, [(min(a, b), max(a, b), field) for a, b, field in spans])
    assert "".join(piece.text for piece in found) == text


def _report(text: str, start: int, stop: int, evidence: list[dict[str, object]]) -> dict[str, object]:
    base = max(start - 320, 0)
    return {
        "context": text[base : stop + 320],
        "context_start": base,
        "sentence_start": start,
        "sentence_end": stop,
        "text_length": len(text),
        "evidence": evidence,
    }


@given(before=st.integers(0, 200), after=st.integers(0, 200))
def test_a_passage_is_a_stretch_of_the_text(before: int, after: int) -> None:
    text = "word " * before + "Four men died." + " more" * after
    start = 5 * before
    read = passage(_report(text, start, start + 14, []))
    sentence = "".join(piece.text for piece in read.sentence)
    assert sentence == "Four men died."
    assert read.before + sentence + read.after in text
    assert read.cut_before == (start > 320)
    assert not read.before or read.before.startswith("word")


def test_evidence_from_elsewhere_is_kept_apart() -> None:
    text = "RIVERTON, Monday. Four men died."
    evidence: list[dict[str, object]] = [
        {"field": "date", "start": 10, "stop": 16},
        {"field": "killed", "start": 18, "stop": 22},
        {"field": "claim", "start": 18, "stop": 32},
    ]
    read = passage(_report(text, 18, 32, evidence))
    assert [item["field"] for item in read.elsewhere] == ["date"]
    assert [(piece.text, piece.label) for piece in read.sentence] == [("Four", "killed"), (" men died.", "")]
