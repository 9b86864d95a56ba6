"""Commands about sources: list them with their health, check them live, find and add new ones."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.shared import Demo, Json, err, out, print_json, settings_of, working
from schemas.errors import FirstdraftError, WarehouseError
from schemas.settings import Settings

if TYPE_CHECKING:
    from schemas.checkup import Finding, Sighting
    from schemas.source import Source

#: Sources asked at once; one host is still asked by one at a time.
_AT_ONCE = 16

_STAGE = {"stage": "check"}

log = logging.getLogger("firstdraft.sources")

sources_app = typer.Typer(
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)


@sources_app.callback()
def list_sources(context: typer.Context, as_json: Json = False, demo_data: Demo = False) -> None:
    """List the sources: how each is read, who ever saw it answer, and how it fared in past runs.

    Example: firstdraft sources --json
    """
    if context.invoked_subcommand is not None:
        return
    from tasks.console.sources import show_sources, source_rows  # noqa: PLC0415
    from tasks.reference.sources import load_sources  # noqa: PLC0415

    settings = settings_of(demo_data)
    rows = source_rows(load_sources(settings.sources_file), _health(settings))
    if as_json:
        print_json(rows)
    else:
        show_sources(out, rows)


@sources_app.command()
def check(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids of sources.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Check every source that is enabled.")] = False,
    as_json: Json = False,
) -> None:
    """Ask each address of a source now, and print what it found; exit code 1 if something is down.

    Takes its time: requests to one host lie delay_seconds apart. Nothing is stored.

    Example: firstdraft sources check north-press-en
    """
    from schemas.checkup import State  # noqa: PLC0415
    from tasks.console.bars import count_bar  # noqa: PLC0415
    from tasks.console.sources import finding_row, show_findings, summary_line  # noqa: PLC0415
    from tasks.reference.sources import select_sources  # noqa: PLC0415

    if bool(ids) == every:
        raise typer.BadParameter("name one source or more, or give --all; `firstdraft sources` lists them")
    settings = Settings()
    findings: list[Finding] = []
    with count_bar(err if as_json else out, "check"):
        for source, found in _checked(settings, select_sources(settings.sources_file, ids)):
            findings += found
            if not as_json:
                show_findings(out, source, found)
    if as_json:
        print_json([finding_row(finding) for finding in findings])
    else:
        out.print(summary_line(findings), highlight=False)
    if any(finding.state is State.DOWN for finding in findings):
        raise typer.Exit(1)


@sources_app.command()
def add(
    url: Annotated[str, typer.Argument(help="A front page, or a feed.")],
    source_id: Annotated[str | None, typer.Option("--id", help="The id; else made of name and language.")] = None,
    country: Annotated[
        str | None, typer.Option(help="Where it works from, ISO 3166 (SY); also names the file.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language of its pages, ISO 639 (en).")] = None,
    file: Annotated[str | None, typer.Option(help="The file under seeds/sources/, as sy; else the country's.")] = None,
    delay: Annotated[float, typer.Option(min=0, help="Seconds between two requests.")] = 5.0,
    write: Annotated[bool, typer.Option("--write", help="Write the entry; without it, it is only printed.")] = False,
    as_json: Json = False,
) -> None:
    """Find feeds, sitemaps, language and time zone of a site, and print the entry they make, or write it.

    Example: firstdraft sources add https://example.org/ --country SY --write
    """
    from tasks.console.sources import finding_row, show_findings  # noqa: PLC0415
    from tasks.reference.source_entries import render_entry  # noqa: PLC0415

    settings = Settings()
    found = _found(settings, url, source_id, country, language, delay)
    if not as_json:
        show_findings(err, found.source, found.findings)
        for note in found.notes:
            err.print(f"  note: {note}", highlight=False, markup=False, soft_wrap=True)
        out.file.write(render_entry(found.source))
    written = _written(settings, found, file) if write else None
    if as_json:
        print_json(
            {
                "source": found.source.model_dump(mode="json"),
                "yaml": render_entry(found.source),
                "findings": [finding_row(finding) for finding in found.findings],
                "notes": found.notes,
                "written_to": written,
            }
        )
    else:
        err.print(f"written to {written}" if written else "not written: add --write", highlight=False, soft_wrap=True)


def _health(settings: Settings) -> Mapping[str, Mapping[str, object]]:
    """The view ``source_health`` by source, whatever columns it has; empty before the first run."""
    from tasks.warehouse.publish.reports import view  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_reader  # noqa: PLC0415

    try:
        with open_reader(settings) as con:
            return {str(row["source_id"]): row for row in view(con, "source_health").records()}
    except WarehouseError:
        return {}


def _checked(settings: Settings, sources: Sequence["Source"]) -> Iterator[tuple["Source", "tuple[Finding, ...]"]]:
    """Each source with its findings, in order, many asked at once."""
    from tasks.web.discovery.checkup import check_source  # noqa: PLC0415
    from tasks.web.fetching.session import Web  # noqa: PLC0415

    web, now = Web(settings), datetime.now(UTC)
    log.info("asking %d sources; politely, so it takes a while", len(sources), extra=_STAGE | {"todo": len(sources)})

    def asked(source: "Source") -> "tuple[Finding, ...]":
        found = check_source(web, source, now)
        log.info("asked %s", source.id, extra=_STAGE | {"done": 1})
        return found

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            yield from zip(sources, pool.map(asked, sources), strict=True)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _found(
    settings: Settings, url: str, source_id: str | None, country: str | None, language: str | None, delay: float
) -> "Sighting":
    """What the site offers. Raises :class:`FirstdraftError` for a country nobody knows and for a twin."""
    from tasks.reference.places import countries  # noqa: PLC0415
    from tasks.reference.sources import load_sources  # noqa: PLC0415
    from tasks.web.discovery.finder import Wishes, find_source, twin_of  # noqa: PLC0415
    from tasks.web.fetching.session import Web  # noqa: PLC0415

    if country and country.upper() not in countries():
        raise FirstdraftError(f"--country {country}: no code of ISO 3166; write it as in SY")
    known = load_sources(settings.sources_file)
    wishes = Wishes(source_id, country, language, delay)
    with working(f"asking {url}; politely, so it takes a while"):
        found = find_source(Web(settings), url, wishes, known, datetime.now(UTC))
    twin = twin_of(found.source, known)
    if twin is not None:
        raise FirstdraftError(f"there is such a source: {twin[0].id} reads {twin[1]}; change that entry instead")
    return found


def _written(settings: Settings, found: "Sighting", file: str | None) -> str:
    """The file the entry went to. Raises :class:`FirstdraftError` where something must be told first."""
    from tasks.reference.source_entries import add_entry  # noqa: PLC0415
    from tasks.web.discovery.finder import UNKNOWN_COUNTRY, UNKNOWN_LANGUAGE  # noqa: PLC0415

    source = found.source
    if source.country == UNKNOWN_COUNTRY or source.language == UNKNOWN_LANGUAGE:
        raise FirstdraftError("not written: give --country and --language where the site does not tell them")
    if not source.addresses:
        raise FirstdraftError("not written: nothing was found to read it by; see docs/sources.md for section pages")
    if file and not file.replace("-", "").isalnum():
        raise FirstdraftError(f"--file {file}: give the name alone, as sy for seeds/sources/sy.yml")
    return str(add_entry(source, (file or source.country).lower(), settings.sources_file))
