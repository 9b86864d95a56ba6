"""The command over what was erased and must not come back."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.cli.shared import Demo, Json, deciding, err, out, print_json, settings_of
from schemas.settings import Settings


def suppress(
    what: Annotated[str | None, typer.Argument(help="A URL, or the SHA-256 of a body.")] = None,
    reason: Annotated[str, typer.Option(help="Why, in words; kept with the entry.")] = "",
    show: Annotated[bool, typer.Option("--list", help="List what is suppressed.")] = False,
    lift: Annotated[bool, typer.Option("--lift", help="Take it off the list.")] = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Never fetch a URL, or keep a body, again: for pages that had to be erased.

    Example: firstdraft suppress https://example.org/2024/a-name --reason "order of 2024-05-01, a minor is named"
    """
    settings = settings_of(demo_data)
    if show or what is None:
        _list(settings, as_json=as_json)
    elif lift:
        _lift(settings, key_of(what))
    else:
        _suppress(settings, key_of(what), reason)


def _list(settings: Settings, *, as_json: bool) -> None:
    from tasks.console.render import show_rows  # noqa: PLC0415
    from tasks.warehouse.decisions.suppressions import suppressions  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_reader  # noqa: PLC0415

    with open_reader(settings) as con:
        found = suppressions(con)
    columns = ("kind", "value", "reason", "suppressed_at")
    rows = [(entry.kind.value, entry.value, entry.reason, entry.suppressed_at) for entry in found]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        show_rows(out, columns, rows)


def _suppress(settings: Settings, value: str, reason: str) -> None:
    from tasks.warehouse.decisions.suppressions import held_captures, suppress  # noqa: PLC0415
    from tasks.warehouse.publish.snapshot import publish  # noqa: PLC0415

    if not reason.strip():
        raise typer.BadParameter("say why with --reason: whoever meets the entry in a year has nothing else")
    with deciding(settings, "suppressions") as (con, tell):
        fresh = suppress(con, value, reason.strip(), datetime.now(UTC), tell)
        held = held_captures(con, value)
    publish(settings)
    out.print(f"{value} is suppressed{'' if fresh else ' already'}", markup=False, highlight=False, soft_wrap=True)
    if held:
        told = f"{held} captures of it are held all the same: suppressing forbids, `firstdraft forget` erases"
        err.print(told, style="yellow", markup=False, highlight=False, soft_wrap=True)


def _lift(settings: Settings, value: str) -> None:
    from tasks.warehouse.decisions.suppressions import lift  # noqa: PLC0415
    from tasks.warehouse.publish.snapshot import publish  # noqa: PLC0415

    with deciding(settings, "suppressions", removed=True) as (con, tell):
        lift(con, value, tell)
    publish(settings)
    out.print(f"{value} is suppressed no more", markup=False, highlight=False, soft_wrap=True)


def key_of(what: str, also: str = "") -> str:
    """The SHA-256 as we write it, or the canonical URL. Raises :class:`typer.BadParameter` for what is neither.

    ``also`` says what else the command would have taken.
    """
    from tasks.warehouse.decisions.suppressions import is_sha256  # noqa: PLC0415
    from tasks.web.urls.canonical import canonical_url  # noqa: PLC0415

    words = what.strip()
    if is_sha256(words.lower()):
        return words.lower()
    key = canonical_url(words)
    if key is None:
        raise typer.BadParameter(f"{what} is neither the URL of a page nor a SHA-256{also}")
    return key
