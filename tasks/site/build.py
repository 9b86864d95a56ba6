"""The whole site, from rows to files."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tasks.site import pages
from tasks.site.files.folder import Folder
from tasks.site.files.shelf import Built, Options, Row, Shelf
from tasks.site.kinds import articles, downloads, events, feeds, front, listing, profiles, sources, states
from tasks.site.kinds.picture import pictured
from tasks.site.outline import outline
from tasks.site.press import Press
from tasks.site.wording import words
from tasks.site.wording.words import PLACE_PRECISION

_STATIC = Path(__file__).parent / "static"
#: Events asked for at a time: some 150 MB of rows. Ids are hashes, so ranges of them are of like size.
_PORTION = 30_000
#: Events between two words about progress.
_TOLD = 2_000


def build_site(
    shelf: Shelf, root: Path, options: Options | None = None, report: Callable[[int, int], None] = lambda *_: None
) -> Built:
    """Bring the folder up to what the warehouse says; pages that say what they said before are not written again.

    ``report`` is given how many events' pages are seen to, and of how many, now and then.

    Before the first run has finished there is one page that says so. Raises what queries, templates and the disk raise;
    a folder half built is made good by the next build.
    """
    chosen = options or Options()
    with Folder(root, pages.made_with()) as folder:
        _static(folder)
        done, rows = shelf.ask("site_standing"), shelf.ask("site_events")
        if done:
            _detail(folder, shelf, len(rows), chosen, report)
            _profiles(folder, shelf, rows, done[0]["last_day"])
            _overview(folder, shelf, rows, done[0], chosen)
        else:
            folder.put("index.html", pages.render("empty.html.j2", "", "index"))
    return Built(root, len(rows), len(folder.now), folder.written, folder.removed)


def _static(folder: Folder) -> None:
    for path in sorted(_STATIC.rglob("*")):
        if path.is_file():
            folder.put(f"static/{path.relative_to(_STATIC).as_posix()}", path.read_bytes())


def _detail(folder: Folder, shelf: Shelf, number: int, options: Options, report: Callable[[int, int], None]) -> None:
    """The pages there are many of: events, ended ids, articles."""
    done = 0
    with Press(folder, options.workers) as press:
        for low, high in _ranges(number // _PORTION + 1):
            for row in shelf.ask("site_event_pages", {"low": f"evt_{low}", "high": f"evt_{high}"}):
                press.add("event", pages.event_path(row["event_id"]), row | {"base_url": options.base_url})
                press.add("picture", pages.picture_path(row["event_id"]), pictured(row))
                done += 1
                if done % _TOLD == 0:
                    report(done, number)
            _articles(folder, shelf, press, {"low": f"art_{low}", "high": f"art_{high}"})
    _all(folder, events.ended_pages(shelf.ask("site_ended")))


def _profiles(folder: Folder, shelf: Shelf, rows: list[Row], last_day: date) -> None:
    """The pages of actors and places."""
    stretch = timedelta(days=28)

    def read(stop: date) -> int:
        asked = {"start": stop - stretch + timedelta(days=1), "stop": stop}
        return sum(row["articles"] for row in shelf.ask("site_coverage", asked))

    names = {source["source_id"]: source["name"] for source in shelf.ask("site_sources")}
    behind = profiles.Read(read(last_day), read(last_day - stretch))
    parts, victims = shelf.ask("site_profiles"), shelf.ask("site_victims")
    _all(folder, profiles.profile_pages(rows, parts, victims, last_day, behind, names))


def _articles(folder: Folder, shelf: Shelf, press: Press, asked: dict[str, object]) -> None:
    versions = articles.versions_by_article(shelf.ask("site_article_texts", asked))
    for row in shelf.ask("site_articles", asked):
        path, several = pages.article_path(row["article_id"]), versions.get(row["article_id"])
        if several is None:
            press.add("article", path, row)
        elif not folder.standing(path, repr((row, several)).encode("utf-8", "replace")):
            folder.write(path, articles.article_page(row, shelf.differ(several)).encode("utf-8", "replace"))


def _ranges(number: int) -> list[tuple[str, str]]:
    """So many ranges of hexadecimal ids, each from its first up to the first of the next."""
    borders = [f"{256 * at // number:02x}" for at in range(number)]
    return list(zip(borders, [*borders[1:], "g"], strict=True))


def _overview(folder: Folder, shelf: Shelf, rows: list[Row], standing: Row, options: Options) -> None:
    """The pages there is one of, the feeds, and the data behind search and maps."""
    known = shelf.ask("site_sources")
    index = listing.Index()
    for source in known:
        index.number("sources", source["source_id"])
    _all(folder, listing.parts(rows, index, standing["run_id"]))
    folder.put("data/index.js", pages.script("index", _index(index, known, standing)))
    folder.put("data/standing.js", pages.script("standing", pages.run_line(standing)))
    folder.put("data/outline.js", pages.script("outline", _outline(rows)))
    window, inside, data = front.fitting(rows, front.window_of(standing, options.days))
    query_params = {"start": window.start, "stop": window.end}
    covered = states.coverage(
        known, shelf.ask("site_coverage", query_params), shelf.ask("site_accounts", {"run_id": standing["run_id"]})
    )
    undated = sum(1 for row in rows if row["date_start"] is None)
    _all(folder, sources.source_pages(known, sources.figures(shelf), standing))
    files = downloads.offer(folder, shelf)
    catalogue = shelf.ask("catalogue")
    folder.put("data.html", downloads.data_page(files, catalogue, standing))
    folder.put("dictionary.html", downloads.dictionary_page(catalogue, standing))
    latest = feeds.latest(rows)
    folder.put("feed.atom", feeds.atom(latest, standing, options.base_url))
    for name, (about, found) in options.alerts.items():
        some = feeds.latest([row for row in rows if row["event_id"] in found])
        folder.put(f"alerts/{name}.atom", feeds.atom(some, standing, options.base_url, name, about))
    folder.put("feed.geojson", feeds.geojson(latest, options.base_url))
    run_line, maps = pages.run_line(standing), pages.map_values(options)
    folder.put(
        "about.html", pages.render("about.html.j2", "", "about", precision=_precision(), run_line=run_line, **maps)
    )
    folder.put("events.html", pages.render("events.html.j2", "", "events", total=len(rows), run_line=run_line, **maps))
    folder.put("index.html", front.front_page(inside, window, data, standing, covered, undated, options))
    shown: dict[str, Any] = {"window_words": words.days(window.start, window.end), "data": data}
    folder.put(
        "embed.html",
        pages.render("embed.html.j2", "", "index", run_line=run_line, precision=PLACE_PRECISION, **shown, **maps),
    )
    folder.put("oembed.json", pages.dumps(_oembed(options.base_url)) + "\n")


def _oembed(base_url: str) -> dict[str, Any]:
    """How a page of others shows the map in a frame (oEmbed 1.0)."""
    base = base_url.rstrip("/") + "/" if words.web_link(base_url) else ""
    frame = f'<iframe src="{base}embed.html" width="640" height="480" title="Map of events" loading="lazy"></iframe>'
    told = {"version": "1.0", "type": "rich", "provider_name": "firstdraft", "provider_url": base or "index.html"}
    return told | {"title": "Map of events", "width": 640, "height": 480, "html": frame}


def _index(index: listing.Index, known: Iterable[Row], standing: Row) -> dict[str, Any]:
    names = {source["source_id"]: source["name"] for source in known}
    return {
        "run": pages.run_line(standing),
        "columns": listing.COLUMNS,
        "kinds": index.kinds,
        "subs": index.subs,
        "countries": index.countries,
        "sources": [[source, names.get(source, source), pages.source_path(source)] for source in index.sources],
        "parts": index.parts,
        "precision": _precision(),
    }


def _precision() -> dict[int, list[object]]:
    return {number: [meaning, radius] for number, (meaning, radius) in PLACE_PRECISION.items()}


def _outline(rows: Iterable[Row]) -> dict[str, Any]:
    rows = list(rows)
    placed = [row for row in rows if row["latitude"] is not None]
    numbers = {row["iso_numeric"] for row in rows if row["iso_numeric"] is not None}
    return outline([(row["longitude"], row["latitude"]) for row in placed], numbers)


def _all(folder: Folder, made: Iterable[tuple[str, str]]) -> None:
    for path, text in made:
        folder.put(path, text)
