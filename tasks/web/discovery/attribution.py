"""Whose a page is that a search found: the outlet's on whose site it stands, known to us or new.

A search names pages, and the outlet is who published them. A known outlet keeps its own entry, with its manners and its
family. For any other site a source is made: unreviewed, its family unknown and so no second voice for anybody, asked by
the rules of every source, robots.txt first.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schemas.source import UNKNOWN_FAMILY, Source
from tasks.web.fetching.session import is_own
from tasks.web.readers.entries import Entry
from tasks.web.urls.canonical import canonical_url, host_of, looks_like_trap, same_site, site_of


@dataclass(frozen=True, slots=True)
class Attributed:
    """The pages of one outlet, each once."""

    source: Source
    entries: tuple[Entry, ...]

    @property
    def made(self) -> bool:
        """Whether its source was made for the site, and nobody has reviewed it."""
        return bool(self.source.discovered_by)


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a search found, by outlet: each page in it, or ``without_outlet``, ``over_share`` or named ``twice``."""

    outlets: tuple[Attributed, ...]
    without_outlet: tuple[Entry, ...]
    over_share: tuple[Entry, ...]
    twice: int

    @property
    def found(self) -> int:
        """How many pages were named in all."""
        return self.kept + len(self.without_outlet) + len(self.over_share) + self.twice

    @property
    def kept(self) -> int:
        """How many of them are to be asked for."""
        return sum(len(outlet.entries) for outlet in self.outlets)

    def sentence(self) -> str:
        """In words, every page accounted for."""
        new = [outlet for outlet in self.outlets if outlet.made]
        outlets = f"{self.kept} of {len(self.outlets)} outlets ({len(new)} of them unreviewed)"
        apart = f"{len(self.without_outlet)} no outlet's, {len(self.over_share)} over the share of unreviewed outlets"
        return f"{self.found} pages found: {outlets}, {self.twice} named twice, {apart}"


def attribute(
    entries: Iterable[Entry],
    sources: Sequence[Source],
    finder: Source,
    most: int | None = None,
    named: frozenset[str] = frozenset(),
) -> Attribution:
    """The entries by outlet, in order of their source's id. ``most`` is how many pages of unreviewed outlets may be
    asked for: they are taken outlet by outlet in turn, each outlet's first ones first, so that none crowds out the
    others. ``named`` are canonical URLs that somebody else has named.
    """
    by_site: dict[str, dict[str, Entry]] = defaultdict(dict)
    without: dict[str, Entry] = {}
    total = 0
    for entry in entries:
        total += 1
        key = canonical_url(entry.url)
        site = _site(key, finder) if key else ""
        if not key or not site:
            without.setdefault(key or entry.url, entry)
        elif key not in named:
            by_site[site].setdefault(key, entry)
    all_outlets = [_outlet(site, tuple(pages.values()), sources, finder) for site, pages in sorted(by_site.items())]
    within, over = _within(all_outlets, most)
    outlets = tuple(sorted((outlet for outlet in within if outlet.entries), key=lambda outlet: outlet.source.id))
    once = sum(len(pages) for pages in by_site.values()) + len(without)
    return Attribution(outlets, tuple(without.values()), tuple(over), total - once)


def most_of_run(ordinary: int, share: float) -> int | None:
    """How many pages of unreviewed outlets a run may ask for beside so many others, to be that share of all.

    >>> most_of_run(90, 0.1), most_of_run(0, 0.1), most_of_run(50, 0.5), most_of_run(0, 1)
    (10, 0, 50, None)
    """
    return None if share >= 1 else int(ordinary * share / (1 - share) + 1e-9)


def source_of_site(site: str, finder: Source) -> Source:
    """The source that is made for a site nobody has entered: what its finder covers, and no more is claimed."""
    name = re.sub(r"[^a-z0-9]+", "-", site.lower()).strip("-")
    return Source(
        id=f"found-{name}-{finder.language}",
        name=site,
        family=UNKNOWN_FAMILY,
        country=finder.country,
        language=finder.language,
        homepage=f"https://{site}/",
        delay_seconds=finder.delay_seconds,
        discovered_by=finder.id,
        notes="Made for the site, unreviewed.",
    )


def _site(key: str, finder: Source) -> str:
    """The site a page stands on, with a name of its own; empty where it has none, or is the search's."""
    site = site_of(host_of(key))
    searched = (finder.homepage, *(search.url for search in finder.searches))
    if looks_like_trap(key) or "." not in site or site.replace(".", "").isdigit() or ":" in site:
        return ""
    return "" if any(same_site(key, address) for address in searched) else site


def _outlet(site: str, entries: tuple[Entry, ...], sources: Sequence[Source], finder: Source) -> Attributed:
    """The known source of a site, of several the one in the finder's language, then the first by id; else a new one."""
    matching = [source for source in sources if not source.searches and is_own(entries[0].url, source)]
    matching.sort(key=lambda source: (source.language != finder.language, source.id))
    return Attributed(matching[0] if matching else source_of_site(site, finder), entries)


def _within(outlets: Sequence[Attributed], most: int | None) -> tuple[list[Attributed], list[Entry]]:
    """The outlets with no more pages of unreviewed ones than may be asked for, dealt out one a round; and the rest."""
    made = [outlet for outlet in outlets if outlet.made]
    total = sum(len(outlet.entries) for outlet in made)
    remaining = total if most is None else min(most, total)
    allowed = dict.fromkeys((outlet.source.id for outlet in made), 0)
    turn = 0
    while remaining:
        for outlet in made:
            if remaining and len(outlet.entries) > turn:
                allowed[outlet.source.id] += 1
                remaining -= 1
        turn += 1
    shortened: list[Attributed] = []
    over: list[Entry] = []
    for outlet in outlets:
        count = allowed.get(outlet.source.id, len(outlet.entries))
        shortened.append(replace(outlet, entries=outlet.entries[:count]))
        over += outlet.entries[count:]
    return shortened, over
