"""The runs of the past, as the ledger tells them."""

from collections.abc import Collection, Iterator
from pathlib import Path

from schemas.ledger import (
    NOTES,
    Abandoned,
    Captured,
    Closed,
    Ended,
    Entry,
    Erased,
    Joined,
    Kept,
    Loaded,
    Lost,
    PastRun,
    RunOpened,
    Strayed,
    Stretch,
    Surveyed,
    Wrote,
)
from schemas.outcome import Outcome, Reason, Settled, Stage
from schemas.page import Capture
from schemas.verification import Finding
from tasks.ledger.chain import read_chain, since_last_end
from tasks.ledger.lines import Line


def past_runs(folder: Path) -> Iterator[PastRun | Wrote | Finding]:
    """Every run in order, and between them what was written by hand; findings if the ledger is damaged.

    Erased and lost captures are not among a run's pages: the whole ledger is read for them first. The link of one that
    was erased ends as suppressed, so that the run's accounts go on adding up; a lost one was asked for again.
    """
    gone = _gone(folder)
    run: PastRun | None = None
    for line in read_chain(folder):
        if isinstance(line, Finding):
            yield line
            continue
        entry = _entry_of(line)
        if isinstance(entry, Finding | Wrote):
            yield entry
        elif isinstance(entry, RunOpened):
            if run is not None:
                yield run
            run = PastRun(entry.run, entry.sources)
        elif run is not None and (standing := _as_it_stands(line.seq, entry, gone)) is not None:
            _take(run, standing)
            if isinstance(entry, Closed | Abandoned):
                yield run
                run = None
    if run is not None:
        yield run


def stretches_of(folder: Path, capture_ids: Collection[str]) -> list[tuple[str, Stretch]]:
    """Where the bytes of some captures are, every time they were kept: what erasing them has to overwrite."""
    stretches = []
    for line in read_chain(folder):
        if isinstance(line, Finding) or line.kind != Captured.kind:
            continue
        entry = line.entry
        if isinstance(entry, Captured) and entry.page.capture.capture_id in capture_ids:
            stretches.append((entry.page.capture.capture_id, entry.stretch))
    return stretches


def last_run(folder: Path) -> tuple[str | None, PastRun | None]:
    """The id of the last run that was closed or given up, and the run that was cut off since, if one was.

    Raises ``ValueError`` if the ledger is damaged there.
    """
    last_end, lines = since_last_end(folder)
    run: PastRun | None = None
    for line in lines:
        entry = line.entry
        if isinstance(entry, RunOpened):
            run = PastRun(entry.run, entry.sources)
        elif run is not None:
            _take(run, entry)
    last_entry = last_end.entry if last_end else None
    return (last_entry.run_id if isinstance(last_entry, Closed | Abandoned) else None), run


def written_since(folder: Path) -> list[Wrote]:
    """The rows that people wrote, or took away, since the last run was closed or given up, in order."""
    _, lines = since_last_end(folder)
    entries = (line.entry for line in lines if line.kind == Wrote.kind)
    return [entry for entry in entries if isinstance(entry, Wrote) and entry.table not in NOTES]


def _entry_of(line: Line) -> Entry | Finding:
    try:
        return line.entry
    except ValueError as error:
        return Finding("ledger", "entry_unknown", str(error), "update firstdraft", file=line.file, offset=line.offset)


def _gone(folder: Path) -> dict[str, tuple[int, Erased | Lost]]:
    """What was erased or lost, by capture, with the number of the line that says so."""
    erased: dict[str, tuple[int, Erased | Lost]] = {}
    for line in read_chain(folder):
        if not isinstance(line, Finding) and line.kind in {Erased.kind, Lost.kind}:
            entry = line.entry
            if isinstance(entry, Erased | Lost):
                erased[entry.capture_id] = (line.seq, entry)
    return erased


def _as_it_stands(seq: int, entry: Entry, gone: dict[str, tuple[int, Erased | Lost]]) -> Entry | None:
    """An entry; of a page that was erased later, how its link ends without it; nothing of one that was lost."""
    match entry:
        case Captured(page=page):
            fetch, capture = page.fetch, page.capture
        case Ended(settled=Settled(fetch=fetch, capture=Capture() as capture)):
            pass  # kept, and never read to its end
        case _:
            return entry
    later, how = gone.get(capture.capture_id, (0, None))
    if how is None or later < seq:
        return entry
    if isinstance(how, Lost):
        return None
    reason = f"erased: {how.reason}"
    return Ended(entry.batch, Settled(fetch, Stage.FETCH, Outcome.REJECTED, Reason.SUPPRESSED, reason))


def _take(run: PastRun, entry: Entry) -> None:
    """Put an entry where it belongs. Of a link told twice (a batch tried again) the last counts."""
    match entry:
        case Captured(batch=batch, page=page):
            link = page.fetch.link
            run.ends.get((link.source_id, batch), {}).pop(link.link_id, None)
            run.pages.setdefault((link.source_id, batch), {})[link.link_id] = entry
            run.stretches.append(entry.stretch)
        case Ended(batch=batch, settled=settled):
            link = settled.fetch.link
            run.pages.get((link.source_id, batch), {}).pop(link.link_id, None)
            run.ends.setdefault((link.source_id, batch), {})[link.link_id] = settled
        case Kept(stretch=stretch) | Strayed(stretch=stretch):
            run.stretches.append(stretch)
        case Lost(capture_id=capture_id):
            _forget(run, capture_id)
        case Joined(sources=sources):
            run.sources = (*run.sources, *sources)
        case Surveyed():
            run.surveys.append(entry)
        case Loaded(source_id=source_id, batch=batch):
            run.loaded[source_id, batch] = entry
        case Closed():
            run.closed = entry
        case Abandoned():
            run.abandoned = entry
        case _:
            pass


def _forget(run: PastRun, capture_id: str) -> None:
    for pages in run.pages.values():
        for link_id in [key for key, captured in pages.items() if captured.page.capture.capture_id == capture_id]:
            del pages[link_id]
