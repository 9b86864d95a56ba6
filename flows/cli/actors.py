"""Commands about actors: the names no seed knows, and new ones written into seeds."""

from typing import Annotated

import typer

from flows.cli.shared import Demo, Json, out, print_json, say, settings_of
from tasks.console.render import show_rows
from tasks.reference.actor_entries import ActorId, add_actor
from tasks.reference.actors import Actor
from tasks.reference.seeds import validated
from tasks.warehouse.store.connect import open_reader
from tasks.warehouse.store.queries import query

actors_app = typer.Typer(
    invoke_without_command=True,
)


@actors_app.callback()
def list_unknown(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """List the names of sides that no actor of the seeds has, the most frequent first.

    Example: firstdraft actors --limit 50
    """
    if context.invoked_subcommand:
        return
    with open_reader(settings_of(demo_data)) as con:
        rows = con.execute(query("unknown_actors"), {"number": limit}).fetchall()
    columns = ("name", "kind", "mentions", "mention_id")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        show_rows(out, columns, rows)


@actors_app.command("add")
def add(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    id: Annotated[str, typer.Argument(metavar="ID", help="Its id for ever: sy-water-shield.")],  # noqa: A002
    name: Annotated[str, typer.Argument(help="The name reports will show.")],
    kind: Annotated[str, typer.Option(help="A kind of seeds/actor_kinds.csv, as rebel.")],
    alias: Annotated[list[str] | None, typer.Option(help="Another name; may be given several times.")] = None,
    country: Annotated[str, typer.Option(help="Its home, ISO 3166 alpha-2.")] = "",
    parent: Annotated[list[str] | None, typer.Option(help="The id of what it belongs to.")] = None,
    start: Annotated[int | None, typer.Option(help="The first year it existed.")] = None,
    end: Annotated[int | None, typer.Option(help="The last one.")] = None,
    wikidata: Annotated[str, typer.Option(help="Its id in Wikidata, as Q38799.")] = "",
    ucdp: Annotated[str, typer.Option(help="Its number in UCDP's actor list.")] = "",
    id_source: Annotated[str, typer.Option(help="Where those ids were read; of Wikidata its page.")] = "",
    as_json: Json = False,
) -> None:
    """Write an actor to your own seeds (FIRSTDRAFT_SEEDS), or to those of this checkout if there are none.

    Example: firstdraft actors add sy-water-shield "Water Shield" --kind rebel --country SY
    """
    values: dict[str, object] = {"id": id, "name": name, "kind": kind, "country": country, "start": start, "end": end}
    values |= {"aliases": "|".join(alias or ()), "parents": "|".join(parent or ())}
    actor = validated(Actor, values, id)
    named = {"wikidata": wikidata, "ucdp": ucdp}
    if ucdp and not id_source:
        raise typer.BadParameter("say with --id-source where UCDP's number was read", param_hint="--ucdp")
    ids = tuple(
        validated(
            ActorId, {"actor": id, "scheme": scheme, "id": value, "source": _source(scheme, value, id_source)}, id
        )
        for scheme, value in named.items()
        if value
    )
    file = add_actor(actor, ids)
    if as_json:
        print_json(actor.model_dump() | {"ids": [actor_id.model_dump() for actor_id in ids], "written_to": str(file)})
        return
    say(f"{id} is in {file}; `firstdraft reprocess --details` reads the stored pages with it")


def _source(scheme: str, value: str, given: str) -> str:
    return given or f"https://www.wikidata.org/wiki/{value}" if scheme == "wikidata" else given
