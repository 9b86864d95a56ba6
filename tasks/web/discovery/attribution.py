"""Whose a page is that a search found: the outlet's on whose site it stands, known to us or new.

A search names pages, and the outlet is who published them. A known outlet keeps its own entry, with its manners and its
family. For any other site a source is made: unreviewed, its family unknown and so no second voice for anybody, asked by
the rules of every source, robots.txt first.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.source import Source
from tasks.web.fetching.session import is_own
from tasks.web.readers.entries import Entry
from tasks.web.urls.canonical import canonical_url, host_of, looks_like_trap, site_of

#: What the family of an outlet nobody has looked at begins with.
UNKNOWN_FAMILY = "unknown"


@dataclass(frozen=True, slots=True)
class Attributed:
    """The pages of one outlet, each once; ``made`` says that its source was made for the site."""

    source: Source
    entries: tuple[Entry, ...]
    made: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a search found, by outlet. ``found == sum of entries + without_outlet + twice + over_share``."""

    outlets: tuple[Attributed, ...]
    found: int
    without_outlet: int
    twice: int
    over_share: int


def attribute(
    entries: Iterable[Entry], known: Sequence[Source], finder: Source, most: int | None = None
) -> Attribution:
    """The entries by outlet, in order of their source's id. ``most`` is how many pages of new outlets may be asked for:
    they are taken outlet by outlet in turn, each outlet's first ones first, so that none crowds out the others.
    """
    by_site: dict[str, dict[str, Entry]] = defaultdict(dict)
    found = without = twice = 0
    for entry in entries:
        found += 1
        key = canonical_url(entry.url)
        site = site_of(host_of(key)) if key and not looks_like_trap(key) else ""
        if not key or not site:
            without += 1
        elif key in by_site[site]:
            twice += 1
        else:
            by_site[site][key] = entry
    told = [_outlet(site, tuple(pages.values()), known, finder) for site, pages in sorted(by_site.items()) if pages]
    kept = _within(told, most)
    over = sum(len(one.entries) for one in told) - sum(len(one.entries) for one in kept)
    outlets = tuple(sorted((one for one in kept if one.entries), key=lambda one: one.source.id))
    return Attribution(outlets, found, without, twice, over)


def source_of_site(site: str, finder: Source) -> Source:
    """The source that is made for a site nobody has entered: what its finder covers, and no more is claimed."""
    name = re.sub(r"[^a-z0-9]+", "-", site.lower()).strip("-")
    return Source(
        id=f"found-{name}-{finder.language}",
        name=site,
        family=f"{UNKNOWN_FAMILY}: {site}",
        country=finder.country,
        language=finder.language,
        homepage=f"https://{site}/",
        delay_seconds=finder.delay_seconds,
        notes=f"Made for the site; discovered by {finder.id}; unreviewed.",
    )


def _outlet(site: str, entries: tuple[Entry, ...], known: Sequence[Source], finder: Source) -> Attributed:
    """The known source of a site, of several the one in the finder's language, then the first by id; else a new one."""
    own = [source for source in known if is_own(entries[0].url, source) and source.id != finder.id]
    if not own:
        return Attributed(source_of_site(site, finder), entries, made=True)
    own.sort(key=lambda source: (source.language != finder.language, source.id))
    return Attributed(own[0], entries, made=False)


def _within(told: Sequence[Attributed], most: int | None) -> list[Attributed]:
    """The outlets with no more pages of new ones than may be asked for, dealt out one a round."""
    if most is None:
        return list(told)
    left, allowed = most, dict.fromkeys((one.source.id for one in told if one.made), 0)
    for turn in range(max((len(one.entries) for one in told if one.made), default=0)):
        for one in told:
            if one.made and left and len(one.entries) > turn:
                allowed[one.source.id] += 1
                left -= 1
    return [
        Attributed(one.source, one.entries[: allowed[one.source.id]] if one.made else one.entries, one.made)
        for one in told
    ]
