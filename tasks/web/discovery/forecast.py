"""The plan of a backfill: windows, what is done, how many links to reckon with, and the time politeness makes of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from schemas.backfill import Archives, DoneWindow, Holding, Plan, WindowPlan
from schemas.link import Link
from schemas.outcome import Batch
from schemas.run import Window, windows_between
from schemas.source import Source
from tasks.web.readers.stamps import read_stamp
from tasks.web.urls.canonical import host_of

#: Seconds a request itself takes beside the pause after it, and a page out of a WARC file takes to be read and coded.
#: Round figures for a plan.
REQUEST_SECONDS = 0.5
WARC_PAGE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class LinkCount:
    """What is known of one source before anything is fetched: links by day, and those nobody dated."""

    source_id: str
    by_day: Mapping[date, int] = field(default_factory=dict)
    undated: int = 0
    note: str = ""
    reached: bool = True


def plan_windows(
    archives: Archives, whole: Window, days: int, source_ids: Sequence[str], done: Iterable[DoneWindow]
) -> Plan:
    """The windows, oldest first, each with the sources that are to be asked and those done before.

    A source is done with a window when each of its days was in a finished one, whatever its length.
    """
    finished: defaultdict[str, set[date]] = defaultdict(set)
    for finished_window in done:
        finished[finished_window.source_id] |= finished_window.days(growing=not archives.warcs)
    windows = [whole] if archives.by_publication else windows_between(whole, days)
    plans = []
    for window in windows:
        wanted = set(_days(window))
        over = tuple(name for name in source_ids if wanted <= finished[name])
        plans.append(WindowPlan(window, tuple(name for name in source_ids if name not in over), over))
    return Plan(archives.origin, tuple(plans))


def forecast(
    plan: Plan,
    archives: Archives,
    sources: Sequence[Source],
    counts: Iterable[LinkCount],
    pace: Mapping[str, float],
    archive_delay: float,
) -> Plan:
    """The plan with what is to be expected of each window.

    Where nothing is known of a source in a window, its usual pace is reckoned with: articles a day as stored, else what
    its entry expects. An archive is taken at its word: what it does not list is not expected.
    """
    by_source = {count.source_id: count for count in counts}
    named = {source.id: source for source in sources}
    windows = []
    for window in plan.windows:
        counted = {name: _known(by_source.get(name), window.window, archives) for name in window.todo}
        expected = {
            name: round(_pace(named[name], pace) * len(_days(window.window)))
            for name in window.todo
            if not counted[name] and archives.is_site
        }
        filled = replace(
            window,
            known={name: n for name, n in counted.items() if n},
            expected={name: n for name, n in expected.items() if n},
            uncounted=tuple(
                name
                for name in window.todo
                if not counted[name] and not expected.get(name) and not by_source[name].reached
            ),
        )
        windows.append(replace(filled, seconds=_seconds(filled, archives, named, archive_delay)))
    undated = sum(count.undated for count in by_source.values())
    notes = tuple(f"{count.source_id}: {count.note}" for count in by_source.values() if count.note)
    return replace(plan, windows=tuple(windows), undated=undated, notes=notes)


def count_links(source_id: str, batches: Iterable[Batch[Link]], note: str = "", *, reached: bool = True) -> LinkCount:
    """Links by the day their sitemap or feed gives: of publication, else of the last change, which bounds it."""
    by_day: Counter[date] = Counter()
    undated = 0
    for batch in batches:
        for link in batch.items:
            day = _day_of(link)
            if day is None:
                undated += 1
            else:
                by_day[day] += 1
    return LinkCount(source_id, by_day, undated, note, reached)


def count_holdings(source_id: str, holdings: Iterable[Holding], note: str = "", *, reached: bool = True) -> LinkCount:
    """Addresses an archive holds, by day of capture: each once a day."""
    once = {(holding.archived_at.date(), holding.link.canonical_url) for holding in holdings}
    return LinkCount(source_id, Counter(day for day, _ in once), 0, note, reached)


def _day_of(link: Link) -> date | None:
    if link.published_hint is not None:
        return link.published_hint.date()
    return read_stamp(link.published_raw).day or read_stamp(link.modified_raw).day


def _known(count: LinkCount | None, window: Window, archives: Archives) -> int:
    if count is None:
        return 0
    if archives.by_publication:
        return sum(count.by_day.values())
    return sum(n for day, n in count.by_day.items() if window.start <= day <= window.end)


def _pace(source: Source, pace: Mapping[str, float]) -> float:
    expected = [bound for bound in (source.expected.min, source.expected.max) if bound is not None]
    return pace.get(source.id) or (sum(expected) / len(expected) if expected else 0.0)


def _seconds(window: WindowPlan, archives: Archives, named: Mapping[str, Source], archive_delay: float) -> float:
    """Links times delay for each host; hosts side by side."""
    if archives.warcs:
        return window.links * WARC_PAGE_SECONDS
    if archives.cdx:
        return (window.links + len(window.todo)) * (archive_delay + REQUEST_SECONDS)
    hosts: defaultdict[str, float] = defaultdict(float)
    for name in window.todo:
        links = window.known.get(name, 0) + window.expected.get(name, 0)
        host = host_of(named[name].homepage).removeprefix("www.")
        hosts[host] += links * (named[name].delay_seconds + REQUEST_SECONDS)
    return max(hosts.values(), default=0.0)


def _days(window: Window) -> list[date]:
    return [window.start + timedelta(days=number) for number in range((window.end - window.start).days + 1)]
