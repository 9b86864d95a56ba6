"""Finding a source: from a front page to the entry that ``seeds/sources/`` would hold.

What a site declares for machines (feeds in its head, sitemaps in robots.txt) is asked through the gate for feeds. What
is only guessed, a common path, goes through robots.txt like any page: there we are a crawler that finds its own way.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from courlan import extract_domain

from schemas.apart import ApartError
from schemas.checkup import Finding, Sighting, State
from schemas.errors import FirstdraftError
from schemas.source import Feed, Source
from tasks.reference.places import countries
from tasks.reference.seeds import validated
from tasks.reference.zones import zones_of
from tasks.web.discovery.checkup import ADVICE, Asked, ask_feed, ask_sitemap, ask_wordpress, body_of, failure, judged
from tasks.web.discovery.endpoints import read_apart
from tasks.web.fetching.robots import PARSE_LIMIT, read_robots
from tasks.web.fetching.session import Web
from tasks.web.http.response import FetchError, Response
from tasks.web.readers.feeds import read_feed
from tasks.web.readers.homepage import Homepage, absolute, language_code, read_homepage
from tasks.web.readers.jsonfeed import parse_json, word
from tasks.web.urls.canonical import canonical_url, host_of, same_site

#: Asked in this order below the front page, then below the host, until one is a feed.
FEED_PATHS = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "feed.json", "?feed=rss2")
SITEMAP_PATHS = ("news-sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml", "sitemap.xml")
API_PATH = "wp-json/"
#: Feeds and sitemaps looked at, of those a site declares.
MAX_LOOKED_AT = 6
UNKNOWN_COUNTRY, UNKNOWN_LANGUAGE = "XX", "und"
#: Country codes sold to everybody: they say nothing of where an outlet is.
_SOLD = {"ai", "cc", "co", "fm", "gg", "io", "is", "la", "me", "nu", "sh", "so", "to", "tv", "vc", "ws"}
_CODES = {"uk": "GB", "eu": UNKNOWN_COUNTRY}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person who adds a source knows better than any guess."""

    id: str | None = None
    country: str | None = None
    language: str | None = None
    delay_seconds: float = 5.0


def find_source(web: Web, url: str, wishes: Wishes, sources: Sequence[Source], now: datetime) -> Sighting:
    """What a site offers, asked for politely, and the entry it makes; nothing is written.

    ``sources`` are the sources there are: the id avoids theirs, the family is theirs where they share the site. Raises
    :class:`FirstdraftError` where the front page cannot be read.
    """
    return _Search(web, wishes, now).run(url, sources)


def twin_of(source: Source, sources: Sequence[Source]) -> tuple[Source, str] | None:
    """A source that reads the same: it shares a feed, or in the same language the homepage or another address.

    Returns it with the address they share.
    """
    feeds = {_key(feed.url): feed.url for feed in source.feeds}
    rest = {_key(url): url for url in (source.homepage, *source.sitemaps, *_of_api(source))}
    for candidate in sources:
        shared = {_key(feed.url) for feed in candidate.feeds} & feeds.keys()
        if candidate.language == source.language:
            addresses = {_key(url) for url in (candidate.homepage, *candidate.sitemaps, *_of_api(candidate))}
            shared |= addresses & rest.keys()
        if shared:
            return candidate, (feeds | rest)[min(shared)]
    return None


