"""Commands that judge the reading: of one text, of mentions by people, of the coder by gold."""

import getpass
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from flows.cli.shared import (
    Demo,
    Json,
    deciding,
    err,
    out,
    prepare_prefect,
    print_json,
    progress,
    say,
    settings_of,
    tell_stale,
    working,
)
from schemas.errors import FirstdraftError, ReviewError, UnknownIdError
from schemas.evaluation import Evaluation
from schemas.review import Correction, Review, ShownMention, Verdict
from schemas.settings import Settings
from tasks.console.coded import coded_json, show_coded
from tasks.console.progress import count_bar
from tasks.console.review import show_mention, show_reviews
from tasks.console.summary import change_sentence
from tasks.evaluation.gold import Format, format_of, read_gold
from tasks.reviewing.fields import TOLLS, read_correction, said
from tasks.reviewing.judging import judge
from tasks.reviewing.label_studio import config, read_tasks, tasks
from tasks.reviewing.sheet import Judged, Refused, read_sheet, sheet
from tasks.text.page.language import read_language
from tasks.warehouse.decisions.reviews import review_queue, save_review, shown_mention, standing_reviews, undo_review
from tasks.warehouse.store.connect import open_writer

if TYPE_CHECKING:
    import duckdb

Published = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The local day of publication, which words such as Monday count from."),
]
Country = Annotated[str | None, typer.Option(help="The country of the outlet, ISO 3166 alpha-2: a hint for places.")]


def code(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input; its first line may be the title.")],
    published: Published = None,
    country: Country = None,
    as_json: Json = False,
) -> None:
    """Code one text and show every event with the words behind it; nothing is fetched, nothing kept.

    Example: firstdraft code article.txt --published 2023-12-11
    """
    from tasks.events.coder.code import code_text
    from tasks.events.document import Document
    from tasks.events.own_types import refined
    from tasks.events.reader.folder import use_model
    from tasks.events.reader.installed import model_in_use

    use_model(model_in_use(Settings().reader_dir))
    text = _text(file)
    first, _, body = text.partition("\n")
    title = first.strip() if body.strip() else None
    day = published.date() if published else None
    with working("reading"):
        language = read_language(text, None)
        mentions = code_text(Document("art_text", "ver_text", title, text, language, day, country=country))
        mentions = tuple(refined(text, mention) for mention in mentions)
    if as_json:
        print_json(coded_json(mentions))
        return
    if not language.startswith("en"):
        out.print(f"the text is read as {language}; the coder reads English")
    show_coded(out, text, mentions)


def _text(file: str) -> str:
    """The text of a file or of standard input, line ends as the coder knows them."""
    if file == "-":
        return sys.stdin.read().replace("\r\n", "\n")
    path = Path(file)
    if not path.is_file():
        raise typer.BadParameter(f"{file}: no such file")
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{file}: not UTF-8 text ({error.reason}); for a page, save its text") from error


_KEYS = "[a]ccept, [c]orrect, [r]eject, [s]kip or [q]uit"

Field = Annotated[str, typer.Option(help="Only this field: type, date, place, killed ...")]
Set = Annotated[list[str] | None, typer.Option("--set", help="The right value: killed=14; may be given several times.")]
By = Annotated[str, typer.Option("--by", help="Who judges; your login name where it is not given.")]
Later = Annotated[bool, typer.Option("--later", help="Leave the events as they are until the next run.")]


class ExportAs(StrEnum):
    """What a review is exported as."""

    LABEL_STUDIO = "label-studio"
    CSV = "csv"


