"""Small news sites for the tests of finding and checking: pages, feeds and maps by path."""

import json

from tests.unit.web.readers.test_readers import item, rss
from tests.unit.web.server import Script, answer, redirect

HOME = "http://news.firstdraft.test"
#: After the dates of the items below.
ROBOTS = f"User-agent: *\nDisallow: /private/\nSitemap: {HOME}/news-sitemap.xml\nSitemap: {HOME}/sitemap_index.xml\n"


def page(head: str = "", body: str = "", lang: str = "en-GB", title: str = "The News | Latest") -> bytes:
    return answer(f'<html lang="{lang}"><head><title>{title}</title>{head}</head><body>{body}</body></html>'.encode())


def feed(*paths: str) -> bytes:
    return answer(rss(*(item(path) for path in paths)), media="application/rss+xml")


def robots(text: str = ROBOTS) -> bytes:
    return answer(text.encode(), media="text/plain")


def urlset(*paths: str, lastmod: str = "", news: bool = False) -> bytes:
    mark = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    told = "<n:news><n:publication_date>2023-12-11</n:publication_date></n:news>" if news else ""
    urls = "".join(f"<url><loc>{HOME}{path}</loc>{mark}{told}</url>" for path in paths)
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    return answer(f"<urlset {spaces}>{urls}</urlset>".encode(), media="text/xml")


def index(*paths: str) -> bytes:
    children = "".join(f"<sitemap><loc>{HOME}{path}</loc></sitemap>" for path in paths)
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return answer(f"<sitemapindex {space}>{children}</sitemapindex>".encode(), media="text/xml")


def posts(*paths: str) -> bytes:
    some = [{"link": HOME + path, "date_gmt": "2023-12-11T07:00:00", "title": {"rendered": "T"}} for path in paths]
    return answer(json.dumps(some).encode(), media="application/json", headers={"X-WP-Total": str(len(paths))})


def wordpress_site() -> dict[str, Script]:
    """A site that declares everything it has."""
    root = {"name": "The News", "timezone_string": "Asia/Damascus"}
    head = (
        '<link rel="alternate" type="application/rss+xml" title="News" href="/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="News: comments" href="/comments/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="Main" href="/category/main/feed/">'
        '<link rel="https://api.w.org/" href="/wp-json/">'
    )
    return {
        "/": page(head),
        "/robots.txt": robots(),
        "/feed/": feed("/a", "/b"),
        "/category/main/feed/": feed("/a"),
        "/news-sitemap.xml": urlset("/a", news=True),
        "/sitemap_index.xml": index("/old.xml"),
        "/old.xml": urlset("/a", "/z", lastmod="2023-12-11"),
        "/wp-json/": answer(json.dumps(root).encode(), media="application/json"),
    }


def moved(path: str) -> bytes:
    return redirect(HOME + path, status=301)
