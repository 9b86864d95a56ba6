"""The commands over gazetteers: country dumps of GeoNames, for the villages."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.shared import Demo, Json, deciding, err, out, print_json, settings_of

gazetteer_app = typer.Typer(help="Country files of GeoNames: every village, for reading where something happened.")


@gazetteer_app.command()
def add(
    dump: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="SY.zip or SY.txt of GeoNames.")],
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Take in a country dump from https://download.geonames.org/export/dump/; it takes the place of the one before.

    Example: firstdraft gazetteer add SY.zip
    """
    from tasks.console.bars import byte_bar  # noqa: PLC0415
    from tasks.reference.gazetteer_dumps import activate  # noqa: PLC0415
    from tasks.reference.gazetteer_intake import take_in  # noqa: PLC0415
    from tasks.reference.places import GEONAMES_ATTRIBUTION  # noqa: PLC0415
    from tasks.warehouse.decisions.gazetteers import save_gazetteer  # noqa: PLC0415

    settings = settings_of(demo_data)
    with byte_bar(err if as_json else out, "gazetteer"):
        taken = take_in(dump, settings.gazetteers_dir)
    told = {name: value for name, value in asdict(taken).items() if name != "examples"}
    row = told | {"file": taken.file_name, "licence": GEONAMES_ATTRIBUTION, "added_at": datetime.now(UTC)}
    with deciding(settings, "gazetteers") as (con, tell):
        save_gazetteer(con, row, tell)
        activate(settings.gazetteers_dir, taken.country, taken.file_name)
    if as_json:
        print_json(row | {"examples": taken.examples})
        return
    _say(f"{taken.country}: {taken.places:,} places under {taken.names:,} names; {taken.skipped:,} lines passed over")
    if taken.bad:
        _warn(f"{taken.bad:,} bad lines left out: {'; '.join(taken.examples)}")
    _say("Pages are read with it from now on; `firstdraft reprocess` reads those that are stored again.")
    _say(GEONAMES_ATTRIBUTION)


@gazetteer_app.command("list")
def list_added(as_json: Json = False, demo_data: Demo = False) -> None:
    """List the gazetteers in use.

    Example: firstdraft gazetteer list
    """
    from tasks.console.render import show_rows  # noqa: PLC0415
    from tasks.warehouse.decisions.gazetteers import gazetteers  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_writer  # noqa: PLC0415

    with open_writer(settings_of(demo_data)) as con:
        found = [asdict(added) for added in gazetteers(con)]
    if as_json:
        print_json(found)
        return
    columns = ("country", "places", "names", "bad", "dumped_on", "added_at", "file")
    show_rows(out, columns, [tuple(row[column] for column in columns) for row in found])


@gazetteer_app.command()
def remove(
    country: Annotated[str, typer.Argument(help="ISO 3166 code, as in SY.")],
    delete: Annotated[bool, typer.Option("--delete", help="Delete the index as well.")] = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Use a country's gazetteer no more. Its index stays, so that a rebuild reads as it was read then.

    Example: firstdraft gazetteer remove SY
    """
    from tasks.reference.gazetteer_dumps import activate  # noqa: PLC0415
    from tasks.warehouse.decisions.gazetteers import forget_gazetteer  # noqa: PLC0415

    settings, code = settings_of(demo_data), country.upper()
    with deciding(settings, "gazetteers", removed=True) as (con, tell):
        if not forget_gazetteer(con, code, tell):
            raise typer.BadParameter(f"{code} has none; `firstdraft gazetteer list` shows which have")
        activate(settings.gazetteers_dir, code, None)
    kept = sorted(settings.gazetteers_dir.glob(f"{code}-*.sqlite"))
    for file in kept if delete else ():
        file.unlink()
    if as_json:
        print_json({"country": code, "kept": [] if delete else kept, "deleted": kept if delete else []})
        return
    _say(f"{code}: no longer used" + (f"; kept: {', '.join(map(str, kept))}" if kept and not delete else ""))


def _say(words: str) -> None:
    out.print(words, markup=False, highlight=False, soft_wrap=True)


def _warn(words: str) -> None:
    err.print(words, style="yellow", markup=False, highlight=False, soft_wrap=True)
