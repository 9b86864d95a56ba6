"""Whole datums for tests: small pages about invented places, with spans that hold."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from schemas.article import UNDATED, Article, Completeness, Dateline, DateOrigin, DateReading
from schemas.discovery import Discovery, SourceProbe
from schemas.fetch import Fetch
from schemas.keys import sha256_hex
from schemas.link import FoundIn, Link
from schemas.mention import (
    Actor,
    Claim,
    CodedArticle,
    EventMention,
    Evidence,
    Place,
    Role,
    Side,
    Stance,
    Status,
    Toll,
    Victims,
    When,
)
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.page import Capture, FetchedPage
from schemas.run import Run, Window
from schemas.source import Feed, Source

DAY = date(2024, 3, 5)
NOON = datetime(2024, 3, 6, 12, tzinfo=UTC)
WINDOW = Window(DAY, DAY + timedelta(days=2))

T = TypeVar("T")


def a_run(number: int = 0, origin: str = "nightly") -> Run:
    """A run; a later number started later."""
    return Run(origin, WINDOW, NOON + timedelta(days=number), "0.1.0+test")


def a_source(name: str = "north") -> Source:
    """An outlet that is its own family; the south's is known by a search alone."""
    return Source(
        id=name,
        name=f"The {name.title()} Post",
        family=f"{name} press",
        country="SY",
        language="en",
        homepage=f"https://{name}.test/",
        feeds=(Feed(url=f"https://{name}.test/feed", verified_on=DAY),),
        discovered_by="a-search" if name == "south" else "",
    )


def a_fetch(run: Run, source: Source, slug: str, etag: str | None = None) -> Fetch:
    """A link of a source, asked for and answered."""
    url = f"https://{source.id}.test/{slug}"
    link = Link(
        source.id, url + "?utm_source=x", url, FoundIn.FEED, f"https://{source.id}.test/feed", "Hint", NOON, "Wed"
    )
    return Fetch(run.run_id, link, run.started_at, 12, 200, url, (link.url,), "text/html", etag, None)


def an_article(run: Run, source: Source, slug: str, text: str | None = None, day: date | None = DAY) -> Article:
    """A page that says ``text``; its bytes are the text's."""
    text = text or f"RIVERTON, Norland (Post) –\nGunmen killed 4 soldiers near Riverton on Monday, {slug} said."
    fetch = a_fetch(run, source, slug, etag=f'"{sha256_hex(text.encode())[:6]}"')
    body = text.encode()
    capture = Capture(
        fetch.link.canonical_url,
        sha256_hex(body),
        len(body),
        "text/html",
        run.started_at,
        run.run_id,
        "a.warc.gz",
        9,
        90,
    )
    at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC) if day else None
    return Article(
        page=FetchedPage(fetch, capture),
        source_id=source.id,
        canonical_url=fetch.link.canonical_url,
        title=f"Attack, {slug}",
        text=text,
        language="en",
        authors=("A. Writer", "B. Writer"),
        publisher="Post",
        section=None,
        published=DateReading(at, day, "+00:00", DateOrigin.JSON_LD, str(day), None) if day else UNDATED,
        modified=UNDATED,
        dateline=Dateline("RIVERTON, Norland", "Post", 0, 26) if text.startswith("RIVERTON") else None,
        completeness=Completeness.FULL,
        correction_note=None,
        fingerprint=tuple(range(8)),
        extractor="trafilatura",
        extractor_version="2.3.1",
    )


def a_mention(article: Article, killed: int | None = 4, **changes: object) -> EventMention:
    """Gunmen killed soldiers: the first sentence with ``Gunmen`` in it."""
    start = article.text.index("Gunmen")
    trigger = article.text.index("killed", start)
    mention = EventMention(
        article_id=article.article_id,
        version_id=article.version_id,
        sentence_start=start,
        sentence_end=len(article.text),
        trigger_start=trigger,
        trigger_end=trigger + 6,
        event_type="Battles",
        sub_event_type="Armed clash",
        plover_type="ASSAULT",
        plover_mode="firearms",
        status=Status.HAPPENED,
        aggregate=False,
        when=When(date(2024, 3, 4), date(2024, 3, 4), 1, "Monday", "weekday"),
        place=Place("Riverton", "p1", "Riverton", "Riverland", None, "SY", 35.5, 40.25, 2, "gazetteer"),
        actors=(
            Actor(Role.INITIATOR, "Gunmen", None, None, "rebel", None),
            Actor(Role.TARGET, "soldiers", "syrian_army", "Syrian army", "state_forces", "SY"),
        ),
        weapon=None,
        cause=None,
        killed=Toll(killed, killed, killed, "soldiers") if killed is not None else Toll(),
        injured=Toll(),
        detained=Toll(),
        displaced=Toll(),
        claims=(Claim("a spokesman", None, Stance.ASSERTS, "event", "Gunmen", start, start + 6),),
        evidence=(
            Evidence("trigger", trigger, trigger + 6, "killed", "trigger"),
            Evidence("initiator", start, start + 6, "Gunmen", "subject"),
        ),
        confidence=0.75,
        coder="rules",
        coder_version="1",
        victims=() if killed is None else (_soldiers(killed, start),),
    )
    return replace(mention, **changes)  # type: ignore[arg-type]


def _soldiers(killed: int, start: int) -> Victims:
    """Those killed, all of them of the target."""
    figures = (killed, killed, killed)
    words = (start, start + 6, "Gunmen")
    return Victims(
        "killed", Side.TARGET, "combatant", None, None, *figures, True, *words, "exact; named as target", 0.9
    )


def coded(article: Article, *mentions: EventMention) -> CodedArticle:
    """An article with its mentions; with the one it tells of where none is given."""
    return CodedArticle(article, mentions or (a_mention(article),))


def settled(
    run: Run,
    source: Source,
    slug: str,
    outcome: Outcome = Outcome.REJECTED,
    reason: Reason = Reason.NOT_FOUND,
    stage: Stage = Stage.FETCH,
) -> Settled:
    """A link that ended before the load stage."""
    return Settled(a_fetch(run, source, slug), stage, outcome, reason, "seen")


def a_batch(
    source: Source, items: Iterable[CodedArticle] = (), ended: Sequence[Settled] = (), number: int = 0
) -> Batch[CodedArticle]:
    """A batch on its way into the warehouse."""
    return Batch(source.id, number, tuple(items), tuple(ended))


def a_discovery(run: Run, source: Source, *batches: Batch[T]) -> Discovery:
    """What the source offered: as many links as the batches hold."""
    links = tuple(
        Batch(
            source.id, batch.number, tuple(a_fetch(run, source, f"{batch.number}-{i}").link for i in range(len(batch)))
        )
        for batch in batches
    )
    url = f"https://{source.id}.test/feed"
    probe = SourceProbe(run.run_id, source.id, "feed", url, run.started_at, 200, sum(map(len, links)), None)
    return Discovery(source, links, (probe,))
