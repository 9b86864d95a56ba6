# ruff: noqa: E501 - a case is a line
"""Hostile feeds, sitemaps and section pages. A new one is one line here; :class:`FeedCase` says what the fields mean."""

import gzip

from schemas.outcome import Reason
from tests.unit.web.hostile.case import DRIP, HOME, PAGE, SILENCE, FeedCase, dripped, reset_after, silent_after
from tests.unit.web.server import answer, gzipped, redirect

_RSS = "application/rss+xml"


def item(link: str = "/x", date: str = "Mon, 11 Dec 2023 10:00:00 +0300", more: str = "") -> str:
    address = link if ":" in link or not link.startswith("/") or link.startswith("//") else HOME + link
    return f"<item><title>T</title><link>{address}</link><pubDate>{date}</pubDate>{more}</item>"


def rss(*items: str, head: str = '<?xml version="1.0"?>', tail: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>N</title>{"".join(items)}</channel></rss>{tail}'.encode()


def fed(body: bytes, media: str = _RSS) -> bytes:
    return answer(body, media=media)


def urlset(*locations: str, head: str = "") -> bytes:
    urls = "".join(f"<url><loc>{location}</loc></url>" for location in locations)
    return f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def index(*locations: str) -> bytes:
    children = "".join(f"<sitemap><loc>{location}</loc></sitemap>" for location in locations)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{children}</sitemapindex>'.encode()


_LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_FILE = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
_DTD = f'<!DOCTYPE r SYSTEM "{HOME}/evil.dtd">'
_MANY = "<x " + " ".join(f"a{number}='1'" for number in range(100_000)) + "/>"
_TEN = [item(f"/{number}") for number in range(10)]
_CHALLENGE = b"<!doctype html><html><head><title>Just a moment...</title></head><body>wait</body></html>"

FEEDS = [
    FeedCase("feed", "as it should be", fed(rss(*_TEN)), links=10),
    FeedCase("feed", "billion laughs", fed(rss(item(more="<description>&i;</description>"), head=_LAUGHS)), error="not_a_feed"),
    FeedCase("feed", "a file as entity", fed(rss(item(more="<title>&f;</title>"), head=_FILE)), links=1),
    FeedCase("feed", "an external DTD", fed(rss(item(), head=_DTD)), links=1),
    FeedCase("feed", "100,000 attributes", fed(rss(_MANY, item())), error="not_a_feed", settings={"max_body_bytes": 5_000_000}),
    FeedCase("feed", "nested without end", fed(b"<rss><channel>" + b"<a>" * 300_000), error="not_a_feed", settings={"max_body_bytes": 5_000_000}),
    FeedCase("feed", "too large", fed(rss(item()) + b" " * 200_000), links=1, told="cut off"),
    FeedCase("feed", "a challenge with 200", answer(_CHALLENGE), error="not_a_feed"),
    FeedCase("feed", "a challenge said to be a feed", fed(_CHALLENGE), error="not_a_feed"),
    FeedCase("feed", "a challenge with 403", answer(_CHALLENGE, 403, {"cf-mitigated": "challenge"}), error="blocked"),
    FeedCase("feed", "JSON that is no feed", fed(b'{"error": "denied"}', "application/json"), error="not_a_feed"),
    FeedCase("feed", "plain words", fed(b"Too many requests", "text/plain"), error="not_a_feed"),
    FeedCase("feed", "empty", fed(b""), error="not_a_feed"),
    FeedCase("feed", "NULs only", fed(bytes(500)), error="not_a_feed"),
    FeedCase("feed", "gone", answer(status=410), error="gone"),
    FeedCase("feed", "not there", answer(status=404), error="not_found"),
    FeedCase("feed", "down", answer(status=503), error="server_error"),
    FeedCase("feed", "too often", answer(status=429), error="rate_limited"),
    FeedCase("feed", "moved", {"/feed/": redirect("/new/", 301), "/new/": fed(rss(*_TEN))}, links=10),
    FeedCase("feed", "in a circle", redirect("/feed/"), error="redirects"),
    FeedCase("feed", "redirected to a file", redirect("file:///etc/passwd"), error="scheme"),
    FeedCase("feed", "redirected to a private address", redirect("http://10.0.0.1/"), error="address"),
    FeedCase("feed", "dripped", dripped(b"HTTP/1.1 200 OK\r\n\r\n<rss>"), error="total_timeout", settings=DRIP),
    FeedCase("feed", "silence", silent_after(b""), error="timeout", settings=SILENCE),
    FeedCase("feed", "reset", reset_after(b""), error="unreachable"),
    FeedCase("feed", "gzip bomb", gzipped(bytes(5_000_000)), error="not_a_feed", told="cut off"),
    FeedCase("feed", "gzip cut short", gzipped(rss(*_TEN), cut=-20), error="truncated"),
    FeedCase("feed", "cut off", fed(rss(*_TEN)[:-120]), links=9, settled=(Reason.URL,)),
    FeedCase("feed", "leading blank lines", fed(b"\n\n " + rss(*_TEN)), links=10),
    FeedCase("feed", "junk behind", fed(rss(*_TEN, tail="<script>track()</script>")), links=10),
    FeedCase("feed", "a byte order mark", fed(b"\xef\xbb\xbf" + rss(*_TEN)), links=10),
    FeedCase("feed", "an unknown encoding", fed(rss(*_TEN, head='<?xml version="1.0" encoding="x-moon"?>')), links=10),
    FeedCase("feed", "UTF-16 that is UTF-8", fed(rss(*_TEN, head='<?xml version="1.0" encoding="utf-16"?>')), links=10),
    FeedCase("feed", "no items", fed(rss())),
    *(
        FeedCase("date", date or "none", fed(rss(item(date=date))), links=1)
        for date in ("1709460000", "12:00", "0000-00-00", "Mon, 11 Dec 2023 10:00:00 +9999", "soon", "")
    ),
    FeedCase("date", "before the window", fed(rss(item(date="Mon, 11 Dec 2017 10:00:00 +0300"))), settled=(Reason.OUT_OF_WINDOW,)),
    FeedCase("date", "in years to come", fed(rss(item(date="Thu, 11 Dec 2199 10:00:00 +0300"))), settled=(Reason.OUT_OF_WINDOW,)),
    *(
        FeedCase("link", name, fed(rss(item(link))), settled=(Reason.URL,))
        for name, link in (
            ("javascript", "javascript:alert(1)"), ("file", "file:///etc/passwd"), ("data", "data:text/html,x"),
            ("mail", "mailto:a@example.org"), ("empty", ""), ("open bracket", "http://[::1"),
            ("credentials", "http://a:b@news.firstdraft.test/"), ("over-long", "/" + "x" * 5000),
            ("the same segment for ever", "/a" * 30), ("30 segments", "/" + "/".join(map(str, range(30)))),
        )
    ),
    *(
        FeedCase("link", name, fed(rss(item(link))), settled=(Reason.OFFSITE,))
        for name, link in (
            ("of another site", "https://elsewhere.example/a"), ("without scheme, of another site", "//elsewhere.example/a"),
            ("a look-alike", "http://xn--80ak6aa92e.com/"), ("a private address", "http://10.0.0.1/"),
            ("the cloud's own host", "http://169.254.169.254/latest"), ("a shell", "http://127.0.0.1:22/"),
        )
    ),
    FeedCase("link", "twice, with tracking", fed(rss(item("/a?utm_source=x"), item("/a?fbclid=1"), item("/a#top"))), links=1),
    FeedCase("link", "two ids", fed(rss(item("/?id=1"), item("/?id=2"))), links=2),
]  # fmt: skip

SITEMAPS = [
    FeedCase("sitemap", "as it should be", fed(urlset(f"{HOME}/a", f"{HOME}/b")), links=2, kind="sitemap"),
    FeedCase("sitemap", "gzipped", fed(gzip.compress(urlset(f"{HOME}/a")), "application/gzip"), links=1, kind="sitemap"),
    FeedCase("sitemap", "a gzip bomb of a file", fed(gzip.compress(bytes(80_000_000), 9), "application/gzip"), error="too_large", kind="sitemap", settings={"max_body_bytes": 1_000_000}),
    FeedCase("sitemap", "gzip cut short", fed(gzip.compress(urlset(f"{HOME}/a"))[:-12], "application/gzip"), error="truncated", kind="sitemap"),
    FeedCase("sitemap", "billion laughs", fed(urlset(f"{HOME}/&amp;i", head=_LAUGHS)), links=1, kind="sitemap"),
    FeedCase("sitemap", "a page", answer(_CHALLENGE), error="not_a_sitemap", kind="sitemap"),
    FeedCase("sitemap", "another root", fed(rss(item())), error="not_a_sitemap", kind="sitemap"),
    FeedCase("sitemap", "empty", fed(b""), error="not_a_sitemap", kind="sitemap"),
    FeedCase("sitemap", "other hosts", fed(urlset("https://elsewhere.example/a", f"{HOME}/a")), links=1, settled=(Reason.OFFSITE,), kind="sitemap"),
    FeedCase("sitemap", "an index of itself", fed(index(f"{HOME}/feed/")), kind="sitemap"),
    FeedCase("sitemap", "an index elsewhere", fed(index("http://10.0.0.1/s.xml", "https://elsewhere.example/s.xml")), kind="sitemap"),
    FeedCase("sitemap", "an index of a list", {"/feed/": fed(index(f"{HOME}/1.xml")), "/1.xml": fed(urlset(f"{HOME}/a"))}, links=1, kind="sitemap"),
    FeedCase("sitemap", "an index too deep", {f"/{n}.xml": fed(index(f"{HOME}/{n + 1}.xml")) for n in range(9)} | {"/feed/": fed(index(f"{HOME}/0.xml"))}, kind="sitemap"),
    FeedCase("sitemap", "not there", answer(status=404), error="not_found", kind="sitemap"),
]  # fmt: skip

_LINKS = b'<html><body><article><a href="/a">A</a><a href="javascript:x()">B</a></article></body></html>'

SECTIONS = [
    FeedCase("section", "as it should be", answer(_LINKS), links=1, settled=(Reason.URL,), kind="section"),
    FeedCase("section", "another page", answer(PAGE), error="no_match", kind="section"),
    FeedCase("section", "a challenge", answer(_CHALLENGE), error="no_match", told="Just a moment", kind="section"),
    FeedCase("section", "a private base", answer(b'<base href="http://10.0.0.1/">' + _LINKS), settled=(Reason.OFFSITE, Reason.URL), kind="section"),
    FeedCase("section", "a broken base", answer(b'<base href="http://[::1">' + _LINKS), links=1, settled=(Reason.URL,), kind="section"),
    FeedCase("section", "disallowed", {"/feed/": answer(_LINKS), "/robots.txt": answer(b"User-agent: *\nDisallow: /feed\n")}, error="robots", kind="section"),
]  # fmt: skip

PLACES = [*FEEDS, *SITEMAPS, *SECTIONS]
