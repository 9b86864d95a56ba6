"""What a terminal shows of sources: the list with its health, what a checkup found, and a new entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.checkup import Finding, State
from schemas.source import Source

_MARKS = {State.OK: ("ok", "green"), State.WARNING: ("look", "yellow"), State.DOWN: ("DOWN", "bold red")}
_STYLES = {"ok": "green", "paused": "yellow", "down": "bold red", "silent": "yellow", "degraded": "yellow"}
#: What the view ``source_health`` says of a source, as far as the warehouse's view has it.
HEALTH = ("state", "last_success_at", "last_new_item_at", "failure_points", "paused_until", "pause_reason")
COLUMNS = ("id", "name", "country", "language", "on", "read by", "verified", *HEALTH[:-1], "why paused")
#: Columns of the narrow table; the others fill wide terminals, pipes and JSON.
_NARROW = ("id", "name", "read by", "verified", "state", "last_new_item_at")
_WIDE = 170

Row = Mapping[str, object]


def source_rows(sources: Iterable[Source], health: Mapping[str, Row]) -> list[dict[str, object]]:
    """A row for each source: what its entry says, and what the warehouse knows (``None`` if it does not)."""
    rows = []
    for source in sources:
        fields: dict[str, object] = {
            "id": source.id,
            "name": source.name,
            "country": source.country,
            "language": source.language,
            "on": source.enabled,
            "read by": kinds_of(source),
            "verified": source.last_verified,
        }
        record = health.get(source.id, {})
        rows.append(fields | dict(zip(COLUMNS[7:], (record.get(name) or None for name in HEALTH), strict=True)))
    return rows


def kinds_of(source: Source) -> str:
    """How it is read, in short.

    >>> from schemas.source import Feed
    >>> kinds_of(Source(id="a", name="A", family="a", country="SY", language="en", homepage="https://e.org/",
    ...     feeds=(Feed(url="https://e.org/feed"),), wordpress="https://e.org/wp-json/"))
    'feed, wordpress'
    """
    counts = (
        ("feed", len(source.feeds)),
        ("sitemap", len(source.sitemaps)),
        ("archive", len(source.archive_sitemaps)),
        ("section", len(source.sections)),
        ("wordpress", int(source.wordpress is not None)),
        ("list", len(source.url_lists)),
        *((f"{search.kind} search", 1) for search in source.searches),
    )
    return ", ".join(name if count == 1 else f"{count} {name}s" for name, count in counts if count)


def show_sources(console: Console, rows: Sequence[Row]) -> None:
    """The list: a table on a terminal, tab-separated lines with all columns in a pipe."""
    if not console.is_terminal:
        for line in (COLUMNS, *([row[column] for column in COLUMNS] for row in rows)):
            console.file.write("\t".join(_cell(value) for value in line) + "\n")
        return
    columns = COLUMNS if console.width >= _WIDE else _NARROW
    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column.removesuffix("_at").replace("_", " "), no_wrap=column in ("id", "verified"))
    for row in rows:
        cells = [Text(_short(row[column]), style=_STYLES.get(str(row[column]), "")) for column in columns]
        table.add_row(*cells, style="" if row["on"] else "dim")
    console.print(table)
    never = sum(1 for row in rows if row["verified"] is None)
    off = sum(1 for row in rows if not row["on"])
    console.print(
        Text(f"{len(rows)} sources, {off} of them off; {never} never verified: `firstdraft sources check ID`")
    )


def show_findings(console: Console, source: Source, findings: Sequence[Finding]) -> None:
    """What a source's addresses answered: two lines each, a third and fourth if there is a problem."""
    console.print(Text(f"{source.id}  {source.name}", style="bold"))
    for finding in findings:
        mark, style = _MARKS[finding.state]
        line = Text(f"  {mark:<5}", style=style) + Text(f"{finding.kind:<16}{finding.url}", style="default")
        console.print(line, soft_wrap=True)
        if finding.kind != "source":
            console.print(Text(f"       {_answered(finding)}", style="dim"), soft_wrap=True)
        if finding.problem:
            console.print(Text(f"       {finding.problem}"), soft_wrap=True)
            console.print(Text(f"       -> {finding.advice}"), soft_wrap=True)


def finding_row(finding: Finding) -> dict[str, object]:
    """A finding for JSON."""
    return asdict(finding) | {"state": str(finding.state)}


def summary_line(findings: Sequence[Finding]) -> str:
    """How many addresses are well, odd and down.

    >>> summary_line([])
    '0 addresses: 0 ok, 0 to look at, 0 down'
    """
    count = {state: sum(1 for finding in findings if finding.state is state) for state in State}
    message = f"{count[State.OK]} ok, {count[State.WARNING]} to look at, {count[State.DOWN]} down"
    return f"{len(findings)} addresses: {message}"


def _answered(finding: Finding) -> str:
    """Status, format, number and date in one line."""
    parts = [
        f"HTTP {finding.status}" if finding.status else "no answer" if finding.kind != "list" else "",
        finding.format,
        f"{finding.entries} entries" if finding.entries is not None else "",
        f"newest {finding.newest:%Y-%m-%d %H:%M} UTC" if finding.newest else "",
        f"{finding.elapsed_ms} ms" if finding.elapsed_ms else "",
    ]
    return ", ".join(part for part in parts if part)


def _short(value: object) -> str:
    """A value on a terminal: instants to the minute."""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else _cell(value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "off"
    return " ".join(str(value).split())
