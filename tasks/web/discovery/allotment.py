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
    run: Run, found: Iterable[Found], surveys: Sequence[Discovery], known: Sequence[Source], settings: Settings
) -> tuple[Share, ...]:
    """What each source gets of what was found, finder by finder in order of their ids; the finders' own ends, too."""
    ordered = sorted(found, key=lambda one: one.finder.id)
    held = {link.canonical_url for survey in surveys for link in _links(survey)}
    left = most_of_run(sum(len(batch.items) for survey in surveys for batch in survey.batches), settings.found_share)
    shares = {survey.discovery.source.id: survey for survey in (Share(survey, ()) for survey in surveys)}
    for number, one in enumerate(ordered):
        most = None if left is None else left // (len(ordered) - number)
        done = attribute(one.entries, known, one.finder, most, frozenset(held))
        unasked: list[Settled] = []
        for outlet in done.outlets:
            before = shares.get(outlet.source.id) or _new(outlet, known, run, one)
            if before is None or before.discovery.paused:
                what = f"{outlet.source.id} is not asked in this run"
                unasked += _ended(run, one, outlet.entries, Outcome.DEFERRED, Reason.NOT_ASKED, what)
                continue
            share = _with(before, run, one, outlet, settings)
            shares[outlet.source.id] = share
            held |= {link.canonical_url for link in _links(share.discovery)}
            left = None if left is None else left - (len(outlet.entries) if outlet.made else 0)
        shares[one.finder.id] = _of_finder(run, one, done, unasked, settings)
    return tuple(share for _, share in sorted(shares.items()) if share.fresh or share.discovery.source.searches)


def _links(discovery: Discovery) -> Iterator[Link]:
    for batch in discovery.batches:
        yield from batch.items
        yield from (settled.fetch.link for settled in batch.settled)


def _new(outlet: Attributed, known: Sequence[Source], run: Run, found: Found) -> Share | None:
    """A source that was made just now; none for one that people have entered and that this run does not ask."""
    if any(outlet.source.id == source.id for source in known):
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
        f"not asked itself: its pages were found by {found.finder.id}",
    )
    return Share(Discovery(outlet.source, (), (probe,)), ())


def _with(before: Share, run: Run, found: Found, outlet: Attributed, settings: Settings) -> Share:
    """A source's discovery with the pages found on its site after those it named itself, in batches of their own."""
    source, size = before.discovery.source, settings.batch_size
    judge, at = Judge(run, source), found.finder.searches[0].url
    ends = [_judged(judge, entry, at, found) for entry in outlet.entries]
    links = [end for end in ends if isinstance(end, Link)]
    settled = [end for end in ends if isinstance(end, Settled)]
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


def _judged(judge: Judge, entry: Entry, at: str, found: Found) -> Link | Settled:
    try:
        return judge.judge(entry, FoundIn.SEARCH, at, entry.url, found.window)
    except Exception as error:
        if ends_the_run(error):
            raise
        return judge.unreadable(entry, FoundIn.SEARCH, at, error)


def _of_finder(run: Run, found: Found, done: Attribution, unasked: Sequence[Settled], settings: Settings) -> Share:
    """The finder's own discovery: how its calls went, and the pages that ended with it."""
    share = above("found_share", settings.found_share, _ADVICE)
    ended = (
        *unasked,
        *_ended(run, found, done.without_outlet, Outcome.REJECTED, Reason.URL, "no page of an outlet with a name"),
        *_ended(run, found, done.over_share, Outcome.DEFERRED, Reason.OVER_SHARE, share),
    )
    settled = tuple({end.fetch.link.link_id: end for end in ended}.values())
    batches: tuple[Batch[Link], ...] = (Batch(found.finder.id, 0, (), settled),) if settled else ()
    *before, last = found.probes
    told = "; ".join(part for part in (last.detail, done.sentence()) if part)
    return Share(Discovery(found.finder, batches, (*before, replace(last, detail=told))), batches)


def _ended(
    run: Run, found: Found, entries: Iterable[Entry], outcome: Outcome, reason: Reason, detail: str
) -> list[Settled]:
    at = found.finder.searches[0].url
    named = [(entry, entry.url[:_SHOWN]) for entry in entries]
    links = [Link(found.finder.id, url, canonical_url(url) or url, FoundIn.SEARCH, at, e.title) for e, url in named]
    return [_settled(run, link, outcome, reason, detail) for link in links]


def _settled(run: Run, link: Link, outcome: Outcome, reason: Reason, detail: str) -> Settled:
    return Settled(Fetch(run.run_id, link, datetime.now(UTC)), Stage.DISCOVER, outcome, reason, detail)