class _Search:
    """One search: the requests it makes, and what they found."""

    def __init__(self, web: Web, wishes: Wishes, now: datetime) -> None:
        self._web = web
        self._wishes = wishes
        self._now = now
        self._findings: list[Finding] = []
        self._notes: list[str] = []

    def run(self, url: str, sources: Sequence[Source]) -> Sighting:
        """The whole search, in the order of the requests."""
        home, answer, is_feed = self._front_page(url)
        self._scratch = _scratch(home, self._wishes)
        page = Homepage() if is_feed else self._homepage(answer, home)
        declared = (url if "://" in url else answer.final_url,) if is_feed else page.feeds
        feeds = tuple(self._feeds(declared, home))
        api, site = self._wordpress(page.wordpress, home)
        news, whole = self._sitemaps(home, has_feed=bool(feeds or api))
        language = self._language(page, site)
        country = self._country(home)
        today = self._now.date()
        seen: dict[str, object] = {
            "name": (word(site.get("name")) or page.name or host_of(home))[:100],
            "country": country,
            "language": language,
            "homepage": home,
            "timezone": self._zone(country, word(site.get("timezone_string"))),
            "feeds": [Feed(url=feed, verified_on=today) for feed in feeds],
            "sitemaps": news,
            "archive_sitemaps": whole,
            "wordpress": api,
            "delay_seconds": self._wishes.delay_seconds,
            "verified_on": today if news or whole or api else None,
        }
        named = validated(Source, seen | _names(seen, self._wishes, sources), home)
        self._notes.append(f"family {named.family!r} is a guess: put the owner's, corroboration counts families")
        findings = tuple(replace(finding, source_id=named.id) for finding in self._findings)
        return Sighting(named, findings, tuple(self._notes))

    def _homepage(self, answer: Response, home: str) -> Homepage:
        """What the front page says of itself; nothing where its reader met a limit, and that is noted."""
        try:
            return self._web.apart(read_homepage, answer.body, home, answer.header("Link"))
        except ApartError as error:
            self._notes.append(f"the front page could not be read: {error}")
            return Homepage()

    def _front_page(self, url: str) -> tuple[str, Response, bool]:
        """The front page's address and answer, and whether it is a feed instead. Without a scheme, https first."""
        tries = [url] if "://" in url else [f"https://{url}", f"http://{url}"]
        for number, address in enumerate(tries):
            if canonical_url(address) is None:
                raise FirstdraftError(f"{url!r} is not the address of a site; give one like https://example.org/")
            scratch = _scratch(address, self._wishes)
            answer = self._web.client.get(address, gate=self._web.page_gate(scratch))
            failed = failure(answer)
            if failed is None and isinstance(answer, Response):
                read = read_apart(self._web.apart, read_feed, answer.body, answer.header("Content-Type"))
                is_feed = read.error is None
                bare = is_feed or not urlsplit(answer.final_url).path
                return (_root(answer.final_url) if bare else answer.final_url), answer, is_feed
            if number == len(tries) - 1 or isinstance(answer, Response):
                reason = failed.error if failed else ""
                problem = f"{address}: {reason}: {failed.detail if failed else ''}"
                raise FirstdraftError(f"{problem}. {ADVICE.get(reason or '', 'Try again later')}")
        raise FirstdraftError(f"{url!r} is not the address of a site")

    def _feeds(self, declared: Sequence[str], home: str) -> Iterator[str]:
        """The feeds that work, without those that only repeat what another one offers."""
        seen: set[str] = set()
        works = False
        for url in declared[:MAX_LOOKED_AT]:
            result = ask_feed(self._web, self._scratch, url)
            keys = {canonical_url(entry.url, base=url) or entry.url for entry in result.reading.entries}
            if self._take(result) and (not works or not keys <= seen):
                works = True
                seen |= keys
                yield url
        if works:
            return
        for url in _below(home, FEED_PATHS):
            result = ask_feed(self._web, self._scratch, url, self._web.page_gate(self._scratch))
            if result.reading.error is None:
                self._take(result)
                self._notes.append(f"the feed {url} is not declared by the page: it was found by its usual path")
                yield url
                return
        self._notes.append("no feed was found: a section page with a selector can take its place (docs/sources.md)")

    def _sitemaps(self, home: str, *, has_feed: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Sitemaps for every run (news, or all where there is no feed), and those of the whole site for backfills."""
        named = self._named_in_robots(home)
        gate = None if named else self._web.page_gate(self._scratch)
        news: list[str] = []
        whole: list[str] = []
        for url in (named or list(_below(_root(home), SITEMAP_PATHS)))[:MAX_LOOKED_AT]:
            result = ask_sitemap(self._web, self._scratch, "archive_sitemap", url, gate)
            if gate is not None and result.reading.error is not None:
                continue
            if self._take(result):
                is_news = any(entry.published.day for entry in result.reading.entries)
                (news if is_news or not has_feed else whole).append(url)
                if gate is not None and not is_news:
                    break  # the usual paths are names for one thing
        return tuple(news), tuple(whole)

    def _named_in_robots(self, home: str) -> list[str]:
        url = urljoin(home, "/robots.txt")
        rules = read_robots(self._web.client.get(url, gate=self._web.feed_gate(self._scratch), cut_at=PARSE_LIMIT))
        if isinstance(rules, FetchError):
            return []
        maps = (absolute(home, address) for address in rules.sitemaps)
        return list(dict.fromkeys(address for address in maps if address and same_site(address, home)))

    def _wordpress(self, announced: str | None, home: str) -> tuple[str | None, dict[str, object]]:
        """The REST API where one answers, and what its root says of the site (name, time zone)."""
        for api in (announced,) if announced else _below(home, (API_PATH,)):
            gate = None if announced else self._web.page_gate(self._scratch)
            result = ask_wordpress(self._web, self._scratch, api, gate)
            if result.reading.error is None or announced:
                if not self._take(result):
                    return None, {}
                root = parse_json(body_of(self._web.client.get(api, gate=gate or self._web.feed_gate(self._scratch))))
                return api, root if isinstance(root, dict) else {}
        return None, {}

    def _take(self, result: Asked) -> bool:
        """Keep the finding; whether the address can be read and offers something."""
        finding = judged(self._scratch, result, self._now)
        self._findings.append(finding)
        return finding.state is not State.DOWN and bool(finding.entries)

    def _language(self, page: Homepage, site: dict[str, object]) -> str:
        language = self._wishes.language or page.language or language_code(word(site.get("language")))
        if not language:
            self._notes.append("the page does not say its language: give it with --language")
        return language or UNKNOWN_LANGUAGE

    def _country(self, home: str) -> str:
        if self._wishes.country:
            return self._wishes.country.upper()
        label = host_of(home).rpartition(".")[2]
        code = _CODES.get(label, label.upper())
        if label in _SOLD or code not in countries():
            self._notes.append("nothing says which country it works from: give it with --country")
            return UNKNOWN_COUNTRY
        self._notes.append(f"country {code} is guessed from the host's ending")
        return code

    def _zone(self, country: str, announced: str | None) -> str:
        """The zone WordPress tells, else the country's first; UTC where neither is known."""
        if announced and _is_zone(announced):
            return announced
        zones = zones_of(country)
        if len(zones) != 1:
            reason = f"the first of {len(zones)} zones of {country}" if zones else "no country to go by"
            self._notes.append(f"timezone is a guess ({reason}): it is used where pages give a time without a zone")
        return zones[0] if zones else "UTC"


def _scratch(home: str, wishes: Wishes) -> Source:
    """A source that only exists to ask: its homepage says what its own site is."""
    return Source(
        id="new",
        name="new",
        family="new",
        country=UNKNOWN_COUNTRY,
        language=UNKNOWN_LANGUAGE,
        homepage=home,
        delay_seconds=wishes.delay_seconds,
    )


def _names(seen: Mapping[str, object], wishes: Wishes, sources: Sequence[Source]) -> dict[str, object]:
    """An id nobody has, and a family: that of a source on the same site, else one of its own."""
    home, language = str(seen["homepage"]), seen["language"]
    label = _slug(extract_domain(home, fast=True) or host_of(home)) or "source"
    stem = _slug(str(seen["name"])) or label.rpartition("-")[0] or label
    ids = {source.id for source in sources}
    candidates = (f"{stem}-{language}", f"{label}-{language}", *(f"{stem}-{language}-{n}" for n in range(2, 100)))
    free = next((name for name in candidates if name not in ids), stem)
    shared = (source.family for source in sources if same_site(source.homepage, home))
    return {"id": wishes.id or free, "family": next(shared, stem)}


def _slug(text: str) -> str:
    """Words in lower-case ASCII with hyphens between; empty where no Latin letter is in it.

    >>> _slug("L'Écho du Nord – news"), _slug("شبكة")
    ('l-echo-du-nord-news', '')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def _below(home: str, paths: Sequence[str]) -> Iterator[str]:
    """The paths below the front page's folder, then below the host, each once."""
    folder = home.partition("?")[0].partition("#")[0]
    folder = folder if folder.endswith("/") else f"{folder}/"
    yield from dict.fromkeys(f"{base}{path}" for base in (folder, _root(home)) for path in paths)


def _root(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))


def _key(url: str) -> str:
    """An address for comparing: scheme, ``www.`` and a closing slash make no other outlet."""
    return re.sub(r"^https?://(?:www\.)?", "", canonical_url(url) or url).rstrip("/")


def _of_api(source: Source) -> tuple[str, ...]:
    return (source.wordpress,) if source.wordpress else ()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return "/" in name
