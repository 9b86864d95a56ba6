"""The data dictionary: what the catalogue's own comments say, as one page of markdown."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from tasks.warehouse.store.queries import fetch_rows

_HEAD = """\
# Data dictionary

Generated from the comments in `schemas/sql/` by `python -m tasks.warehouse.publish.dictionary`; a test holds the two
together. Instants are UTC. Offsets count characters of `contents.text` from 0 and end after the last, as Python
slices do.
"""


#: The relations most questions need, in the order in which one meets them.
FIRST = (
    "events_overview", "acled", "event_victims", "event_actors", "event_sources", "event_claims", "event_evidence",
    "source_health", "coverage", "totals",
)  # fmt: skip

_FIRST_HEAD = """\
## Begin with these ten

Of all that follows most questions need these. Countries are two columns everywhere: `country`, the ISO 3166 alpha-2
code, and its name beside it where a person reads it. NULL is "not said", never 0. In the published file the schema
`view_rows` holds the rows of some views, so that readers do not wait: read the views of the same names instead.

| relation | what it is |
| --- | --- |"""

_EXPORT_HEAD = """\
# What the columns mean

The same columns stand in each view's CSV, JSON Lines and Parquet, and for machines in `manifest.json`. Instants are
UTC. In the CSV a text that a spreadsheet would run as a formula begins with an apostrophe; everywhere else texts are
as they are. `events.geojson` has the columns of `event_points` as properties, its coordinates as geometry.
"""


def data_dictionary(con: duckdb.DuckDBPyConnection) -> str:
    """Every table and view of a warehouse with its columns, types and meanings, as markdown."""
    rows = fetch_rows(con, "catalogue")
    relations = [(name, list(columns)) for name, columns in groupby(rows, key=itemgetter("relation"))]
    tables = [(name, columns) for name, columns in relations if columns[0]["kind"] == "table"]
    views = [(name, columns) for name, columns in relations if columns[0]["kind"] == "view"]
    about = {name: columns[0]["relation_comment"] for name, columns in relations}
    parts = [
        _HEAD,
        "\n".join([_FIRST_HEAD, *(f"| [`{name}`](#{name}) | {_cell(about[name])} |" for name in FIRST), ""]),
        "## Tables\n",
        *(_section(*table) for table in tables),
        "## Views\n",
        *(_section(*v) for v in views),
    ]
    return "\n".join(parts)


def dictionary_of(con: duckdb.DuckDBPyConnection, names: Sequence[str]) -> str:
    """The same for some views alone: what the columns of an export mean."""
    rows = [row for row in fetch_rows(con, "catalogue") if row["relation"] in names]
    parts = [_section(name, list(columns)) for name, columns in groupby(rows, key=itemgetter("relation"))]
    return "\n".join([_EXPORT_HEAD, *parts])


def _section(name: str, columns: list[dict[str, Any]]) -> str:
    key = columns[0]["key_columns"]
    keyed = f"\n\nKey: {', '.join(f'`{column}`' for column in key)}." if key else ""
    lines = [
        f"### {name}",
        "",
        f"{columns[0]['relation_comment']}{keyed}",
        "",
        "| column | type | meaning |",
        "| --- | --- | --- |",
    ]
    lines += [f"| `{row['column_name']}` | {row['data_type']} | {_cell(row['comment'])} |" for row in columns]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write ``docs/data-dictionary.md`` from an empty warehouse made by this code."""
    from pathlib import Path  # noqa: PLC0415 - needed by this command alone
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    from schemas.settings import Settings  # noqa: PLC0415
    from tasks.warehouse.store.connect import open_writer  # noqa: PLC0415

    with TemporaryDirectory() as folder, open_writer(Settings(data_dir=Path(folder))) as con:
        text = data_dictionary(con)
    target = Path(__file__).resolve().parents[3] / "docs" / "data-dictionary.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
