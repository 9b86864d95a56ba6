"""Teach: the reader's heads go on learning from what people judged here, and take over if they got no worse."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from schemas.errors import TeachError
from schemas.lesson import JudgedArticle, Lesson, Measured
from schemas.settings import Settings
from tasks.events.coder.again import sentence_spans
from tasks.events.reader.folder import SHIPPED, model_folder, model_hash, use_model
from tasks.events.reader.installed import TOLD, go_back, hash_of, model_in_use, take
from tasks.events.teaching.examples import Example, fold_of
from tasks.events.teaching.judged import judged_example, pointed_example
from tasks.events.teaching.measure import PARTS, measured
from tasks.llm.accept import accepted
from tasks.llm.reply import BadReplyError
from tasks.warehouse.decisions.lessons import judged_articles, replies_to_learn
from tasks.warehouse.store.connect import hold_lock, open_writer

if TYPE_CHECKING:
    from tasks.events.teaching.learning import Recipe

log = logging.getLogger("firstdraft.teach")

#: One judged article in so many is not learnt from: it says whether the new model is better. Stories are never split.
HELD_BACK = 5
#: With fewer judged mentions held back nothing can be said of a model.
LEAST_HELD = 5
#: Replies of a language model that are learnt from at most, the newest.
SILVER = 400


def teach(
    settings: Settings,
    *,
    dry_run: bool = False,
    force: bool = False,
    recipe: "Recipe | None" = None,
    replayed: int | None = None,
) -> Lesson:
    """Teach the reader what this installation has, and read with the new model from now on if it is no worse.

    ``dry_run`` measures and changes nothing; ``force`` takes the new model whatever the figures say. ``replayed`` is
    how many of our own articles are shown again. Raises :class:`TeachError`.
    """
    _needs_torch()
    with open_writer(settings) as con:
        judged = [article for article in judged_articles(con) if _is_read(article)]
        replies = [pair for pair in replies_to_learn(con, SILVER) if _is_read(pair[0])]
    if not judged:
        raise TeachError("nobody has judged a mention yet: `firstdraft review` shows the least sure ones")
    learnt, held_back = split(judged)
    count = sum(len(article.mentions) for article in held_back)
    if count < LEAST_HELD and not (force or dry_run):
        raise TeachError(
            f"only {count} judged mentions are held back, too few to measure with: judge more articles (about one in "
            f"{HELD_BACK} is held back), or take the new model unmeasured with --force"
        )
    use_model(model_in_use(settings.reader_dir))
    silver = _silver(replies, judged)
    return _lesson(settings, learnt, held_back, silver, (dry_run, force), (recipe, replayed))


def undo(settings: Settings) -> tuple[str, str]:
    """Read with the model before the one in use again; the hashes of the one left and of the one in use now."""
    with hold_lock(settings):
        previous = go_back(settings.reader_dir)
        use_model(model_in_use(settings.reader_dir))
    return previous, model_hash()


def split(judged: Sequence[JudgedArticle]) -> tuple[list[JudgedArticle], list[JudgedArticle]]:
    """The articles to learn from, and those held back to measure with."""
    held_back = [article for article in judged if _is_held(article)]
    return [article for article in judged if not _is_held(article)], held_back


def _is_read(article: JudgedArticle) -> bool:
    """Return True if the reader reads its language."""
    return article.language.startswith("en")


def _is_held(article: JudgedArticle) -> bool:
    return fold_of(article.title or article.article_id, HELD_BACK) == 0


def _silver(replies: Sequence[tuple[JudgedArticle, str]], judged: Sequence[JudgedArticle]) -> list[Example]:
    """What a language model pointed at in articles that nobody judged and whose story is not held back."""
    judged_ids, examples = {article.article_id for article in judged}, []
    for article, reply in replies:
        if article.article_id in judged_ids or _is_held(article):
            continue
        try:
            events, _ = accepted(reply, article.text, sentence_spans(article.text), article.title)
        except BadReplyError:
            continue
        examples.append(pointed_example(article, events))
    return [example for example in examples if example is not None]


def _lesson(
    settings: Settings,
    learnt: Sequence[JudgedArticle],
    held_back: Sequence[JudgedArticle],
    silver: Sequence[Example],
    how: tuple[bool, bool],
    taught_by: "tuple[Recipe | None, int | None]",
) -> Lesson:
    """Teach from some articles and measure on others."""
    from tasks.events.teaching import further  # noqa: PLC0415 - torch, which is not everywhere

    (dry_run, force), (recipe, replayed) = how, taught_by
    began, was = model_folder(), model_hash()
    replay = further.replayed(further.REPLAYED if replayed is None else replayed)
    examples = [example for article in learnt if (example := judged_example(article)) is not None]
    log.info("%d judged articles, %d of a language model, %d of our own", len(examples), len(silver), len(replay))
    heads = further.taught_further([*examples, *silver, *replay], recipe or further.FURTHER)
    settings.reader_dir.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(dir=settings.reader_dir))
    try:
        further.save_further(heads, f"taught further on {len(examples)} judged articles, from {was}", made)
        model = hash_of(made)
        before, after = measured(held_back, began), measured(held_back, made)
        figures = tuple(Measured(part, before[part][0], before[part][1], after[part][1]) for part in PARTS)
        lesson = Lesson(was, model, None, len(examples), len(held_back), len(silver), len(replay), figures, taken=False)
        takes_over = not dry_run and (force or lesson.change >= 0)
        return _taken(settings, lesson, made) if takes_over else lesson
    finally:
        rmtree(made, ignore_errors=True)
        use_model(model_in_use(settings.reader_dir))


def _taken(settings: Settings, lesson: Lesson, made: Path) -> Lesson:
    """The new model in its place and in use; no run is under way meanwhile."""
    folder = settings.reader_dir / lesson.model
    card = {
        "from": lesson.was, "taught_at": datetime.now(UTC).isoformat(timespec="seconds"), "learnt": lesson.learnt,
        "shipped": hash_of(SHIPPED), "held_back": lesson.held_back,
        "silver": lesson.silver, "replayed": lesson.replayed,
        "measured": {part.part: [part.judged, part.before, part.after] for part in lesson.measured},
    }  # fmt: skip
    (made / TOLD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    with hold_lock(settings):
        if not folder.exists():
            made.chmod(0o755)
            made.rename(folder)
        take(settings.reader_dir, lesson.model)
    return replace(lesson, folder=folder, taken=True)


def _needs_torch() -> None:
    if find_spec("torch") is None:
        raise TeachError("teaching needs torch, which is not installed: `uv sync --group train`")
