"""A visit: one link asked for, judged, and kept."""

import logging
from datetime import UTC, datetime, timedelta

from schemas.fetch import Fetch, KnownPage
from schemas.keys import sha256_hex
from schemas.link import Link
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.page import FetchedPage
from schemas.run import Run
from schemas.source import Source
from tasks.reference.machine.failpoints import Point, failpoint
from tasks.reference.machine.failures import ends_the_run, in_words
from tasks.web.archive.captures import Archive
from tasks.web.fetching.reuse_policy import Policy, judge_policy, read_policy, with_site_rule
from tasks.web.fetching.session import Web
from tasks.web.fetching.unasked import judge_unasked
from tasks.web.fetching.verdicts import Verdict, is_passing, judge_fault, judge_page, judge_status
from tasks.web.http.client import passing_fault
from tasks.web.http.response import FetchError, Response
from tasks.web.http.validators import etag_of, last_modified_of

log = logging.getLogger("firstdraft.fetch")

#: Where a page's end is looked for: scripts and comments may follow it.
_TAIL_BYTES = 65_536


def visit_batch(web: Web, run: Run, source: Source, batch: Batch[Link], memory: Memory) -> Batch[FetchedPage]:
    """Every link of a batch asked for, in order; what is a page is kept in the source's archive, on disk on return.

    ``len`` is conserved: a link whose visit fails in a way nobody foresaw is deferred by itself, and named. Raises
    ``OSError`` where the archive cannot be written: going on would lose what was fetched.
    """
    pages: list[FetchedPage] = []
    settled: list[Settled] = []
    with web.archive(run, source.id) as archive:
        for link in batch.items:
            end = _visit_and_keep(web, run, source, link, memory, archive, batch.number)
            if isinstance(end, Settled):
                archive.tell(batch.number, end)
                settled.append(end)
            else:
                pages.append(end)
    return Batch(batch.source_id, batch.number, tuple(pages), (*batch.settled, *settled))


def _visit_and_keep(
    web: Web, run: Run, source: Source, link: Link, memory: Memory, archive: Archive, batch: int
) -> FetchedPage | Settled:
    """One link, come what may: where a failure that only this page meets ends."""
    keeping = False
    try:
        end = _visit_or_read_again(web, run, source, link, memory)
        keeping = True
        return archive.keep(batch, *end) if isinstance(end, tuple) else end
    except Exception as error:
        if ends_the_run(error) or (keeping and isinstance(error, OSError)):
            raise
        log.warning("%s: deferred, for its visit failed: %s", link.url, in_words(error))
        return failed(run, link, error)


def _visit_or_read_again(
    web: Web, run: Run, source: Source, link: Link, memory: Memory
) -> tuple[Fetch, Response] | FetchedPage | Settled:
    """A visit; where it brings nothing new of a page that nobody could read yet, the page as it is kept."""
    end = visit(web, run, source, link, memory)
    unread = memory.unread.get(link.canonical_url)
    if unread is not None and isinstance(end, Settled) and end.outcome in (Outcome.UNCHANGED, Outcome.DEFERRED):
        return unread
    return end


def failed(run: Run, link: Link, error: Exception) -> Settled:
    """The end of a link whose visit failed here, not there: it is asked for again by the next run."""
    fetch = Fetch(run.run_id, link, datetime.now(UTC))
    return Settled(fetch, Stage.FETCH, Outcome.DEFERRED, Reason.FETCH_FAILED, in_words(error))


def visit(web: Web, run: Run, source: Source, link: Link, memory: Memory) -> tuple[Fetch, Response] | Settled:
    """Ask for one link: the page to be kept, or the end the link came to."""
    failpoint(Point.FETCH_BEFORE_ASKED)
    asked_at = datetime.now(UTC)
    end = judge_unasked(run, link, memory, asked_at, refetch=web.settings.refetch)
    if end is not None:
        deferral = memory.deferred.get(link.canonical_url) if end[0] is Outcome.DEFERRED else None
        return _settled(Fetch(run.run_id, link, asked_at, deferred_until=deferral.until if deferral else None), end)
    known = memory.pages.get(link.canonical_url)
    result = web.client.get(
        link.url,
        etag=known.etag if known else None,
        last_modified=known.last_modified if known else None,
        gate=web.page_gate(source, memory.suppressed),
    )
    if isinstance(result, FetchError):
        return _settled(_fetch_of_fault(run, link, asked_at, result), judge_fault(result))
    policy = read_policy(result)
    end = judge_status(result, known is not None) or judge_page(result)
    if end is None and policy.tdm_reservation is None:
        policy = with_site_rule(policy, web.site_rule(result.final_url, source))
    fetch = _fetch_of(run, link, result, policy)
    end = end or judge_policy(policy, source)
    end = end or _judge_bytes(sha256_hex(result.body), known, memory)
    return (fetch, result) if end is None else _settled(fetch, end)


def _judge_bytes(sha256: str, known: KnownPage | None, memory: Memory) -> Verdict | None:
    """The end of a page whose bytes are not to be kept: erased before, or held already."""
    if sha256 in memory.suppressed:
        return Outcome.REJECTED, Reason.SUPPRESSED, memory.suppressed[sha256]
    if known is not None and known.sha256 == sha256:
        return Outcome.UNCHANGED, Reason.SAME_BYTES, f"sha256 {sha256[:12]}"
    return None


def _fetch_of_fault(run: Run, link: Link, asked_at: datetime, failpoint: FetchError) -> Fetch:
    return Fetch(
        run_id=run.run_id,
        link=link,
        requested_at=asked_at,
        elapsed_ms=failpoint.elapsed_ms,
        redirects=tuple(hop.url for hop in failpoint.hops),
        deferred_until=_until(datetime.now(UTC), failpoint.retry_after) if is_passing(failpoint) else None,
    )


def _until(since: datetime, seconds: float | None) -> datetime | None:
    """The instant a wait ends; in whole seconds, as it was asked for."""
    return (since + timedelta(seconds=seconds)).replace(microsecond=0) if seconds else None


def _settled(fetch: Fetch, verdict: Verdict) -> Settled:
    outcome, reason, detail = verdict
    return Settled(fetch, Stage.FETCH, outcome, reason, detail)


def _fetch_of(run: Run, link: Link, answer: Response, policy: Policy) -> Fetch:
    passing = passing_fault(answer)
    return Fetch(
        run_id=run.run_id,
        link=link,
        requested_at=answer.requested_at,
        elapsed_ms=answer.elapsed_ms,
        status=answer.status,
        final_url=answer.final_url,
        redirects=answer.redirects,
        content_type=answer.header("Content-Type"),
        etag=etag_of(answer),
        last_modified=last_modified_of(answer),
        tls=None if answer.verified is None else ("verified" if answer.verified else "unverified"),
        robots_tag=policy.robots_tag,
        tdm_reservation=policy.tdm_reservation,
        maybe_truncated=_maybe_truncated(answer),
        deferred_until=_until(answer.requested_at, passing.retry_after) if passing else None,
    )


def _maybe_truncated(answer: Response) -> bool:
    """Whether only the closed connection says that this is all, and the page does not say so itself."""
    tail = answer.body[-_TAIL_BYTES:].lower()
    return not answer.framed and bool(answer.body) and b"</html" not in tail and b"%%eof" not in tail
