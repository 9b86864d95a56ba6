"""Commands that collect: the demo, the nightly run, past days; and the sources and gazetteers they read by."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.shared import (
    Demo,
    Json,
    Sources,
    deciding,
    err,
    events_of,
    out,
    prepare_prefect,
    print_json,
    progress,
    say,
    settings_of,
    show_runs,
    turn_to_demo,
    warn,
    working,
)
from schemas.backfill import Archives, DatedBy
from schemas.checkup import Finding, Sighting, State
from schemas.errors import FirstdraftError, WarehouseError
from schemas.run import RunSummary, Window
from schemas.settings import Settings
from schemas.source import Source
from tasks.console.plan import change_counts, plan_json, show_changes, show_plan
from tasks.console.progress import byte_bar, count_bar
from tasks.console.render import show_rows
from tasks.console.sources import finding_row, show_findings, show_sources, source_rows, summary_line
from tasks.console.summary import summary_json
from tasks.pool.pool import documents_apart
from tasks.reference.gazetteer.dumps import activate
from tasks.reference.gazetteer.intake import take_in
from tasks.reference.places import GEONAMES_ATTRIBUTION, countries
from tasks.reference.seeds.layers import own_folder
from tasks.reference.seeds.source_entries import add_entry, render_entry
from tasks.reference.seeds.sources import load_sources, select_sources
from tasks.warehouse.care.history import changes_of_reprocess
from tasks.warehouse.decisions.gazetteers import forget_gazetteer, gazetteers, save_gazetteer
from tasks.warehouse.publish.reports import view
from tasks.warehouse.store.connect import open_reader, open_writer
from tasks.web.discovery.checkup import check_source
from tasks.web.discovery.finder import UNKNOWN_COUNTRY, UNKNOWN_LANGUAGE, Wishes, find_source, twin_of
from tasks.web.fetching.session import Web


def demo(as_json: Json = False) -> None:
    """Run the pipeline over the bundled site on 127.0.0.1: two visits, the second meets a correction.

    Example: firstdraft demo
    """
    from flows.demo import run_demo

    settings = Settings()
    with progress(as_json):
        summaries = run_demo(settings)
    there = settings.for_demo()
    show_runs(("First visit", "Second visit"), summaries, there, as_json=as_json)
    if not as_json:
        _show_the_way_on(there)


def _show_the_way_on(settings: Settings) -> None:
    """Where everything is, and three things to do next."""
    say("")
    say(f"The site:       {settings.site_dir / 'index.html'}")
    say(f"The warehouse:  {settings.published_path}")
    say(f"The exports:    {settings.exports_dir}")
    say("Next:")
    say("  firstdraft events --demo")
    say('  firstdraft sql "SELECT toll, kind, subgroup, side, best, words FROM event_victims" --demo')
    say("  firstdraft trace EVENT_ID --demo        # an id of the list above")


def run(
    days: Annotated[int | None, typer.Option(min=1, help="Days before today to look back.")] = None,
    source: Sources = None,
    as_json: Json = False,
) -> None:
    """Run the nightly flow over the sources now.

    Example: firstdraft run --days 2 --source north-press-en
    """
    _refuse_unknown(source)
    prepare_prefect()
    from flows.nightly import nightly

    with progress(as_json):
        summary = nightly(days=days, sources=source)
    show_runs(("Nightly",), (summary,), Settings(), as_json=as_json)


def _refuse_unknown(names: Sequence[str] | None) -> None:
    """Refuse sources there are none of, before anything that takes seconds begins."""
    if names:
        select_sources(Settings().sources_file, names)


From = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")]
To = Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")]
Warcs = Annotated[
    list[Path] | None,
    typer.Option(
        "--from-warc",
        exists=True,
        readable=True,
        help="A .warc, .warc.gz or .wacz file, or a folder of them, to read instead of the sites; several times.",
    ),
]
Cdx = Annotated[
    str | None,
    typer.Option("--from-cdx", help="A CDX server to ask instead: https://web.archive.org/cdx/search/cdx"),
]
Dated = Annotated[
    DatedBy,
    typer.Option("--dated-by", help="What places a page of a WARC file in time; publication takes one window."),
]
FIRST, LAST = "The first day a page stood so.", "The last such day; today if not given."


def backfill(  # noqa: PLR0913, PLR0917 - a command's options
    start: From,
    end: To,
    source: Sources = None,
    window_days: Annotated[int, typer.Option(min=1, help="Days in one window.")] = 7,
    from_warc: Warcs = None,
    from_cdx: Cdx = None,
    dated_by: Dated = DatedBy.CAPTURE,
    refetch: Annotated[bool, typer.Option("--refetch", help="Do finished windows and held pages again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show windows, counts and time; fetch no page.")] = False,
    as_json: Json = False,
) -> None:
    """Ingest past days, window by window, from the sites or an archive; windows done before are skipped.

    Example: firstdraft backfill --from 2023-11-01 --to 2023-12-31 --dry-run
    """
    if end < start:
        raise typer.BadParameter(f"--to {end.date()} lies before --from {start.date()}")
    if from_warc and from_cdx:
        raise typer.BadParameter("one archive at a time: --from-warc or --from-cdx")
    _refuse_unknown(source)
    prepare_prefect()
    if dry_run:
        archives = Archives(tuple(from_warc or ()), from_cdx, dated_by)
        _show_backfill_plan(start.date(), end.date(), source, window_days, archives, refetch, as_json=as_json)
        return
    from flows.backfill import backfill as flow

    with progress(as_json):
        summaries = flow(
            start.date(), end.date(), source, window_days, from_warc, from_cdx, dated_by=dated_by, refetch=refetch
        )
    titles = [f"{summary.run.window.start} to {summary.run.window.end}" for summary in summaries]
    show_runs(titles, summaries, Settings(), as_json=as_json)
    if not summaries and not as_json:
        err.print("nothing to do: every window was done before; --refetch does them again", soft_wrap=True)
    fail_if_nobody_was_reached(summaries)


def fail_if_nobody_was_reached(summaries: Sequence[RunSummary]) -> None:
    """End with 1 if a window reached none of its sources: it is not done, and the same command does it again."""
    lost = [
        summary.run.window for summary in summaries if summary.sources and not any(s.reached for s in summary.sources)
    ]
    if not lost:
        return
    windows = ", ".join(f"{window.start} to {window.end}" for window in lost)
    message = f"firstdraft: no source could be read in {windows}; not done, run the same command again"
    err.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def reprocess(
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=FIRST)] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=LAST)] = None,
    source: Sources = None,
    version: Annotated[
        str | None,
        typer.Option(help="Only captures last read by <name>=<version> or older: trafilatura=2.3.1, rules=0.1.0"),
    ] = None,
    details: Annotated[bool, typer.Option("--details", help="Each change, old and new value.")] = False,
    as_json: Json = False,
) -> None:
    """Read stored captures again with today's code, and tell what changed; nothing is fetched.

    Example: firstdraft reprocess --from 2023-11-01 --to 2023-12-31 --details
    """
    _refuse_unknown(source)
    prepare_prefect()
    from flows.reprocess import reprocess as flow

    with progress(as_json):
        summary = flow(start.date() if start else None, end.date() if end else None, source, version)
    settings = Settings()
    with open_reader(settings) as con:
        changes = changes_of_reprocess(con, summary.run.run_id)
    if as_json:
        fields = {"runs": [summary_json(summary)], "rows_changed": summary.rows_changed, "events": events_of(settings)}
        print_json(fields | {"changed": change_counts(changes), "changes": [asdict(change) for change in changes]})
        return
    show_runs(("Reprocess",), (summary,), settings, as_json=False)
    show_changes(out, changes, details=details)


def _show_backfill_plan(
    first: date,
    last: date,
    source: list[str] | None,
    window_days: int,
    archives: Archives,
    refetch: bool,
    *,
    as_json: bool,
) -> None:
    from flows.backfill import plan_backfill

    with progress(as_json):
        plan = plan_backfill(first, last, source, window_days, archives, refetch)
    if as_json:
        print_json(plan_json(plan))
    else:
        show_plan(out, plan)


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
    if demo_data:
        turn_to_demo(context)
    if context.invoked_subcommand is not None:
        return

    settings = settings_of(demo_data)
    rows = source_rows(load_sources(settings.sources_file), _health(settings))
    if as_json:
        print_json(rows)
    else:
        show_sources(out, rows)


@sources_app.command("check")
def check_sources(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids of sources.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Check every source that is enabled.")] = False,
    as_json: Json = False,
) -> None:
    """Ask each address of a source now, and print what it found; exit code 1 if something is down.

    Takes its time: requests to one host lie delay_seconds apart. Nothing is stored.

    Example: firstdraft sources check north-press-en
    """
    if bool(ids) == every:
        raise typer.BadParameter("name one source or more, or give --all; `firstdraft sources` lists them")
    settings = Settings()
    findings: list[Finding] = []
    with count_bar(err if as_json else out, "check"):
        for source, checked in _checked(settings, select_sources(settings.sources_file, ids)):
            findings += checked
            if not as_json:
                show_findings(out, source, checked)
    if as_json:
        print_json([finding_row(finding) for finding in findings])
    else:
        out.print(summary_line(findings), highlight=False)
    if any(finding.state is State.DOWN for finding in findings):
        raise typer.Exit(1)


@sources_app.command("add")
def add_source(
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
    settings = Settings()
    sighting = _found(settings, url, source_id, country, language, delay)
    if not as_json:
        show_findings(err, sighting.source, sighting.findings)
        for note in sighting.notes:
            err.print(f"  note: {note}", highlight=False, markup=False, soft_wrap=True)
        out.file.write(render_entry(sighting.source))
    written = _written(settings, sighting, file) if write else None
    if as_json:
        print_json(
            {
                "source": sighting.source.model_dump(mode="json"),
                "yaml": render_entry(sighting.source),
                "findings": [finding_row(finding) for finding in sighting.findings],
                "notes": sighting.notes,
                "written_to": written,
            }
        )
    else:
        err.print(f"written to {written}" if written else "not written: add --write", highlight=False, soft_wrap=True)


@sources_app.command("seek")
def seek_sources(
    query: Annotated[str, typer.Argument(help="As GDELT has it: aleppo sourcecountry:SY sourcelang:english.")],
    country: Annotated[str, typer.Option(help="The country it is about, ISO 3166 (SY).")],
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    end: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")],
    language: Annotated[str, typer.Option(help="Language of the pages, ISO 639 (en).")] = "en",
    most: Annotated[int, typer.Option(min=0, help="Most pages of outlets we have no entry for.")] = 200,
    write: Annotated[bool, typer.Option("--write", help="Write them to FIRSTDRAFT_SEEDS; else only told.")] = False,
    as_json: Json = False,
) -> None:
    """Ask GDELT whose pages tell of something, and have outlets we do not know asked for theirs by later runs.

    Example: firstdraft sources seek "aleppo shelling" --country SY --from 2024-03-01 --to 2024-03-03 --write
    """
    from tasks.web.discovery.seeking import finder_for, seek, write_found

    settings, folder = Settings(), own_folder()
    if write and folder is None:
        raise FirstdraftError("not written: set FIRSTDRAFT_SEEDS to a folder of your own; docs/codebook.md tells of it")
    if country.upper() not in countries():
        raise FirstdraftError(f"--country {country}: no code of ISO 3166; write it as in SY")
    finder, window = finder_for(country.upper(), language, query), Window(start.date(), end.date())
    with working("asking GDELT; it wants to be asked once in five seconds, so it takes a while"):
        done = seek(Web(settings), finder, window, load_sources(settings.sources_file), most)
    written = write_found(done.attribution, folder) if write and folder is not None else []
    rows = [
        (outlet.source.id, len(outlet.entries), "new" if outlet.made else "known")
        for outlet in done.attribution.outlets
    ]
    if as_json:
        print_json(done.told() | {"written_to": [str(file) for file in written]})
        return
    show_rows(out, ("source", "pages", "outlet"), rows)
    say(done.sentence())
    say("\n".join(f"written to {file}" for file in written) or "nothing written" + ("" if write else ": add --write"))


def _health(settings: Settings) -> Mapping[str, Mapping[str, object]]:
    """The view ``source_health`` by source, whatever columns it has; empty before the first run."""
    try:
        with open_reader(settings) as con:
            return {str(row["source_id"]): row for row in view(con, "source_health").records()}
    except WarehouseError:
        return {}


def _checked(settings: Settings, sources: Sequence[Source]) -> Iterator[tuple[Source, "tuple[Finding, ...]"]]:
    """Each source with its findings, in order, many asked at once."""
    web, now = Web(settings, apart=documents_apart(settings)), datetime.now(UTC)
    log.info("asking %d sources; politely, so it takes a while", len(sources), extra=_STAGE | {"todo": len(sources)})

    def asked(source: Source) -> "tuple[Finding, ...]":
        findings = check_source(web, source, now)
        log.info("asked %s", source.id, extra=_STAGE | {"done": 1})
        return findings

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            yield from zip(sources, pool.map(asked, sources), strict=True)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _found(
    settings: Settings, url: str, source_id: str | None, country: str | None, language: str | None, delay: float
) -> Sighting:
    """What the site offers. Raises :class:`FirstdraftError` for a country nobody knows and for a twin."""
    if country and country.upper() not in countries():
        raise FirstdraftError(f"--country {country}: not an ISO 3166 code; a code looks like SY")
    existing = load_sources(settings.sources_file)
    wishes = Wishes(source_id, country, language, delay)
    with working(f"asking {url}; politely, so it takes a while"):
        sighting = find_source(Web(settings, apart=documents_apart(settings)), url, wishes, existing, datetime.now(UTC))
    twin = twin_of(sighting.source, existing)
    if twin is not None:
        raise FirstdraftError(f"source {twin[0].id} reads {twin[1]} already; change its entry instead")
    return sighting


def _written(settings: Settings, sighting: Sighting, file: str | None) -> str:
    """The file the entry went to. Raises :class:`FirstdraftError` if something must be told first."""
    source = sighting.source
    if source.country == UNKNOWN_COUNTRY or source.language == UNKNOWN_LANGUAGE:
        raise FirstdraftError(
            "not written: the site does not name its country or language; give --country and --language"
        )
    if not source.addresses:
        raise FirstdraftError(
            "not written: no feed, sitemap or API was found; docs/sources.md shows how to read section pages"
        )
    if file and not file.replace("-", "").isalnum():
        raise FirstdraftError(f"--file {file}: give the name alone, as sy for seeds/sources/sy.yml")
    return str(add_entry(source, (file or source.country).lower(), settings.sources_file))


gazetteer_app = typer.Typer(help="Country files of GeoNames: every village, for reading where something happened.")


@gazetteer_app.command("add")
def add_gazetteer(
    dump: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="SY.zip or SY.txt of GeoNames.")],
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Take in a country dump from https://download.geonames.org/export/dump/; it takes the place of the one before.

    Example: firstdraft gazetteer add SY.zip
    """
    settings = settings_of(demo_data)
    with byte_bar(err if as_json else out, "gazetteer"):
        gazetteer = take_in(dump, settings.gazetteers_dir)
    fields = {name: value for name, value in asdict(gazetteer).items() if name != "examples"}
    row = fields | {"file": gazetteer.file_name, "licence": GEONAMES_ATTRIBUTION, "added_at": datetime.now(UTC)}
    with deciding(settings, "gazetteers") as (con, record):
        save_gazetteer(con, row, record)
        activate(settings.gazetteers_dir, gazetteer.country, gazetteer.file_name)
    if as_json:
        print_json(row | {"examples": gazetteer.examples})
        return
    say(
        f"{gazetteer.country}: {gazetteer.places:,} places under {gazetteer.names:,} names; "
        f"{gazetteer.skipped:,} lines passed over"
    )
    if gazetteer.bad:
        warn(f"{gazetteer.bad:,} bad lines left out: {'; '.join(gazetteer.examples)}")
    say("Pages are read with it from now on; `firstdraft reprocess` reads those that are stored again.")
    say(GEONAMES_ATTRIBUTION)


