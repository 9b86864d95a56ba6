"""The command by which people judge mentions."""

import getpass
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from flows.cli.shared import Demo, Json, deciding, err, out, print_json, progress, quiet_prefect, settings_of
from schemas.errors import FirstdraftError, ReviewError
from schemas.settings import Settings

if TYPE_CHECKING:
    from schemas.review import Correction, Review, ShownMention, Verdict

_KEYS = "[a]ccept, [c]orrect, [r]eject, [s]kip or [q]uit"

Field = Annotated[str, typer.Option(help="Only this field: type, date, place, killed ...")]
Set = Annotated[list[str] | None, typer.Option("--set", help="The right value: killed=14; may be given several times.")]
By = Annotated[str, typer.Option("--by", help="Who judges; your login name where it is not given.")]
Later = Annotated[bool, typer.Option("--later", help="Leave the events as they are until the next run.")]


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
    later: Later = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Judge mentions of low confidence: accept, correct or reject. A verdict outlives every later run and rebuild.

    Example: firstdraft review men_0a1b2c3d4e5f60718293 --set killed=14 --note "the ministry's later figure"
    """
    settings = settings_of(demo_data)
    if accept + reject + bool(correct) + undo + show > 1:
        raise typer.BadParameter("give one of --accept, --reject, --set, --undo and --list")
    if show:
        _list(settings, as_json=as_json)
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


def _asked(*, accept: bool, reject: bool) -> str:
    return "accept" if accept else "reject" if reject else "correct"


def _list(settings: Settings, *, as_json: bool) -> None:
    from tasks.console.review import show_reviews  # noqa: PLC0415
    from tasks.warehouse.decisions.reviews import standing_reviews  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_writer  # noqa: PLC0415

    with open_writer(settings) as con:
        found = standing_reviews(con)
    if as_json:
        print_json([asdict(told.review) | {"mentions": told.mentions} for told in found])
    else:
        show_reviews(out, found)


def _show(settings: Settings, mention_id: str) -> int:
    _shown(settings, mention_id)
    return 0


def _judge(
    settings: Settings, mention_id: str, verdict: str, corrections: Sequence[str], field: str, note: str, by: str
) -> int:
    """Keep the verdicts given as options; how many."""
    from schemas.review import Verdict  # noqa: PLC0415
    from tasks.reviewing.fields import read_correction  # noqa: PLC0415

    mention = _read(settings, mention_id)
    what: list[Correction | str | None] = [read_correction(words, mention) for words in corrections] or [field or None]
    for one in what:
        _keep(settings, mention, Verdict(verdict), one, note, by)
    return len(what)


def _undo(settings: Settings, mention_id: str, field: str | None) -> int:
    from tasks.warehouse.decisions.reviews import undo_review  # noqa: PLC0415

    with deciding(settings, "reviews", removed=True) as (con, tell):
        gone = undo_review(con, mention_id, field, tell)
    _say(f"{len(gone)} verdicts on {mention_id} taken back")
    return len(gone)


def _one_by_one(settings: Settings, field: str, limit: int, below: float, note: str, by: str, *, as_json: bool) -> int:
    """Show what waits, one after the other, and keep what is answered; how many were judged."""
    from tasks.warehouse.decisions.reviews import review_queue, shown_mention  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_writer  # noqa: PLC0415

    with open_writer(settings) as con:
        waiting = [shown_mention(con, found) for found in review_queue(con, below, field, limit)]
    if as_json:
        print_json([asdict(mention) | {"values": dict(mention.values)} for mention in waiting])
        return 0
    if not waiting:
        _say(f"nothing below {below} waits to be judged")
    judged = 0
    for number, mention in enumerate(waiting, 1):
        answer = _ask(settings, mention, f"{number} of {len(waiting)}", (field, note, by))
        if answer == "q":
            break
        judged += answer != "s"
    return judged


def _ask(settings: Settings, mention: "ShownMention", place: str, told: tuple[str, str, str]) -> str:
    """Show one mention until there is an answer; the answer."""
    from schemas.review import Verdict  # noqa: PLC0415
    from tasks.console.review import show_mention  # noqa: PLC0415
    from tasks.reviewing.fields import said  # noqa: PLC0415

    field, note, by = told
    show_mention(out, mention, said(mention), place)
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


def _corrected(settings: Settings, mention: "ShownMention", note: str, by: str) -> bool:
    """Take corrections until an empty line; whether there was one. Then ask whether the rest is right."""
    from schemas.review import Verdict  # noqa: PLC0415
    from tasks.reviewing.fields import read_correction  # noqa: PLC0415

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
    """What is typed; ``default`` for an empty line, ``at_end`` where there is nobody to answer any more."""
    try:
        return str(typer.prompt(question, default=default, show_default=False)).strip()
    except typer.Abort:
        return at_end


def _keep(
    settings: Settings,
    mention: "ShownMention",
    verdict: "Verdict",
    what: "Correction | str | None",
    note: str,
    by: str,
) -> None:
    """Write a verdict to warehouse and ledger, and say what was made of it."""
    from tasks.reviewing.judging import judge  # noqa: PLC0415
    from tasks.warehouse.decisions.reviews import save_review  # noqa: PLC0415

    found: Review = judge(mention, verdict, what, note, by or getpass.getuser(), datetime.now(UTC))
    with deciding(settings, "reviews") as (con, tell):
        save_review(con, found, tell)
    told = what if isinstance(what, str) or what is None else what.told
    _say(f"{verdict.value} {mention.mention_id}{f': {told}' if told else ''}")


def _read(settings: Settings, mention_id: str) -> "ShownMention":
    from tasks.warehouse.decisions.reviews import shown_mention  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_writer  # noqa: PLC0415

    with open_writer(settings) as con:
        return shown_mention(con, mention_id)


def _shown(settings: Settings, mention_id: str) -> None:
    from tasks.console.review import show_mention  # noqa: PLC0415
    from tasks.reviewing.fields import said  # noqa: PLC0415

    mention = _read(settings, mention_id)
    show_mention(out, mention, said(mention))


def _resolve(settings: Settings, *, demo_data: bool, as_json: bool) -> None:
    """Make the events again, so that they show what was just decided."""
    _prefect_for(settings.data_dir if demo_data else None)
    from flows.reviews import resolve_again  # noqa: PLC0415
    from tasks.console.summary import change_sentence  # noqa: PLC0415

    try:
        with progress(as_json):
            summary = resolve_again(settings)
    except FirstdraftError as error:
        told = f"the verdicts are kept; the events follow with the next run ({error})"
        err.print(told, markup=False, highlight=False, soft_wrap=True)
        return
    if not as_json:
        out.print(Text(change_sentence(summary)), soft_wrap=True)


def _prefect_for(demo_dir: Path | None) -> None:
    if demo_dir is None:
        quiet_prefect()
        return
    from flows.environment import prepare_embedded  # noqa: PLC0415

    prepare_embedded(demo_dir / "prefect")


def _say(words: str) -> None:
    out.print(words, markup=False, highlight=False, soft_wrap=True)
