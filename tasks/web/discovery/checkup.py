"""A checkup of one source: each of its addresses asked once, through the same gates and readers as in a run.

What is down is told apart from what is odd: a feed that moved, fell silent or leads elsewhere still works.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urljoin, urlsplit

from schemas.checkup import Finding, State
from schemas.run import Window
from schemas.source import Section, Source
from tasks.web.discovery.endpoints import read_apart
from tasks.web.discovery.searching import calls
from tasks.web.fetching.robots import PARSE_LIMIT, read_robots, what_else
from tasks.web.fetching.session import Web, is_own
from tasks.web.fetching.verdicts import judge_fault, judge_status
from tasks.web.http.request_policy import RequestPolicy
from tasks.web.http.response import FetchError, Response
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.feeds import read_feed
from tasks.web.readers.listings import read_listing
from tasks.web.readers.sitemaps import read_sitemap
from tasks.web.readers.stamps import Stamp
from tasks.web.readers.urllists import is_file, read_url_file, read_url_list
from tasks.web.readers.wordpress import posts_url, read_posts
from tasks.web.urls.canonical import canonical_url

#: sitemaps.org: no sitemap is larger than 50 MB unpacked.
_MAX_SITEMAP_BYTES = 52_428_800
_POSTS = 10
#: What to do about a reason, where there is more to say than "try again".
ADVICE = {
    "not_found": "the address is gone: `firstdraft sources add HOMEPAGE` finds the new one",
    "gone": "the address is gone: `firstdraft sources add HOMEPAGE` finds the new one",
    "blocked": "the site turns programs away: set FIRSTDRAFT_CONTACT_URL and FIRSTDRAFT_CONTACT_EMAIL, and ask it",
    "robots": "robots.txt says no: ask the site, or set enabled: false",
    "robots_unreachable": "without robots.txt no page is asked for (RFC 9309 2.3.1.4): try again later",
    "not_a_feed": "open it in a browser: a bot check, or a page where the feed was",
    "not_a_sitemap": "open it in a browser: a bot check, or a page where the sitemap was",
    "not_a_list": "open it: one address a line is expected",
    "not_wordpress": "the REST API is closed or elsewhere: take the line `wordpress` out, or correct it",
    "no_key": "make an account at the service, and give its key as FIRSTDRAFT_MEDIA_CLOUD_KEY",
    "not_cc_news_paths": "its index of paths is another file now; see https://commoncrawl.org/news-crawl",
    "not_gdelt": "its words say what it did not like: the query, or that it is asked too often",
    "not_media_cloud": "its words say what it did not like: the query, a collection, or the key",
    "no_match": "open the page and correct the selector",
    "bad_selector": "correct the selector (CSS)",
    "tls": "its certificate is not valid: ask the site; tls: unverified is the last resort",
    "unreachable": "no connection: check the host's spelling and this machine's network",
    "offsite": "it leads to another site: give that one's address",
    "address": "its name leads to an address that is not public, which is never asked",
    "rate_limited": "it asks to be left alone for a while: raise delay_seconds",
    "unreadable": "correct the path: absolute, or under seeds/",
}
_AGAIN = "try again later; if it lasts, set enabled: false"


@dataclass(slots=True)
class Asked:
    """An address that was asked for: what came, what it says, and what else is to be said of it."""

    kind: str
    url: str
    answer: Response | FetchError | None
    reading: Reading
    format: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)


def check_source(web: Web, source: Source, now: datetime) -> tuple[Finding, ...]:
    """What each address of a source answers, robots.txt first. ``now`` is an aware instant: what is old is so then."""
    findings = [_check_robots(web, source, origin) for origin in _origins(source)]
    findings += [judged(source, result, now) for result in _ask_all(web, source)]
    findings += [judged(source, result, now) for result in _ask_searches(web, source, now)]
    if not source.addresses and not source.url_lists and not source.searches:
        findings.append(_nothing_named(source))
    return tuple(findings)


def _ask_all(web: Web, source: Source) -> Iterator[Asked]:
    for feed in source.feeds:
        yield ask_feed(web, source, feed.url)
    for kind, urls in (("sitemap", source.sitemaps), ("archive_sitemap", source.archive_sitemaps)):
        for url in urls:
            yield ask_sitemap(web, source, kind, url)
    for section in source.sections:
        yield _ask_section(web, source, section)
    if source.wordpress:
        yield ask_wordpress(web, source, source.wordpress)
    for address in source.url_lists:
        yield _ask_list(web, source, address)


def ask_feed(web: Web, source: Source, url: str, gate: RequestPolicy | None = None) -> Asked:
    """A feed, and how many of its entries lead elsewhere; through the gate for feeds, or the one given."""
    answer = web.client.get(url, gate=gate or web.feed_gate(source))
    reading = failure(answer) or read_apart(web.apart, read_feed, body_of(answer), _content_type(answer))
    result = Asked("feed", url, answer, reading, feed_format(body_of(answer)))
    base = answer.final_url if isinstance(answer, Response) else url
    keys = [canonical_url(entry.url, base=base) for entry in reading.entries]
    elsewhere = sum(1 for key in keys if key is None or not is_own(key, source))
    if elsewhere:
        what = f"{elsewhere} of {len(keys)} entries do not lead to its own site"
        result.notes.append((what, "they are rejected as offsite: correct the homepage, or the feed"))
    return result


def ask_sitemap(web: Web, source: Source, kind: str, url: str, gate: RequestPolicy | None = None) -> Asked:
    """A sitemap; of an index also the newest file it names, for an index alone proves little."""
    answer = web.client.get(url, gate=gate or web.feed_gate(source))
    reading = failure(answer) or read_apart(web.apart, read_sitemap, body_of(answer), _MAX_SITEMAP_BYTES)
    result = Asked(kind, url, answer, reading, "index" if reading.children else "urlset" if not reading.error else "")
    if reading.children:
        child = max(reading.children, key=lambda entry: (str(entry.modified.day or ""), entry.url))
        inner_url = urljoin(url, child.url)
        inner = web.client.get(inner_url, gate=web.feed_gate(source))
        below = failure(inner) or read_apart(web.apart, read_sitemap, body_of(inner), _MAX_SITEMAP_BYTES)
        result.format = f"index of {len(reading.children)}"
        result.reading = replace(below, detail=f"{inner_url}: {below.detail}" if below.detail else "")
    undated = sum(1 for entry in result.reading.entries if not entry.published.day and not entry.modified.day)
    if undated and kind == "sitemap":
        what = f"{undated} of {len(result.reading.entries)} entries bear no date"
        result.notes.append((what, "every run asks for all of them: name it under archive_sitemaps instead"))
    return result


def _ask_section(web: Web, source: Source, section: Section) -> Asked:
    answer = web.client.get(section.url, gate=web.page_gate(source))
    final = answer.final_url if isinstance(answer, Response) else section.url
    reading = failure(answer) or read_apart(web.apart, read_listing, body_of(answer), final, section.selector)
    return Asked("section", section.url, answer, reading, f"selector {section.selector}")


def ask_wordpress(web: Web, source: Source, api: str, gate: RequestPolicy | None = None) -> Asked:
    """The newest posts of a WordPress REST API (``api``: its root), through the gate for feeds, or the one given."""
    answer = web.client.get(posts_url(api, per_page=_POSTS), gate=gate or web.feed_gate(source))
    reading = failure(answer) or read_apart(web.apart, read_posts, body_of(answer))
    result = Asked("wordpress", api, answer, reading, "REST")
    total = answer.header("X-WP-Total") if isinstance(answer, Response) else None
    result.format = f"REST, {total} posts" if total and total.isdigit() else result.format
    return result


def _ask_list(web: Web, source: Source, address: str) -> Asked:
    if is_file(address):
        return Asked("list", address, None, read_url_file(address), "file")
    answer = web.client.get(address, gate=web.feed_gate(source))
    return Asked("list", address, answer, failure(answer) or read_url_list(body_of(answer)), "text")


def _ask_searches(web: Web, source: Source, now: datetime) -> Iterator[Asked]:
    """The first call of each search, for the last day."""
    window = Window((now - timedelta(days=1)).date(), now.date())
    for search in source.searches:
        single = source.model_copy(update={"searches": (search,)})
        call = next(calls(web, single, window))
        yield Asked(search.kind, call.url, call.answer, call.reading, f"search {search.query}")


def judged(source: Source, result: Asked, now: datetime) -> Finding:
    """The finding of an address that was asked for."""
    answer, reading = result.answer, result.reading
    finding = Finding(
        source_id=source.id,
        kind=result.kind,
        url=result.url,
        state=State.OK,
        status=answer.status if isinstance(answer, Response) else None,
        format=result.format if not reading.error else "",
        entries=None if reading.error else len(reading.entries),
        newest=newest_of(reading.entries),
        elapsed_ms=answer.elapsed_ms if answer else 0,
    )
    if reading.error:
        problem = f"{reading.error}: {reading.detail}" if reading.detail else reading.error
        return replace(finding, state=State.DOWN, problem=problem, advice=ADVICE.get(reading.error, _AGAIN))
    notes = [*result.notes, *_oddities(source, result, finding, now)]
    if not notes:
        return finding
    problem, advice = ("; ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*notes, strict=True))
    return replace(finding, state=State.WARNING, problem=problem, advice=advice)


def _oddities(source: Source, result: Asked, finding: Finding, now: datetime) -> Iterator[tuple[str, str]]:
    """What is odd about an address that can be read, each with what to do."""
    answer, reading = result.answer, result.reading
    if isinstance(answer, Response) and _moved(answer, result.url):
        yield f"moved to {answer.final_url}", "correct the address"
    if reading.partial:
        yield reading.detail, "part of it is lost; nothing to do unless articles are missing"
    if not reading.entries:
        yield "it offers nothing", "look again tomorrow; if it lasts, it is no longer in use"
    silent_since = now - timedelta(days=source.max_age_days)
    if result.kind not in {"archive_sitemap", "list"} and finding.newest and finding.newest < silent_since:
        days = (now - finding.newest).days
        yield f"silent: nothing newer than {days} days (max_age_days: {source.max_age_days})", "is it still in use?"


def _check_robots(web: Web, source: Source, origin: str) -> Finding:
    """robots.txt of an origin: whether it can be had, and whether its articles may be asked for."""
    url = f"{origin}/robots.txt"
    answer = web.client.get(url, gate=web.feed_gate(source), cut_at=PARSE_LIMIT)
    rules = read_robots(answer)
    status = answer.status if isinstance(answer, Response) else None
    finding = Finding(source.id, "robots", url, State.OK, status, elapsed_ms=answer.elapsed_ms)
    if isinstance(rules, FetchError):
        reason = rules.reason.value
        problem = f"{reason}: {rules.detail}"
        return replace(finding, state=State.DOWN, problem=problem, advice=ADVICE.get(reason, _AGAIN))
    agent = web.settings.user_agent.partition("/")[0]
    delay, maps = rules.crawl_delay(agent), len(list(rules.sitemaps))
    details = [f"{maps} sitemaps" if maps else "", f"crawl-delay {delay:g} s" if delay else ""]
    details.append("no robots.txt: all allowed" if status != 200 else "")
    finding = replace(finding, format=", ".join(part for part in details if part))
    barred = [page for page in (source.homepage, *(s.url for s in source.sections)) if _on(page, origin)]
    barred = [page for page in barred if not rules.can_fetch(page, agent)]
    if barred:
        return replace(finding, state=State.DOWN, problem=f"robots: disallows {barred[0]}", advice=ADVICE["robots"])
    longest = web.settings.max_delay_seconds
    if delay and delay > longest:
        advice = f"it will not be asked: FIRSTDRAFT_MAX_DELAY_SECONDS is {longest:g}"
        return replace(finding, state=State.DOWN, problem=f"crawl-delay {delay:g} s", advice=advice)
    odd = what_else(answer) if isinstance(answer, Response) and status == 200 else ""
    if odd:
        return replace(finding, state=State.WARNING, problem=odd, advice="it forbids nothing")
    return finding


def failure(answer: Response | FetchError) -> Reading | None:
    """What kept an address from being read at all."""
    verdict = judge_fault(answer) if isinstance(answer, FetchError) else judge_status(answer, known=False)
    return Reading(error=verdict[1].value, detail=verdict[2]) if verdict else None


def body_of(answer: Response | FetchError) -> bytes:
    """The decoded body; empty where there is none."""
    return answer.body if isinstance(answer, Response) else b""


def newest_of(entries: Sequence[Entry]) -> datetime | None:
    """The latest date of publication; of change where no entry bears one."""
    for stamps in ([entry.published for entry in entries], [entry.modified for entry in entries]):
        instants = [instant for stamp in stamps if (instant := _instant(stamp))]
        if instants:
            return max(instants)
    return None


def feed_format(data: bytes) -> str:
    """What a feed calls itself.

    >>> feed_format(b'<?xml version="1.0"?><rss version="2.0"><channel>')
    'RSS'
    """
    start = data[:2_000].lower()
    names = ((b"<rss", "RSS"), (b"<rdf:rdf", "RSS 1.0"), (b"<feed", "Atom"), (b"jsonfeed.org", "JSON Feed"))
    return next((name for mark, name in names if mark in start), "")


def _instant(stamp: Stamp) -> datetime | None:
    return stamp.instant or (datetime.combine(stamp.day, time(), UTC) if stamp.day else None)


def _content_type(answer: Response | FetchError) -> str | None:
    return answer.header("Content-Type") if isinstance(answer, Response) else None


def _moved(answer: Response, url: str) -> bool:
    return bool(answer.redirects) and canonical_url(answer.final_url) != canonical_url(url)


def _origins(source: Source) -> list[str]:
    """Scheme, host and port of what robots.txt is asked for: the homepage, and section pages."""
    pages = () if source.searches else (source.homepage, *(section.url for section in source.sections))
    parts = [urlsplit(page) for page in pages if page]
    return list(dict.fromkeys(f"{part.scheme}://{part.netloc.lower()}" for part in parts))


def _on(page: str, origin: str) -> bool:
    parts = urlsplit(page)
    return f"{parts.scheme}://{parts.netloc.lower()}" == origin


def _nothing_named(source: Source) -> Finding:
    problem, advice = "no feed, sitemap, section, API or list is named", "`firstdraft sources add HOMEPAGE` finds some"
    return Finding(source.id, "source", source.homepage, State.DOWN, problem=problem, advice=advice)
