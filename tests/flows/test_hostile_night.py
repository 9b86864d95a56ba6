"""A night over a site that serves everything hostile at once, beside an honest one: the night ends well, the honest
source's events are published, and every hostile item is named.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from schemas.settings import Settings
from tasks.warehouse.store.connect import open_reader
from tests.unit.web.hostile.case import dripped, raw
from tests.unit.web.server import Script, Server, answer

BAD, GOOD = "http://bad.firstdraft.test", "http://good.firstdraft.test"
#: Yesterday, so that whatever the zone the day is within the night's window.
AT = datetime.now(UTC) - timedelta(days=1)
BEYOND = "/\u0623\u062e\u0628\u0627\u0631"
TOWNS = ("Mayadin", "Raqqa", "Idlib", "Homs")
#: The links of the hostile feed, and how each ends: outcome, reason, and a word of the detail.
ENDS: dict[str, tuple[str, str | None, str]] = {
    BEYOND: ("stored", None, ""),
    "/phrase": ("stored", None, ""),
    "/location": ("stored", None, ""),
    "/bell": ("stored", None, ""),
    "/reference": ("stored", None, ""),
    "/never": ("stored", None, ""),
    "/" + "a" * 3000: ("stored", None, ""),
    "/drip": ("deferred", "total_timeout", "FIRSTDRAFT_TOTAL_TIMEOUT"),
    "/attributes": ("quarantined", "extract_failed", "attributes"),
    "/status": ("rejected", "protocol", ""),
}
#: With the links of the sitemap and the one of the section.
OFFERED = len(ENDS) + 60 + 1


def story(number: int, within: str = "", more: str = "") -> bytes:
    """An article that tells of one event, in a town of its own."""
    town = TOWNS[number % len(TOWNS)]
    filler = "The residents of the town spoke of heavy clashes through the night and of roads that were closed. " * 6
    return (
        f'<!doctype html><html lang="en"><head><title>Attack number {number} near {town}</title>'
        f'<meta property="article:published_time" content="{AT.isoformat()}"></head><body><article>'
        f"<h1>Attack number {number} near {town}</h1><p>{town.upper()}, Syria (Press){within} - Gunmen killed "
        f"{number + 2} soldiers near the town of {town} on Monday, a local official said on Tuesday.</p>"
        f"<p>{filler}</p>{more}</article></body></html>"
    ).encode()


def feed(home: str, links: dict[str, str]) -> bytes:
    items = "".join(
        f"<item><title>T</title><link>{home}{link}</link><pubDate>{date}</pubDate></item>"
        for link, date in links.items()
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>N</title>{items}</channel></rss>'.encode()


def hostile_routes() -> dict[str, Script]:
    """What the hostile site says."""
    links = dict.fromkeys(ENDS, format_datetime(AT)) | {"/never": "9999-12-31T23:59:59Z"}
    sitemap = "".join(f"<url><loc>{BAD}/map/{number}</loc></url>" for number in range(60))
    length = len(story(1))
    return {
        "/robots.txt": raw(
            "HTTP/1.1 200 Tr\xe8s bien", "X-\xe9: \xff", body=b"User-agent: *\nDisallow: " + b"*a" * 200 + b"b"
        ),
        "/.well-known/tdmrep.json": answer(b'[{"location": "*a*a*a*a*a*a*a*ab", "tdm-reservation": 1}]'),
        "/bad/feed": answer(feed(BAD, links), media="application/rss+xml"),
        "/bad/punycode": answer(
            b'<?xml version="1.0" encoding="punycode"?><rss>\xff-' + b"a" * 400_000, media="application/rss+xml"
        ),
        "/bad/map.xml": answer(f"<urlset>{sitemap}</urlset>".encode(), media="application/xml"),
        "/bad/bomb.xml": answer(b"<!doctype html><html><body>sorry</body></html>"),
        "/bad/section": answer(b"<html><body>" + b"<div><p>" * 20_000 + b'<a class="x" href="/nothing">n</a>'),
        "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1": answer(story(11)),
        "/phrase": raw(
            "HTTP/1.1 200 Tr\xe8s bien", "Content-Type: text/html", f"Content-Length: {length}", body=story(1)
        ),
        "/location": raw("HTTP/1.1 302 Found", "Location: /caf\xe9", "Content-Length: 0", body=b""),
        "/caf%C3%A9": answer(story(12)),
        "/bell": answer(story(13, within="\x07\x1b\x01")),
        "/reference": answer(story(14, within="&#7;&#x1B;")),
        "/" + "a" * 3000: answer(story(15)),
        "/never": answer(story(17)),
        "/drip": dripped(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        "/attributes": answer(story(16, more="<p " + " ".join(f"a{n}='1'" for n in range(20_000)) + ">x</p>")),
        "/status": b"HTTP/9.9 \xff\xff\r\n\r\n",
    }


def honest_routes() -> dict[str, Script]:
    links = {f"/good/{number}": format_datetime(AT) for number in range(3)}
    pages: dict[str, Script] = {link: answer(story(number)) for number, link in enumerate(links)}
    return {"/good/feed": answer(feed(GOOD, links), media="application/rss+xml"), **pages}


def entry(name: str, home: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": name, "name": name, "family": name, "country": "SY", "language": "en", "homepage": f"{home}/",
        "timezone": "Asia/Damascus", "delay_seconds": 0, **changes,
    }  # fmt: skip


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, dict[str, str]]]:
    """Settings of a house whose two sources are served, and the environment that says so."""
    folder = tmp_path_factory.mktemp("hostile")
    bad = entry(
        "bad-en", BAD,
        feeds=[{"url": f"{BAD}/bad/feed"}, {"url": f"{BAD}/bad/punycode"}],
        sitemaps=[f"{BAD}/bad/bomb.xml", f"{BAD}/bad/map.xml"],
        sections=[{"url": f"{BAD}/bad/section", "selector": "a.x"}],
    )  # fmt: skip
    good = entry("good-en", GOOD, feeds=[{"url": f"{GOOD}/good/feed"}])
    file = Path(folder / "sources.yml")
    file.write_text(yaml.safe_dump({"sources": [bad, good]}), encoding="utf-8")
    with Server() as server:
        server.routes |= hostile_routes() | honest_routes()
        said = {
            "DATA_DIR": str(folder), "SOURCES_FILE": str(file), "ALLOW_LOOPBACK": "true", "TOTAL_TIMEOUT": "3",
            "READ_TIMEOUT": "3", "RETRIES": "0", "SOURCE_LINKS": "40", "WORKERS": "1", "PAGE_CPU_SECONDS": "20",
            "CONNECT_TO": json.dumps({f"{n}.firstdraft.test": f"127.0.0.1:{server.port}" for n in ("bad", "good")}),
        }  # fmt: skip
        environment = {f"FIRSTDRAFT_{name}": value for name, value in said.items()}
        yield Settings(data_dir=folder), environment


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with open_reader(settings) as con:
        return con.execute(sql).fetchall()


def test_the_night_ends_well_and_names_everything(night: tuple[Settings, dict[str, str]]) -> None:
    from flows.cli import app  # noqa: PLC0415 - the environment comes first

    settings, environment = night
    done = CliRunner().invoke(app, ["run", "--json"], env=environment)
    assert done.exit_code == 0, done.output
    told = {row[0]: row[1:] for row in rows(settings, "SELECT url, outcome, reason, detail FROM fetches")}
    for link, (outcome, reason, word) in ENDS.items():
        assert told[f"{BAD}{link}"][:2] == (outcome, reason), (link, told[f"{BAD}{link}"])
        assert word in (told[f"{BAD}{link}"][2] or "")
    ends = {row[:3]: row[3] for row in rows(settings, "SELECT source_id, outcome, reason, links FROM ("
        "SELECT source_id, outcome, reason, count(*) AS links FROM fetches GROUP BY ALL)")}  # fmt: skip
    assert ends["good-en", "stored", None] == 3
    assert ends["bad-en", "deferred", "over_links"] == OFFERED - 40
    ((discovered, links),) = rows(settings, "SELECT discovered, (SELECT count(*) FROM fetches) FROM runs")
    assert discovered == links == OFFERED + 3
    events = rows(settings, "SELECT killed_best FROM events_overview WHERE sources LIKE '%good%'")
    assert len(events) == 3
    probes = {
        row[0]: row[1:] for row in rows(settings, "SELECT url, error, detail FROM probes WHERE source_id = 'bad-en'")
    }
    assert probes[f"{BAD}/bad/feed"][0] is None
    assert "a feed without entries" in probes[f"{BAD}/bad/punycode"][1]
    assert probes[f"{BAD}/bad/bomb.xml"][0] == "not_a_sitemap"
    over = rows(settings, "SELECT DISTINCT detail FROM fetches WHERE reason = 'over_links'")
    assert [("FIRSTDRAFT_SOURCE_LINKS=40" in detail) for (detail,) in over] == [True]
    page = (settings.site_dir / "source" / "bad-en.html").read_text(encoding="utf-8")
    assert "FIRSTDRAFT_SOURCE_LINKS=40" in page


def test_the_next_night_goes_on_where_this_one_stopped(night: tuple[Settings, dict[str, str]]) -> None:
    from flows.cli import app  # noqa: PLC0415 - the environment comes first

    settings, environment = night
    done = CliRunner().invoke(app, ["run", "--json"], env=environment)
    assert done.exit_code == 0, done.output
    last = "(SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1)"
    again = rows(settings, f"SELECT url, outcome, reason FROM fetches WHERE run_id = {last} AND source_id = 'bad-en'")
    ends = {url.removeprefix(BAD): (outcome, reason) for url, outcome, reason in again}
    assert ends["/bell"] == ("unchanged", "same_bytes")
    assert ends["/attributes"][0] == "quarantined", "it was never read to its end, so it is read again"
    asked = rows(settings, "SELECT count(DISTINCT url) FROM fetches WHERE url LIKE '%/map/%' AND reason = 'not_found'")
    assert asked == [(60,)]


def test_a_rebuild_comes_to_the_same_state(night: tuple[Settings, dict[str, str]]) -> None:
    """What was put off or not read to its end depends on time and luck, so the ledger tells it."""
    from flows.cli import app  # noqa: PLC0415 - the environment comes first

    done = CliRunner().invoke(app, ["rebuild", "--json"], env=night[1])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["same"] is True