def review(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    mention: Annotated[str | None, typer.Argument(help="A mention's id; without it, those of low confidence.")] = None,
    field: Field = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    below: Annotated[float, typer.Option(min=0, max=1.01, help="Confidence below which a mention is shown.")] = 0.5,
    accept: Annotated[bool, typer.Option("--accept", help="It is as read.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="The text tells of no such event.")] = False,
    correct: Set = None,
    note: Annotated[str, typer.Option(help="Why, in words; kept with the verdict.")] = "",
    by: By = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take verdicts on the mention back.")] = False,
    show: Annotated[bool, typer.Option("--list", help="List the verdicts there are.")] = False,
    export: Annotated[
        ExportAs | None, typer.Option("--export", help="Write what waits as tasks of Label Studio, or as a sheet.")
    ] = None,
    take: Annotated[
        Path | None, typer.Option("--import", exists=True, dir_okay=False, help="A sheet or tasks that came back.")
    ] = None,
    later: Later = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Judge mentions of low confidence: accept, correct or reject. A verdict outlives every later run and rebuild.

    Example: firstdraft review men_0a1b2c3d4e5f60718293 --set killed=14 --note "the ministry's later figure"
    """
    settings = settings_of(demo_data)
    if accept + reject + bool(correct) + undo + show + bool(export) + bool(take) > 1:
        raise typer.BadParameter("give one of --accept, --reject, --set, --undo, --list, --export and --import")
    if export or take or show:
        done = _many(settings, export, take, (field, below, limit), by, as_json=as_json)
        if done and not later:
            _resolve(settings, demo_data=demo_data, as_json=as_json)
        return
    if mention is None and (accept or reject or correct or undo):
        raise typer.BadParameter("name the mention")
    if mention is None:
        done = _one_by_one(settings, field, limit, below, note, by, as_json=as_json)
    elif undo:
        done = _undo(settings, mention, field or None)
    elif accept or reject or correct:
        done = _judge(settings, mention, _asked(accept=accept, reject=reject), correct or [], field, note, by)
    else:
        done = _show(settings, mention)
    if done and not later:
        _resolve(settings, demo_data=demo_data, as_json=as_json)


def _many(
    settings: Settings,
    export: ExportAs | None,
    take: Path | None,
    selection: tuple[str, float, int],
    by: str,
    *,
    as_json: bool,
) -> int:
    """What is done with many mentions at once: export, import, list; how many verdicts were kept."""
    if export is not None:
        _export(settings, export, selection)
        return 0
    if take is not None:
        return _take(settings, take, by, as_json=as_json)
    _list(settings, as_json=as_json)
    return 0


def _export(settings: Settings, form: ExportAs, selection: tuple[str, float, int]) -> None:
    """Print what waits to be judged, for a browser or a spreadsheet; where to put it is told beside."""
    field, below, limit = selection
    with open_writer(settings) as con:
        waiting = [shown_mention(con, mention_id) for mention_id in review_queue(con, below, field, limit)]
    out.file.write(sheet(waiting) if form is ExportAs.CSV else tasks(waiting))
    message = f"{len(waiting)} mentions below {below}"
    if form is ExportAs.LABEL_STUDIO:
        message += f"; the project's labelling interface is:\n{config()}"
    err.print(message, markup=False, highlight=False, soft_wrap=True)


def _take(settings: Settings, path: Path, by: str, *, as_json: bool) -> int:
    """Keep what a sheet or tasks decide; how many verdicts. What does not fit is named, and nothing of it is kept."""
    text = path.read_text(encoding="utf-8")
    with open_writer(settings) as con:
        find = partial(_found, con)
        if path.suffix.lower() == ".csv":
            judged = [(decided, by or getpass.getuser()) for decided in read_sheet(text, find)]
        else:
            judged = [(decided, by or who) for decided, who in read_tasks(text, find, _read_words)]
    accepted = [(decided, who) for decided, who in judged if isinstance(decided, Judged)]
    refused = [decided for decided, _ in judged if isinstance(decided, Refused)]
    with deciding(settings, "reviews") as (con, record):
        for decided, who in accepted:
            save_review(
                con, judge(decided.mention, decided.verdict, decided.what, decided.note, who, datetime.now(UTC)), record
            )
    if as_json:
        print_json({"kept": len(accepted), "refused": [asdict(decided) for decided in refused]})
        return len(accepted)
    say(f"{len(accepted)} verdicts kept, {len(refused)} rows refused")
    for row in refused:
        say(f"  {row.mention_id}: {row.why}")
    return len(accepted)


def _found(con: "duckdb.DuckDBPyConnection", mention_id: str) -> ShownMention | None:
    try:
        return shown_mention(con, mention_id)
    except UnknownIdError:
        return None


def _read_words(field: str, words: str) -> str | None:
    """The value marked words give a field of counts: one number."""
    from tasks.events.language.numbers import find_numbers

    numbers = find_numbers(words) if field in TOLLS else ()
    if len(numbers) != 1 or (numbers[0].best is None and numbers[0].low is None):
        return None
    number = numbers[0]
    low = number.best if number.low is None else number.low
    return f"{low}-{number.high}" if number.high is not None and number.high != low else str(low)


def _asked(*, accept: bool, reject: bool) -> str:
    return "accept" if accept else "reject" if reject else "correct"


def _list(settings: Settings, *, as_json: bool) -> None:

    with open_writer(settings) as con:
        reviews = standing_reviews(con)
    if as_json:
        print_json([asdict(standing.review) | {"mentions": standing.mentions} for standing in reviews])
    else:
        show_reviews(out, reviews)


def _show(settings: Settings, mention_id: str) -> int:
    _shown(settings, mention_id)
    return 0


def _judge(
    settings: Settings, mention_id: str, verdict: str, corrections: Sequence[str], field: str, note: str, by: str
) -> int:
    """Keep the verdicts given as options; how many."""
    mention = _read(settings, mention_id)
    what: list[Correction | str | None] = [read_correction(words, mention) for words in corrections] or [field or None]
    for part in what:
        _keep(settings, mention, Verdict(verdict), part, note, by)
    return len(what)


def _undo(settings: Settings, mention_id: str, field: str | None) -> int:

    with deciding(settings, "reviews", removed=True) as (con, record):
        gone = undo_review(con, mention_id, field, record)
    say(f"{len(gone)} verdicts on {mention_id} taken back")
    return len(gone)


def _one_by_one(settings: Settings, field: str, limit: int, below: float, note: str, by: str, *, as_json: bool) -> int:
    """Show what waits, one after the other, and keep what is answered; how many were judged."""
    with open_writer(settings) as con:
        waiting = [shown_mention(con, queued) for queued in review_queue(con, below, field, limit)]
    if as_json:
        print_json([asdict(mention) | {"values": dict(mention.values)} for mention in waiting])
        return 0
    if not waiting:
        say(f"nothing below {below} waits to be judged")
    judged = 0
    for number, mention in enumerate(waiting, 1):
        answer = _ask(settings, mention, f"{number} of {len(waiting)}", (field, note, by))
        if answer == "q":
            break
        judged += answer != "s"
    return judged


def _ask(settings: Settings, mention: ShownMention, position: str, defaults: tuple[str, str, str]) -> str:
    """Show one mention until there is an answer; the answer."""
    field, note, by = defaults
    show_mention(out, mention, said(mention), position)
    while True:
        answer = _prompt(_KEYS, "s", at_end="q").lower()[:1]
        match answer:
            case "s" | "q":
                return answer
            case "a":
                _keep(settings, mention, Verdict.ACCEPT, field or None, note, by)
                return answer
            case "r":
                why = note or _prompt("why")
                _keep(settings, mention, Verdict.REJECT, None, why, by)
                return answer
            case "c" if _corrected(settings, mention, note, by):
                return answer


def _corrected(settings: Settings, mention: ShownMention, note: str, by: str) -> bool:
    """Take corrections until an empty line; whether there was one. Then ask whether the rest is right."""
    some = False
    while words := _prompt("field=value, empty when done"):
        try:
            correction = read_correction(words, mention)
        except ReviewError as error:
            err.print(str(error), style="red", markup=False, highlight=False)
            continue
        _keep(settings, mention, Verdict.CORRECT, correction, note, by)
        some = True
    if some and _prompt("is the rest as read? [y/N]").lower().startswith("y"):
        _keep(settings, mention, Verdict.ACCEPT, None, note, by)
    return some


def _prompt(question: str, default: str = "", *, at_end: str = "") -> str:
    """What is typed; ``default`` for an empty line, ``at_end`` if there is nobody to answer any more."""
    try:
        return str(typer.prompt(question, default=default, show_default=False)).strip()
    except typer.Abort:
        return at_end


def _keep(
    settings: Settings,
    mention: ShownMention,
    verdict: Verdict,
    what: "Correction | str | None",
    note: str,
    by: str,
) -> None:
    """Write a verdict to warehouse and ledger, and say what was made of it."""
    review: Review = judge(mention, verdict, what, note, by or getpass.getuser(), datetime.now(UTC))
    with deciding(settings, "reviews") as (con, record):
        save_review(con, review, record)
    correction = what if isinstance(what, str) or what is None else what.told
    say(f"{verdict.value} {mention.mention_id}{f': {correction}' if correction else ''}")


def _read(settings: Settings, mention_id: str) -> ShownMention:

    with open_writer(settings) as con:
        return shown_mention(con, mention_id)


def _shown(settings: Settings, mention_id: str) -> None:

    mention = _read(settings, mention_id)
    show_mention(out, mention, said(mention))


def _resolve(settings: Settings, *, demo_data: bool, as_json: bool) -> None:
    """Make the events again, so that they show what was just decided."""
    from flows.reviews import resolve_again

    try:
        with progress(as_json):
            summary = resolve_again(settings, partial(prepare_prefect, settings.data_dir if demo_data else None))
    except FirstdraftError as error:
        message = f"the verdicts are kept; the events follow with the next run ({error})"
        err.print(message, markup=False, highlight=False, soft_wrap=True)
        return
    if not as_json:
        out.print(Text(change_sentence(summary)), soft_wrap=True)
        tell_stale(settings)


_REVIEWS = "reviews"


Form = Annotated[str | None, typer.Option("--format", help="The format, where the file does not show it: see docs.")]


def evaluate(
    gold: Annotated[str, typer.Argument(help="A gold file (.jsonl), or the word reviews for people's verdicts.")],
    form: Form = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many documents, the first ones.")] = None,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Score the coder on a gold file, or by the verdicts of `firstdraft review`. Needs no network and no Prefect.

    Example: firstdraft evaluate reviews
    """
    settings = settings_of(demo_data)
    if gold == _REVIEWS:
        _by_reviews(settings, as_json=as_json)
    else:
        _by_gold(settings, Path(gold), form, limit, as_json=as_json)


def _by_gold(settings: Settings, file: Path, form: str | None, limit: int | None, *, as_json: bool) -> None:
    from tasks.care.evaluate import evaluate as score

    if form is not None and form not in set(Format):
        raise typer.BadParameter(f"--format {form}: one of {', '.join(Format)}")
    rows = read_gold(file, limit)
    gold_format = Format(form) if form else format_of(rows)
    with count_bar(err if as_json else out, "evaluate"):
        scored = score(rows, gold_format, settings)
    if as_json:
        fields = {"format": gold_format.value, "documents": scored.documents, "failed": scored.failed}
        print_json(fields | {"figures": dict(scored.figures)})
    else:
        _show_scores(file.name, gold_format.value, scored)


def _show_scores(name: str, form: str, scored: Evaluation) -> None:
    broken = f", {scored.failed} broke the coder" if scored.failed else ""
    out.print(f"{name}: {scored.documents} documents of format {form}{broken}; per cent", highlight=False)
    table = Table("measure", "precision", "recall", "F1", box=box.SIMPLE_HEAD)
    for measure, figure in scored.figures.items():
        if isinstance(figure, float):
            table.add_row(measure, "", "", f"{figure:.1f}")
        else:
            table.add_row(measure, *(f"{figure[part]:.1f}" for part in ("p", "r", "f")))
    out.print(table)


def _by_reviews(settings: Settings, *, as_json: bool) -> None:
    from tasks.care.evaluate import evaluate_reviews

    precisions = evaluate_reviews(settings)
    columns = ("coder", "field", "right", "judged", "share", "low", "high")
    rows = [
        (p.coder, p.field, p.right, p.judged, round(p.share, 3), round(p.low, 3), round(p.high, 3)) for p in precisions
    ]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    table = Table("coder", "field", "right", "judged", "precision", "95 % interval", box=box.SIMPLE_HEAD)
    for coder, field, right, judged, share, low, high in rows:
        table.add_row(coder, field, str(right), str(judged), f"{share:.0%}", f"{low:.0%} to {high:.0%}")
    out.print(table if rows else "nobody has judged a mention yet: firstdraft review", highlight=False)


def teach(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Teach and measure, and change nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Take the new model whatever the figures say.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Read with the model before this one again.")] = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Teach the reader what people judged here; it takes over if it is no worse on judged articles held back.

    Needs torch: `uv sync --group train`. Example: firstdraft teach --dry-run
    """
    from tasks.care import teach as teaching
    from tasks.console.review import lesson_json, show_lesson

    settings = settings_of(demo_data)
    if undo and (dry_run or force):
        raise typer.BadParameter("give --undo alone")
    if undo:
        previous, now = teaching.undo(settings)
        if as_json:
            print_json({"left": previous, "in_use": now})
            return
        say(f"model {previous} is left; {now} is in use from the next page on")
        return
    with working("teaching"):
        lesson = teaching.teach(settings, dry_run=dry_run, force=force)
    if as_json:
        print_json(lesson_json(lesson))
    else:
        show_lesson(out, lesson, measured_only=dry_run)
