"""What searches found, allotted to its outlets within one run, as links like any others.

A known outlet that is asked in this run gets the pages as further batches of its own; one that is not asked gets none.
An unreviewed outlet is asked for what was found on its site, as far as the share of such pages in a run goes. What
nobody is asked for ends with the finder, with the reason: every page found is accounted for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from schemas.discovery import Discovery, SourceProbe
from schemas.fetch import Fetch
from schemas.link import FoundIn, Link
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.reference.machine.failures import ends_the_run
from tasks.web.discovery.attribution import Attributed, Attribution, attribute, most_of_run
from tasks.web.discovery.link_filter import Judge
from tasks.web.discovery.searching import Found
from tasks.web.http.failures import above
from tasks.web.readers.entries import Entry
from tasks.web.urls.canonical import canonical_url

_ADVICE = "found again by a later run that has room"
_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Share:
    """A source as searches leave it: its discovery with what they found, and the batches that are new in it."""

    discovery: Discovery
    fresh: tuple[Batch[Link], ...]


def allot(
    run: Run, findings: Iterable[Found], surveys: Sequence[Discovery], sources: Sequence[Source], settings: Settings
) -> tuple[Share, ...]:
    """What each source gets of what was found, finder by finder in order of their ids; the finders' own ends, too."""
    ordered = sorted(findings, key=lambda finding: finding.finder.id)
    urls = {link.canonical_url for survey in surveys for link in _links(survey)}
    ordinary = sum(len(batch.items) for survey in surveys for batch in survey.batches)
    remaining = most_of_run(ordinary, settings.found_share)
    shares = {survey.discovery.source.id: survey for survey in (Share(survey, ()) for survey in surveys)}
    for number, finding in enumerate(ordered):
        most = None if remaining is None else remaining // (len(ordered) - number)
        done = attribute(finding.entries, sources, finding.finder, most, frozenset(urls))
        unasked: list[Settled] = []
        for outlet in done.outlets:
            before = shares.get(outlet.source.id) or _new(outlet, sources, run, finding)
            if before is None or before.discovery.paused:
                what = f"{outlet.source.id} is not asked in this run"
                unasked += _ended(run, finding, outlet.entries, Outcome.DEFERRED, Reason.NOT_ASKED, what)
                continue
            share = _with(before, run, finding, outlet, settings)
            shares[outlet.source.id] = share
            urls |= {link.canonical_url for link in _links(share.discovery)}
            remaining = None if remaining is None else remaining - (len(outlet.entries) if outlet.made else 0)
        shares[finding.finder.id] = _of_finder(run, finding, done, unasked, settings)
    return tuple(share for _, share in sorted(shares.items()) if share.fresh or share.discovery.source.searches)


def _links(discovery: Discovery) -> Iterator[Link]:
    for batch in discovery.batches:
        yield from batch.items
        yield from (settled.fetch.link for settled in batch.settled)


def _new(outlet: Attributed, sources: Sequence[Source], run: Run, finding: Found) -> Share | None:
    """A source that was made just now; none for one that people have entered and that this run does not ask."""
    if any(outlet.source.id == source.id for source in sources):
        return None
    probe = SourceProbe(
        run.run_id,
        outlet.source.id,
        FoundIn.SEARCH.value,
        outlet.source.homepage,
        datetime.now(UTC),
        None,
        len(outlet.entries),
        None,
        f"not asked itself: its pages were found by {finding.finder.id}",
    )
    return Share(Discovery(outlet.source, (), (probe,)), ())


def _with(before: Share, run: Run, finding: Found, outlet: Attributed, settings: Settings) -> Share:
    """A source's discovery with the pages found on its site after those it named itself, in batches of their own."""
    source, size = before.discovery.source, settings.batch_size
    judge, at = Judge(run, source), finding.finder.searches[0].url
    ends = [_judged(judge, entry, at, finding) for entry in outlet.entries]
    links = [judgement for judgement in ends if isinstance(judgement, Link)]
    settled = [judgement for judgement in ends if isinstance(judgement, Settled)]
    if run.is_night:
        room = max(0, settings.source_links - sum(len(batch.items) for batch in before.discovery.batches))
        why = above("source_links", settings.source_links, _ADVICE)
        settled += [_settled(run, link, Outcome.DEFERRED, Reason.OVER_LINKS, why) for link in links[room:]]
        links = links[:room]
    first = len(before.discovery.batches)
    fresh = tuple(
        Batch(source.id, first + n, tuple(links[n * size : (n + 1) * size]), tuple(settled) if n == 0 else ())
        for n in range(max(1, -(-len(links) // size)))
    )
    batches = (*before.discovery.batches, *fresh)
    return Share(replace(before.discovery, batches=batches), (*before.fresh, *fresh))


def _judged(judge: Judge, entry: Entry, at: str, finding: Found) -> Link | Settled:
    try:
        return judge.judge(entry, FoundIn.SEARCH, at, entry.url, finding.window)
    except Exception as error:
        if ends_the_run(error):
            raise
        return judge.unreadable(entry, FoundIn.SEARCH, at, error)


def _of_finder(run: Run, finding: Found, done: Attribution, unasked: Sequence[Settled], settings: Settings) -> Share:
    """The finder's own discovery: how its calls went, and the pages that ended with it."""
    share = above("found_share", settings.found_share, _ADVICE)
    ended = (
        *unasked,
        *_ended(run, finding, done.without_outlet, Outcome.REJECTED, Reason.URL, "no page of an outlet with a name"),
        *_ended(run, finding, done.over_share, Outcome.DEFERRED, Reason.OVER_SHARE, share),
    )
    settled = tuple({page.fetch.link.link_id: page for page in ended}.values())
    batches: tuple[Batch[Link], ...] = (Batch(finding.finder.id, 0, (), settled),) if settled else ()
    *before, last = finding.probes
    detail = "; ".join(part for part in (last.detail, done.sentence()) if part)
    return Share(Discovery(finding.finder, batches, (*before, replace(last, detail=detail))), batches)


def _ended(
    run: Run, finding: Found, entries: Iterable[Entry], outcome: Outcome, reason: Reason, detail: str
) -> list[Settled]:
    at = finding.finder.searches[0].url
    named = [(entry, entry.url[:_SHOWN]) for entry in entries]
    links = [Link(finding.finder.id, url, canonical_url(url) or url, FoundIn.SEARCH, at, e.title) for e, url in named]
    return [_settled(run, link, outcome, reason, detail) for link in links]


def _settled(run: Run, link: Link, outcome: Outcome, reason: Reason, detail: str) -> Settled:
    return Settled(Fetch(run.run_id, link, datetime.now(UTC)), Stage.DISCOVER, outcome, reason, detail)
