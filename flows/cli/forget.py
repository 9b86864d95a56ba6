"""The command that erases: for orders of courts, requests of persons, and mistakes."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.shared import Demo, Json, err, out, print_json, progress, quiet_prefect, settings_of, working

if TYPE_CHECKING:
    from schemas.erasure import Erasable, Erasure

Reason = Annotated[str, typer.Option(help="Why, in words; kept with the hash and the date.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_ALSO = ", nor the whole id of a capture or an article: `firstdraft trace` shows them"
Dry = Annotated[bool, typer.Option("--dry-run", help="Show what would go; erase nothing.")]


def forget(
    what: Annotated[str, typer.Argument(help="A URL, or the id of a capture (cap_...) or an article (art_...).")],
    reason: Reason = "",
    yes: Yes = False,
    dry_run: Dry = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Erase a page for good: text, bytes, quotations; its hash, date and the reason stay, and it does not come back.

    Example: firstdraft forget https://example.org/2024/a-name --reason "order of 2024-05-01, a minor is named"
    """
    from flows.cli.suppress import key_of  # noqa: PLC0415
    from tasks.warehouse.care.forgetting import is_id  # noqa: PLC0415

    settings = settings_of(demo_data)
    asked = (
        what
        if is_id(what)
        else key_of(what, ", nor the whole id of a capture or an article: `firstdraft trace` shows them")
    )
    if not dry_run and not reason.strip():
        raise typer.BadParameter("say why with --reason: whoever meets the gap in a year has nothing else")
    if demo_data:
        from flows.environment import prepare_embedded  # noqa: PLC0415

        prepare_embedded(settings.data_dir / "prefect")
    else:
        quiet_prefect()
    from tasks.care.forget import find_erasable  # noqa: PLC0415

    with working("forget"):
        found = find_erasable(asked, settings)
    if dry_run or not yes:
        _show_plan(found, as_json=as_json and dry_run)
    if dry_run:
        return
    if not yes:
        typer.confirm("Erase all of it? Nothing brings it back", abort=True, err=True)
    from flows.forget import forget as flow  # noqa: PLC0415

    with progress(as_json):
        done = flow(asked, reason.strip(), settings)
    if as_json:
        print_json(asdict(done))
    else:
        _show(done)


def _show_plan(found: "Erasable", *, as_json: bool) -> None:
    if as_json:
        told = asdict(found)
        print_json({name: told[name] for name in ("asked", "captures", "urls", "titles", "events", "copies", "files")})
        return
    for capture in found.captures:
        when = f"{capture.captured_at:%Y-%m-%d %H:%M} UTC"
        _say(f"{capture.capture_id} {capture.url} of {when}, {capture.byte_length} bytes, sha256 {capture.sha256[:12]}")
    for title in found.titles:
        _say(f"  “{title}”")
    _say(
        f"{len(found.captures)} captures go, with what feeds repeat of them; {len(found.events)} events are made again"
    )
    for url in found.urls:
        _say(f"not to be fetched again: {url}")
    for name in found.files:
        _say(f"to be removed: {name}, an old copy of the warehouse")
    for article_id in found.copies:
        err.print(
            f"stays: {article_id}, another address with the same story; forget it too if it has to go",
            style="yellow",
            highlight=False,
            soft_wrap=True,
        )


def _show(done: "Erasure") -> None:
    rows = ", ".join(f"{count} {table}" for table, count in done.rows.items()) or "none"
    _say(f"{done.captures} stretches of pages and {done.feeds} of feeds overwritten; rows deleted: {rows}")
    _say(f"events made again in {done.run_id}; the snapshot and the exports are without it. Backups of yours are not")


def _say(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