@gazetteer_app.command("list")
def list_gazetteers(as_json: Json = False, demo_data: Demo = False) -> None:
    """List the gazetteers in use.

    Example: firstdraft gazetteer list
    """
    with open_writer(settings_of(demo_data)) as con:
        rows = [asdict(added) for added in gazetteers(con)]
    if as_json:
        print_json(rows)
        return
    columns = ("country", "places", "names", "bad", "dumped_on", "added_at", "file")
    show_rows(out, columns, [tuple(row[column] for column in columns) for row in rows])


@gazetteer_app.command("remove")
def remove_gazetteer(
    country: Annotated[str, typer.Argument(help="ISO 3166 code, as in SY.")],
    delete: Annotated[bool, typer.Option("--delete", help="Delete the index as well.")] = False,
    as_json: Json = False,
    demo_data: Demo = False,
) -> None:
    """Use a country's gazetteer no more. Its index stays, so that a rebuild reads as it was read then.

    Example: firstdraft gazetteer remove SY
    """
    settings, code = settings_of(demo_data), country.upper()
    with deciding(settings, "gazetteers", removed=True) as (con, record):
        if not forget_gazetteer(con, code, record):
            raise typer.BadParameter(
                f"no gazetteer for {code} is in use; `firstdraft gazetteer list` shows those in use"
            )
        activate(settings.gazetteers_dir, code, None)
    files = sorted(settings.gazetteers_dir.glob(f"{code}-*.sqlite"))
    for file in files if delete else ():
        file.unlink()
    if as_json:
        print_json({"country": code, "kept": [] if delete else files, "deleted": files if delete else []})
        return
    say(f"{code}: no longer used" + (f"; kept: {', '.join(map(str, files))}" if files and not delete else ""))
