"""A small warehouse with everything a page must cope with: agreement, difference, denial, a correction, and malice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import duckdb

from schemas.discovery import Discovery, SourceProbe
from schemas.event import Event, EventLink, StoredMention
from schemas.mention import Actor, Claim, CodedArticle, EventMention, Evidence, Place, Role, Stance, Status, When
from schemas.run import Run
from schemas.settings import Settings
from schemas.source import Source
from tasks.warehouse.load.loading import load_batch
from tasks.warehouse.runs.run_lifecycle import begin, finish, note_discovery
from tasks.warehouse.store.connect import open_writer, transaction
from tests.warehouse.build import a_batch, a_discovery, a_mention, a_run, a_source, an_article, coded
from tests.warehouse.made import save_events, save_stories, stored_mentions

AGREED = "evt_aaaa456789abcdef0123"
HOSTILE = "evt_bbbb456789abcdef0123"
DENIED = "evt_cccc456789abcdef0123"
VAGUE = "evt_dddd456789abcdef0123"
#: Markup, handlers, a closing script, direction marks, and a name as long as a page.
EVIL = '"><img src=x onerror="window.pwned=1"><script>window.pwned=2</script></script>\u202egnp.exe\u2066'
LONG = "Very" * 300
SENTENCE = "Gunmen killed 4 soldiers near Riverton on Monday, first said."

#: A mention of each event of the first run, by the source that tells of it.
Told = Mapping[str, CodedArticle]


def make(settings: Settings) -> None:
    """Two runs: in the second one page was corrected, and one source could not be reached."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    sources = [a_source("north"), a_source("south"), replace_name(a_source("evil"), EVIL), a_source("east")]
    first, second = a_run(0), a_run(1)
    with open_writer(settings) as con:
        _run(con, first, sources, _stories(first, sources), down=())
        corrected = _corrected(second, sources[0])
        _run(con, second, sources, {"north": (corrected,)}, down=("east",))


def replace_name(source: Source, name: str) -> Source:
    """The source under another name."""
    return source.model_copy(update={"name": name})


def _stories(run: Run, sources: list[Source]) -> dict[str, tuple[CodedArticle, ...]]:
    north, south, evil, _ = sources
    here, there = an_article(run, north, "first"), an_article(run, south, "second")
    denial = an_article(run, south, "denial", "Gunmen killed nobody in Hillford, the governor said; it is a lie.")
    vague = an_article(run, north, "vague", "Gunmen killed at least 83 people somewhere in the country last month.")
    return {
        "north": (coded(here), coded(vague, _vague(a_mention(vague, None)))),
        "south": (coded(there, a_mention(there, killed=6)), coded(denial, _denying(a_mention(denial, None)))),
        "evil": (coded(*_hostile(run, evil)),),
    }


def _hostile(run: Run, source: Source) -> tuple:  # type: ignore[type-arg]
    text = f"RIVERTON –\nGunmen killed 4 in {EVIL} and {LONG} on Monday. <b onclick=window.pwned=3>Bold</b> end."
    article = replace(
        an_article(run, source, "evil", text), title=f"Title {EVIL}", canonical_url="javascript:window.pwned=4//"
    )
    mention = a_mention(article)
    start = mention.sentence_start
    return article, replace(
        mention,
        place=Place(f"{EVIL} {LONG}", "p9", "Riverton", EVIL, None, "SY", 34.5, 38.25, 1, "gazetteer"),
        actors=(Actor(Role.INITIATOR, f"{EVIL} {LONG}", None, None, "rebel", None),),
        claims=(Claim(EVIL, None, Stance.ASSERTS, "event", EVIL, start, start + len(EVIL)),),
        cause=EVIL,
        evidence=(Evidence("place", start, start + len(article.text) - start, article.text[start:], EVIL),),
    )


def _denying(mention: EventMention) -> EventMention:
    place = Place("Hillford", "p2", "Hillford", "Riverland", None, "SY", 36.2, 37.1, 1, "gazetteer")
    return replace(mention, place=place, status=Status.DENIED, event_type="Riots", sub_event_type="Mob violence")


def _vague(mention: EventMention) -> EventMention:
    place = Place("Syria", "p3", "Syria", None, None, "SY", 35.0, 38.0, 6, "country")
    when = When(date(2024, 2, 1), date(2024, 2, 29), 4, "last month", "month")
    toll = replace(mention.killed, low=83, best=83, high=None)
    return replace(mention, place=place, when=when, killed=toll, event_type="Violence against civilians")


def _corrected(run: Run, source: Source) -> CodedArticle:
    text = "RIVERTON, Norland (Post) –\nGunmen killed 5 soldiers near Riverton on Monday, first said."
    article = replace(an_article(run, source, "first", text), correction_note="Correction: five, not four.")
    return coded(article, a_mention(article, killed=5))


def _run(
    con: duckdb.DuckDBPyConnection,
    run: Run,
    sources: list[Source],
    told: Mapping[str, tuple[CodedArticle, ...]],
    down: tuple[str, ...],
) -> None:
    begin(con, run, sources)
    for source in sources:
        if source.id in down:
            note_discovery(con, run, _unreached(run, source))
            continue
        batch = a_batch(source, told.get(source.id, ()))
        note_discovery(con, run, a_discovery(run, source, batch))
        load_batch(con, run, batch)
    with transaction(con):
        mentions = stored_mentions(con)
        save_stories(con, {mention.version_id: f"sty_{mention.version_id}" for mention in mentions})
        save_events(con, run, *_events(mentions))
    finish(con, run)


def _unreached(run: Run, source: Source) -> Discovery:
    url = f"https://{source.id}.test/feed"
    probe = SourceProbe(run.run_id, source.id, "feed", url, run.started_at, None, 0, "timeout")
    return Discovery(source, (), (probe,))


def _events(mentions: list[StoredMention]) -> tuple[list[Event], list[EventLink]]:
    by_kind: dict[str, list[StoredMention]] = {}
    for mention in sorted(mentions, key=lambda one: (one.source_id, one.mention_id)):
        by_kind.setdefault(_event_id(mention), []).append(mention)
    events = [_event(event_id, group) for event_id, group in by_kind.items()]
    links = [
        EventLink(event_id, one.mention_id, "denies" if one.status == "denied" else "reports", 1.0, "anchor")
        for event_id, group in by_kind.items()
        for one in group
    ]
    return events, links


def _event_id(mention: StoredMention) -> str:
    if mention.source_id == "evil":
        return HOSTILE
    return {"Riots": DENIED, "Violence against civilians": VAGUE}.get(mention.event_type, AGREED)


def _event(event_id: str, group: list[StoredMention]) -> Event:
    first = group[0]
    best = [one.killed_best for one in group if one.killed_best is not None]
    shared = {name: getattr(first, name) for name in Event.__dataclass_fields__ if hasattr(first, name)}
    several = len(group) > 1
    return Event(
        **shared
        | {
            "event_id": event_id,
            "anchor_mention_id": first.mention_id,
            "killed_low": min(best, default=None),
            "killed_best": min(best, default=None),
            "killed_high": max(best, default=None),
            "killed_open": event_id == VAGUE,
            "mention_count": len(group),
            "article_count": len(group),
            "source_count": len(group),
            "family_count": len(group),
            "disputed": event_id == DENIED,
            "differs": f"killed {min(best)} | {max(best)}" if several else None,
            "rules": "type=majority; tolls=most_conservative",
        }
    )


__all__ = ["AGREED", "DENIED", "EVIL", "HOSTILE", "LONG", "SENTENCE", "VAGUE", "make"]
