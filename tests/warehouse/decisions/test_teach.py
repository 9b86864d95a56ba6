"""The verb: it learns from verdicts, measures on others, takes over where it is no worse, and goes back."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from rich.console import Console

from schemas.errors import TeachError
from schemas.lesson import Lesson, Measured
from schemas.review import Verdict
from schemas.settings import Settings
from tasks.care import teach as teaching
from tasks.care.doctor import examine
from tasks.care.teach import HELD_BACK, split, teach, undo
from tasks.console.review import lesson_json, show_lesson
from tasks.events.coder.code import code_article, coder_version
from tasks.events.reader.folder import SHIPPED, model_folder, use_model
from tasks.events.reader.installed import hash_of, model_in_use
from tasks.events.teaching.measure import PARTS
from tasks.reviewing.judging import judge
from tasks.warehouse.decisions.lessons import judged_articles
from tasks.warehouse.decisions.reviews import save_review, shown_mention
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.runs.run_lifecycle import begin
from tasks.warehouse.store.connect import open_writer
from tests.warehouse.build import NOON, a_batch, a_run, a_source, an_article, coded

TEXTS = (
    "Gunmen killed {n} farmers in the village of Ouallam on Wednesday, police said.",
    "A roadside bomb wounded {n} soldiers near Diffa on Thursday, the army said.",
    "Police arrested {n} protesters in Niamey on Friday after a march.",
)


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    use_model(SHIPPED)


@pytest.fixture
def judged(made: Settings) -> Settings:
    """A warehouse of a dozen short articles; every mention the reader found in them was judged."""
    run, source = a_run(), a_source()
    articles = [an_article(run, source, f"story {n}", TEXTS[n % 3].format(n=n + 3)) for n in range(12)]
    with open_writer(made) as con:
        begin(con, run, [source])
        load_batch(con, run, a_batch(source, [coded(one, *code_article(one)) for one in articles if code_article(one)]))
        for number, (mention_id,) in enumerate(con.execute("SELECT mention_id FROM mentions ORDER BY 1").fetchall()):
            mention, which = shown_mention(con, mention_id), Verdict.REJECT if number % 4 == 0 else Verdict.ACCEPT
            save_review(con, judge(mention, which, None, "so it was", "ada", NOON))
    return made


def taught(settings: Settings, **how: bool) -> Lesson:
    """Taught with a recipe of seconds."""
    pytest.importorskip("torch", reason="torch is of the group train, which is not installed")
    from tasks.events.teaching.further import FURTHER  # noqa: PLC0415

    return teach(settings, recipe=replace(FURTHER, epochs=1), replayed=1, **how)


def reader_of(settings: Settings) -> str:
    return next(check.told for check in examine(settings) if check.name == "reader")


def test_a_model_is_taught_measured_taken_used_and_taken_back(judged: Settings) -> None:
    shipped = hash_of(SHIPPED)
    dry = taught(judged, dry_run=True)
    assert (dry.taken, model_in_use(judged.reader_dir)) == (False, SHIPPED)
    assert list(judged.reader_dir.iterdir()) == [], "nothing is left of what was only measured"
    with open_writer(judged) as con:
        learnt, held = split(judged_articles(con))
    assert (dry.learnt, dry.held_back) == (len(learnt), len(held))
    assert {part.part: part.judged for part in dry.measured}["verdict"] == sum(len(one.mentions) for one in held) > 0

    lesson = taught(judged, force=True)
    assert (lesson.was, lesson.model, lesson.taken) == (shipped, dry.model, True), "the same verdicts, the same model"
    assert (
        lesson.folder
        == model_folder()
        == model_in_use(judged.reader_dir)
        == judged.reader_dir.absolute() / lesson.model
    )
    assert coder_version().endswith(f"model {lesson.model}")
    assert f"model {lesson.model}, taught here on {len(learnt)} judged articles from {shipped}" in reader_of(judged)
    again = taught(judged, force=True)
    assert again.was == lesson.model, "it goes on from the model in use"

    assert undo(judged) == (again.model, lesson.model)
    assert undo(judged) == (lesson.model, shipped)
    assert reader_of(judged) == f"the shipped model {shipped}"
    with pytest.raises(TeachError, match="shipped model is in use"):
        undo(judged)


def test_a_model_that_is_worse_does_not_take_over(judged: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = iter([dict.fromkeys(PARTS, (9, 5)), dict.fromkeys(PARTS, (9, 4))])
    monkeypatch.setattr(teaching, "measured", lambda *_: next(figures))
    monkeypatch.setattr(teaching, "LEAST_HELD", 1)
    lesson = taught(judged)
    assert (lesson.taken, lesson.change, model_in_use(judged.reader_dir)) == (False, -6, SHIPPED)


def test_a_story_is_learnt_from_or_held_back_whole(judged: Settings) -> None:
    with open_writer(judged) as con:
        found = judged_articles(con)
    twice = [replace(one, article_id=f"{one.article_id}2", version_id=f"{one.version_id}2") for one in found]
    learnt, held = split([*found, *twice])
    assert {one.title for one in learnt}.isdisjoint(one.title for one in held)
    assert 0 < len(held) < len(found), f"about one in {HELD_BACK}"


def test_what_is_missing_is_said(made: Settings, judged: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "find_spec", lambda _: None)
    with pytest.raises(TeachError, match="uv sync --group train"):
        teach(judged)
    monkeypatch.setattr(teaching, "find_spec", lambda _: "there")
    monkeypatch.setattr(teaching, "LEAST_HELD", 1000)
    with pytest.raises(TeachError, match="too few to measure with"):
        teach(judged)
    with open_writer(made) as con:
        con.execute("DELETE FROM reviews").fetchall()
    with pytest.raises(TeachError, match="firstdraft review"):
        teach(made)


def test_a_lesson_is_shown_and_told_to_machines(capsys: pytest.CaptureFixture[str]) -> None:
    parts = (Measured("sub_type", 8, 4, 6), Measured("date", 0, 0, 0))
    lesson = Lesson("aaa", "bbb", None, 20, 5, 3, 200, parts, taken=False)
    console = Console(width=100)
    show_lesson(console, lesson, measured_only=True)
    shown = capsys.readouterr().out
    (row,) = [line.split() for line in shown.splitlines() if "sub-type" in line]
    assert row == ["sub-type", "8", "4", "(50%)", "6", "(75%)"]
    assert "+2 right in sum: measured only, model aaa stays in use" in shown
    show_lesson(console, replace(lesson, taken=True), measured_only=False)
    assert "model bbb is in use from the next page on" in capsys.readouterr().out
    assert json.loads(json.dumps(lesson_json(lesson)))["change"] == 2
