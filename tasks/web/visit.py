"""A visit: one link asked for, judged, and kept."""

from datetime import UTC, datetime

from schemas.fetch import Fetch, KnownPage
from schemas.keys import sha256_hex
from schemas.link import Link
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.page import FetchedPage
from schemas.run import Run
from schemas.source import Source
from tasks.web.answer import Answer, Fault
from tasks.web.archives import Archive
from tasks.web.session import Web
from tasks.web.verdicts import Verdict, judge_fault, judge_page, judge_status

#: A validator longer than this is no validator: it would only be sent back.
_MAX_VALIDATOR = 512


def visit_batch(web: Web, run: Run, source: Source, batch: Batch[Link], memory: Memory) -> Batch[FetchedPage]:
    """Every link of a batch asked for, in order; what is a page is kept in one WARC file, and on disk on return.

    ``len`` is conserved. Raises ``OSError`` where the archive cannot be written: going on would lose what was fetched.
    """
    pages: list[FetchedPage] = []
    settled: list[Settled] = []
    with Archive(web.settings.captures_dir, run, source.id, batch.number) as archive:
        for link in batch.items:
            end = visit(web, run, source, link, memory.pages.get(link.canonical_url), archive)
            if isinstance(end, Settled):
                settled.append(end)
            else:
                pages.append(end)
    return Batch(batch.source_id, batch.number, tuple(pages), (*batch.settled, *settled))


def visit(
    web: Web, run: Run, source: Source, link: Link, known: KnownPage | None, archive: Archive
) -> FetchedPage | Settled:
    """Ask for one link: a page kept in the archive, or the end the link came to."""
    asked_at = datetime.now(UTC)
    result = web.client.get(
        link.url,
        etag=known.etag if known else None,
        last_modified=known.last_modified if known else None,
        gate=web.page_gate(source),
    )
    if isinstance(result, Fault):
        fetch = Fetch(run.run_id, link, asked_at, result.elapsed_ms)
        return _settled(fetch, judge_fault(result))
    fetch = _fetch_of(run, link, result)
    end = judge_status(result, known is not None) or judge_page(result)
    if end is not None:
        return _settled(fetch, end)
    if known is not None and known.sha256 == sha256_hex(result.body):
        return _settled(fetch, (Outcome.UNCHANGED, Reason.SAME_BYTES, f"sha256 {known.sha256[:12]}"))
    return FetchedPage(fetch, archive.keep(link.canonical_url, result))


def _settled(fetch: Fetch, verdict: Verdict) -> Settled:
    outcome, reason, detail = verdict
    return Settled(fetch, Stage.FETCH, outcome, reason, detail)


def _fetch_of(run: Run, link: Link, answer: Answer) -> Fetch:
    return Fetch(
        run_id=run.run_id,
        link=link,
        requested_at=answer.requested_at,
        elapsed_ms=answer.elapsed_ms,
        status=answer.status,
        final_url=answer.final_url,
        redirects=answer.redirects,
        content_type=answer.header("Content-Type"),
        etag=_validator(answer.header("ETag")),
        last_modified=_validator(answer.header("Last-Modified")),
    )


def _validator(value: str | None) -> str | None:
    return value if value and len(value) <= _MAX_VALIDATOR else None
