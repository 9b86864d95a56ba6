"""Two outlets on loopback whose pages come, change and go from night to night; some answers are hostile, if asked for.

What is answered depends on the night, the address and the validator sent, and on nothing else, so a run that was killed
and one that was not are told the same. The visitor says in its name which night it is (``night-3@tests.test``).
"""

import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

from benchmarks.site import Heard, Reply, say
from benchmarks.soak import HOSTILE, LIMIT, hostile_script
from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Feed, Source

DAY = date(2024, 3, 5)
WINDOW = Window(date(2024, 1, 1), date(2024, 12, 31))
OUTLETS = ("north", "south")
#: Links a feed offers a night, and how many of them were not there the night before.
LINKS, NEW = 10, 5
TOWNS = ("Mayadin", "Raqqa", "Idlib", "Homs", "Palmyra", "Manbij", "Hasakah")
PAGE = """<html lang="en"><head><title>{title}</title><meta property="article:published_time" content="{day}">
</head><body><article><h1>{title}</h1><p>{place}, Syria ({outlet} Press) - Gunmen killed {killed} soldiers near the
town of {place} on Monday, a local official said on Tuesday.{more}</p><p>{filler}</p></article></body></html>"""
FILLER = "The residents of the town spoke of heavy clashes through the night and of roads that were closed. "
_NIGHT = re.compile(r"night-(\d+)@")


def sources() -> tuple[Source, ...]:
    """The outlets."""
    return tuple(
        Source(
            id=name,
            name=f"The {name.title()} Post",
            family=f"{name} press",
            country="SY",
            language="en",
            homepage=f"http://{name}.test/",
            feeds=(Feed(url=f"http://{name}.test/feed", verified_on=DAY),),
            delay_seconds=0,
        )
        for name in OUTLETS
    )


def a_night(number: int, night: int | None = None, origin: str = "nightly") -> tuple[Run, str]:
    """The run of a number, and the name under which it asks: that of its night."""
    started = datetime(2024, 6, 1, 2, tzinfo=UTC) + timedelta(days=number)
    return Run(origin, WINDOW, started, "0.1.0+test"), f"night-{number if night is None else night}@tests.test"


def visiting(settings: Settings, port: int, visitor: str, *, impatient: bool = False) -> Settings:
    """These settings, with the newsroom in reach; ``impatient`` where hostile answers never come to an end."""
    hosts = {f"{name}.test": f"127.0.0.1:{port}" for name in OUTLETS}
    told = {
        "allow_loopback": True,
        "connect_to": hosts,
        "contact_email": visitor,
        "retries": 0,
        "read_timeout": 0.5 if impatient else 60.0,
        "total_timeout": 1.0 if impatient else 120.0,
        "max_body_bytes": LIMIT,
        "workers": 0,
        "batch_size": 5,
        "lock_wait_seconds": 0.0,
        "ledger_bytes": 20_000,
    }
    return settings.model_copy(update=told)


def newsroom(hostile_share: float = 0.0) -> Callable[[Heard], Reply]:
    """What the outlets answer; so many of the feeds and pages are hostile."""
    hostile = hostile_script()

    def script(heard: Heard) -> Reply:
        told = _NIGHT.search(heard.headers.get("user-agent", ""))
        night = int(told.group(1)) if told else 0
        if heard.path != "/feed" and not heard.path.startswith("/news/"):
            return say(404)  # robots.txt, and what else a polite visitor looks for
        chance = random.Random(f"{night} {heard.host} {heard.path}")
        if chance.random() < hostile_share:
            return hostile(Heard(heard.host, f"/{chance.choice(HOSTILE)}/x", heard.begun, 0))
        outlet = heard.host.partition(".")[0]
        if heard.path == "/feed":
            return say(200, _feed(outlet, night))
        return _page(outlet, int(heard.path.rpartition("/")[2]), night, heard.headers.get("if-none-match", ""))

    return script


def offered(night: int) -> range:
    """The numbers of the articles that a feed names on a night."""
    return range(night * NEW, night * NEW + LINKS)


def _feed(outlet: str, night: int) -> bytes:
    items = "".join(
        f"<item><title>Attack number {number}</title><link>http://{outlet}.test/news/{number}</link>"
        f"<pubDate>{format_datetime(_published(number))}</pubDate></item>"
        for number in offered(night)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{outlet}</title>{items}</channel></rss>'.encode()


def _page(outlet: str, number: int, night: int, validator: str) -> Reply:
    again = number < night * NEW + NEW and night > 0
    if again and number % NEW == 1:
        return say(410)
    version = int(again and number % NEW == 0)
    etag = f'"{number}-{version}"'
    if validator == etag:
        return Reply(f"HTTP/1.1 304 Same\r\nETag: {etag}\r\n\r\n".encode(), status=304)
    return say(200, page(outlet, number, version), ETag=etag)


def page(outlet: str, number: int, version: int = 0) -> bytes:
    """An article as it stands; a second version corrects it. Every fourth is the north's, word for word."""
    author = "north" if number % 4 == 0 else outlet
    correction = " A woman was wounded, the official added later." if version else ""
    return PAGE.format(
        title=f"Attack number {number} near {TOWNS[number % len(TOWNS)]}, {author}",
        day=_published(number).isoformat(),
        place=TOWNS[number % len(TOWNS)],
        outlet=author.title(),
        killed=number % 17 + 2,
        more=correction,
        filler=FILLER * 6,
    ).encode()


def _published(number: int) -> datetime:
    return datetime(2024, 3, 5, 9, tzinfo=UTC) + timedelta(days=number // NEW)
