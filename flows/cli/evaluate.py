"""The command that says how good the reading is: against gold, or against people's verdicts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table

from flows.cli.shared import Demo, Json, err, out, print_json, settings_of
from schemas.settings import Settings

if TYPE_CHECKING:
    from schemas.evaluation import Evaluation

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
        _reviews(settings, as_json=as_json)
    else:
        _gold(settings, Path(gold), form, limit, as_json=as_json)


def _gold(settings: Settings, file: Path, form: str | None, limit: int | None, *, as_json: bool) -> None:
    from tasks.care.evaluate import evaluate as score  # noqa: PLC0415
    from tasks.console.bars import count_bar  # noqa: PLC0415
    from tasks.evaluation.gold import Format, format_of, read_gold  # noqa: PLC0415

    if form is not None and form not in set(Format):
        raise typer.BadParameter(f"--format {form}: one of {', '.join(Format)}")
    rows = read_gold(file, limit)
    found = Format(form) if form else format_of(rows)
    with count_bar(err if as_json else out, "evaluate"):
        scored = score(rows, found, settings)
    if as_json:
        told = {"format": found.value, "documents": scored.documents, "failed": scored.failed}
        print_json(told | {"figures": dict(scored.figures)})
    else:
        _show(file.name, found.value, scored)


def _show(name: str, form: str, scored: "Evaluation") -> None:
    broken = f", {scored.failed} broke the coder" if scored.failed else ""
    out.print(f"{name}: {scored.documents} documents of format {form}{broken}; per cent", highlight=False)
    table = Table("measure", "precision", "recall", "F1", box=box.SIMPLE_HEAD)
    for measure, figure in scored.figures.items():
        if isinstance(figure, float):
            table.add_row(measure, "", "", f"{figure:.1f}")
        else:
            table.add_row(measure, *(f"{figure[part]:.1f}" for part in ("p", "r", "f")))
    out.print(table)


def _reviews(settings: Settings, *, as_json: bool) -> None:
    from tasks.care.evaluate import evaluate_reviews  # noqa: PLC0415

    found = evaluate_reviews(settings)
    columns = ("coder", "field", "right", "judged", "share", "low", "high")
    rows = [(p.coder, p.field, p.right, p.judged, round(p.share, 3), round(p.low, 3), round(p.high, 3)) for p in found]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    table = Table("coder", "field", "right", "judged", "precision", "95 % interval", box=box.SIMPLE_HEAD)
    for coder, field, right, judged, share, low, high in rows:
        table.add_row(coder, field, str(right), str(judged), f"{share:.0%}", f"{low:.0%} to {high:.0%}")
    out.print(table if rows else "nobody has judged a mention yet: firstdraft review", highlight=False)
