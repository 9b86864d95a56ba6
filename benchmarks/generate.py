"""A made-up warehouse of any size, through the product's own schema; the same rows every time.

    uv run python -m benchmarks.generate DIR [--articles 1000000]

An article is a row of ``articles``, ``article_versions``, ``contents``, ``captures``, ``stories`` and two of
``fetches``; it tells of one and a half events, each mention with two actors, half a claim and four pieces of
evidence; there are as many events as articles. Texts are short (about 300 bytes; a real article has 3,000): rows are
measured, not prose. Everything is made inside DuckDB (``benchmarks/sql/generate.sql``) from the article's number.
"""

import argparse
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Feed, Source
from tasks.events.language.vocabulary import acts
from tasks.resolution.marks import marks_of
from tasks.resolution.pairs import NAMED_DAYS
from tasks.text.copies.fingerprint import SCHEME
from tasks.warehouse.resolve.matching import adopt
from tasks.warehouse.store.asof import note_events
from tasks.warehouse.store.connect import open_writer, transaction
from tasks.warehouse.store.rows import source_row
from tasks.warehouse.store.write import upsert

SQL = Path(__file__).parent / "sql" / "generate.sql"
PER_NIGHT = 2_000
OUTLETS = 100
#: Articles made in one round of statements: bounds the memory.
_STRETCH = 500_000
#: The night of the generator's first articles.
_FIRST = date(2019, 1, 1)
_COUNTRIES = tuple("AFBFCDCFCMCOETHTIQLBLYMLMMMXNENGSDSOSSSY"[at : at + 2] for at in range(0, 40, 2))


def main() -> None:
    """Make one, and say how large it is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="data folder of the new warehouse")
    parser.add_argument("--articles", type=int, default=1_000_000)
    arguments = parser.parse_args()
    settings = Settings(data_dir=arguments.folder)
    started = time.perf_counter()
    generate(settings, arguments.articles)
    size = settings.warehouse_path.stat().st_size
    print(f"{arguments.articles:,} articles in {time.perf_counter() - started:.0f} s, {size / 1e9:.2f} GB")


def generate(settings: Settings, articles: int) -> None:
    """Fill a warehouse that does not exist yet; articles must be whole nights."""
    if articles % PER_NIGHT:
        raise ValueError(f"{articles} articles are not whole nights of {PER_NIGHT}")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with open_writer(settings) as con:
        con.execute("SET threads = 2")
        con.execute("SET preserve_insertion_order = true")
        prepare(con)
        upsert(con, "sources", [source_row(outlet(number), "run_made") for number in range(OUTLETS)])
        for low in range(0, articles, _STRETCH):
            high = min(low + _STRETCH, articles)
            fill(con, low, high, last=high == articles)
            con.execute("CHECKPOINT").fetchall()
        resolved(con)
        with transaction(con):
            note_events(con, Run("nightly", Window(_FIRST, _FIRST), datetime(2019, 1, 2, 2, tzinfo=UTC), "made"))
        for name in ("made_events", "told_events", "made_mentions", "made_articles", "keyed_mentions", "keyed_events"):
            con.execute(f"DROP TABLE IF EXISTS {name}")


def resolved(con: duckdb.DuckDBPyConnection) -> None:
    """Leave the warehouse as resolution leaves it: every story known, every mention read, with the marks of its words.

    Marks are made for the nights that a later one is compared with; those before them have none.
    """
    adopt(con, SCHEME)
    rows = con.execute(
        """SELECT r.mention_id, t.text, m.sentence_start, m.sentence_end,
               list_filter([r.place_name, r.admin1, r.admin2], lambda name: name IS NOT NULL) || x.known
           FROM resolved_mentions r
           JOIN mentions m ON m.mention_id = r.mention_id
           JOIN article_versions v ON v.version_id = r.version_id
           JOIN contents t ON t.content_sha256 = v.content_sha256
           JOIN (
               SELECT v.version_id, list(DISTINCT x.name) AS known
               FROM resolved_mentions v JOIN mention_actors x ON x.mention_id = v.mention_id GROUP BY v.version_id
           ) x ON x.version_id = r.version_id
           WHERE r.published_day >= (SELECT max(published_day) - $1::INTEGER FROM resolved_mentions)""",
        [NAMED_DAYS],
    ).fetchall()
    made = [(mention_id, marks_of(text, start, end, known)) for mention_id, text, start, end, known in rows]
    table = pa.table(
        {
            "mention_id": pa.array([mention_id for mention_id, _ in made], pa.string()),
            "words": pa.array([list(marks.words) for _, marks in made], pa.list_(pa.uint32())),
            "names": pa.array([list(marks.names) for _, marks in made], pa.list_(pa.uint32())),
            "details": pa.array([list(marks.details) for _, marks in made], pa.list_(pa.uint32())),
        }
    )
    con.register("given", table)
    con.execute(
        """UPDATE resolved_mentions SET words = g.words, names = g.names, details = g.details
           FROM given g WHERE g.mention_id = resolved_mentions.mention_id"""
    ).fetchall()
    con.unregister("given")


def fill(con: duckdb.DuckDBPyConnection, low: int, high: int, *, last: bool) -> None:
    """One stretch of articles and all that hangs on them."""
    given = {"low": low, "high": high, "per_night": PER_NIGHT, "last": last}
    for statement in SQL.read_text(encoding="utf-8").split("\n----\n"):
        used = {name: value for name, value in given.items() if f"${name}" in statement}
        con.execute(statement, used) if used else con.execute(statement)


def outlet(number: int) -> Source:
    """An invented outlet, its own family two times in three."""
    name = f"outlet-{number % OUTLETS:03d}"
    return Source(
        id=name,
        name=f"The {name.title()}",
        family=f"family-{number % OUTLETS // 3 if number % 3 else number % OUTLETS:03d}",
        country=_COUNTRIES[number % len(_COUNTRIES)],
        language="en",
        homepage=f"https://{name}.test/",
        feeds=(Feed(url=f"https://{name}.test/feed"),),
    )


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """The acts of the project and twenty countries, numbered, as the statements ask for them."""
    listed = [
        {
            "number": number,
            "event_type": act.event_type,
            "sub_event_type": act.sub_event_type,
            "plover_type": act.plover_type,
            "plover_mode": act.plover_mode or None,
        }
        for number, act in enumerate(acts().values())
    ]
    countries = [{"number": number, "country": country} for number, country in enumerate(_COUNTRIES)]
    for name, rows in (("made_acts", listed), ("made_countries", countries)):
        con.register("given", pa.Table.from_pylist(rows))
        con.execute(f"CREATE TEMP TABLE {name} AS FROM given")
        con.unregister("given")


if __name__ == "__main__":
    main()
