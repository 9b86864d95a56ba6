"""Search services on loopback: they page, cut, refuse and limit as GDELT, Media Cloud and search feeds do."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from schemas.source import Search
from tests.unit.web.readers.test_readers import rss
from tests.unit.web.server import Script, Server, Talk, answer

HOST = "news.firstdraft.test"
API = f"http://{HOST}"
KEY = "a-key-of-ours"


def gdelt(query: str) -> Search:
    return Search(kind="gdelt", url=f"{API}/doc", query=query)


def media_cloud(query: str) -> Search:
    return Search(kind="mediacloud", url=f"{API}/api", query=query, collections=(34412043,))


def search_feed(query: str) -> Search:
    return Search(kind="feed", url=f"{API}/rss?q={{query}}+after:{{start}}", query=query)


def cc_news(query: str) -> Search:
    return Search(kind="ccnews", url=f"{API}/", query=query)


def seconds(count: int, apart: int) -> list[datetime]:
    return [datetime(2024, 3, 1, tzinfo=UTC) + timedelta(seconds=n * apart) for n in range(count)]


@dataclass
class Index:
    """An index of pages by the second they were seen; it answers as the services do, and counts its calls."""

    seen: list[datetime]
    address: Callable[[int], str] = lambda n: f"https://paper{n % 3}.example/{n}"
    calls: list[dict[str, list[str]]] = field(default_factory=list)
    refuse_from: int = 1_000
    page: int = 2

    def gdelt(self, talk: Talk) -> None:
        asked = self._asked(talk)
        if len(self.calls) >= self.refuse_from:
            talk.say(answer(b"Please limit requests to one every 5 seconds.", media="text/html"))
            return
        start, end = (asked[name][0] for name in ("startdatetime", "enddatetime"))
        within = [(n, at) for n, at in enumerate(self.seen) if start <= f"{at:%Y%m%d%H%M%S}" <= end]
        articles = [
            {"url": self.address(n), "title": f"Page {n}", "seendate": f"{at:%Y%m%dT%H%M%SZ}"}
            for n, at in within[: int(asked["maxrecords"][0])]
        ]
        talk.say(_json({"articles": articles} if articles else {}))

    def media_cloud(self, talk: Talk) -> None:
        asked = self._asked(talk)
        if talk.request.headers.get("authorization") != f"Token {KEY}":
            talk.say(_json({"detail": "Authentication credentials were not provided."}, status=401))
            return
        if len(self.calls) >= self.refuse_from:
            talk.say(_json({"note": "over your quota"}, status=429))
            return
        begin = int(asked.get("pagination_token", ["0"])[0])
        stories = [
            {"url": self.address(n), "title": f"Story {n}", "publish_date": f"{at:%Y-%m-%d}"}
            for n, at in list(enumerate(self.seen))[begin : begin + self.page]
        ]
        following = str(begin + self.page) if begin + self.page < len(self.seen) else None
        talk.say(_json({"stories": stories, "pagination_token": following}))

    def feed(self, talk: Talk) -> None:
        self._asked(talk)
        items = "".join(
            f"<item><title>Page {n}</title><link>{API}/click?id={n}&amp;url={quote(self.address(n), safe='')}</link>"
            f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for n, at in enumerate(self.seen)
        )
        talk.say(answer(rss(items), media="application/rss+xml"))

    def speak(self, talk: Talk) -> None:
        """Answer as the service that is asked for."""
        path = urlsplit(talk.request.path).path
        speaks = {"/doc": self.gdelt, "/api/search/story-list": self.media_cloud, "/rss": self.feed}
        speaks[path](talk)

    def _asked(self, talk: Talk) -> dict[str, list[str]]:
        self.calls.append(parse_qs(urlsplit(talk.request.path).query))
        return self.calls[-1]


@dataclass
class Crawl:
    """CC-NEWS as it is served: an index of paths a month, and WARC files, whole or in ranges."""

    files: dict[str, bytes]
    ranges: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)

    def paths(self, month: str) -> list[str]:
        return [f"crawl-data/CC-NEWS/{month}/{name}" for name in self.files if name[8:14] == month.replace("/", "")]

    def answer(self, path: str, headers: Mapping[str, str]) -> tuple[int, bytes, dict[str, str]]:
        """The status, body and headers of an answer."""
        wanted = headers.get("range", "")
        self.asked.append((path, wanted))
        folder, _, name = path.removeprefix("/crawl-data/CC-NEWS/").rpartition("/")
        if name == "warc.paths.gz" and (paths := self.paths(folder)):
            return 200, gzip.compress("".join(f"{line}\n" for line in paths).encode()), {}
        if name not in self.files:
            return 404, b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", {}
        data = self.files[name]
        if not wanted or not self.ranges:
            return 200, data, {}
        first, last = map(int, wanted.removeprefix("bytes=").split("-"))
        if first >= len(data):
            return 416, b"", {"Content-Range": f"bytes */{len(data)}"}
        part = data[first : last + 1]
        return 206, part, {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(data)}"}

    def speak(self, talk: Talk) -> None:
        status, body, headers = self.answer(talk.request.path, talk.request.headers)
        talk.say(answer(body, status=status, headers=headers, media="application/octet-stream"))


class AnyRoute(dict[str, Script]):
    """Routes that lead every address to one script."""

    def __init__(self, script: Script) -> None:
        super().__init__({"*": script})

    def get(self, _: str, default: Any = None) -> Any:
        return super().get("*", default)


def serve(server: Server, script: Callable[[Talk], None]) -> None:
    server.routes = AnyRoute(script)


def _json(said: object, status: int = 200) -> bytes:
    return answer(json.dumps(said).encode(), status=status, media="application/json")
