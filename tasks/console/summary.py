"""A run summary in words, rows and markdown: the same ones for terminal, artifact and state message."""

from collections.abc import Mapping, Sequence
from datetime import date

from schemas.run import RunSummary

#: The steps of the funnel in the order a page takes them.
_OUTCOMES = ("stored", "unchanged", "duplicate", "rejected", "deferred", "quarantined", "tombstone")

Row = Mapping[str, object]


def sentence(summary: RunSummary) -> str:
    """One line: what was found, kept and counted, and which sources were down."""
    parts = [
        f"{summary.discovered} discovered",
        *(f"{count} {outcome}" for outcome in _OUTCOMES if (count := summary.outcomes.get(outcome))),
        f"{summary.events} events in the warehouse",
    ]
    down = summary.unreached
    if down:
        parts.append(f"{len(down)} of {len(summary.sources)} sources down")
    if summary.paused:
        parts.append(f"{len(summary.paused)} of them paused")
    if summary.without_news:
        parts.append(f"{len(summary.without_news)} without news")
    return ", ".join(parts)


def funnel_rows(summary: RunSummary) -> list[dict[str, object]]:
    """The funnel as rows of step, reason and count; the outcomes add up to what was discovered."""
    rows: list[dict[str, object]] = [
        {"step": "discovered", "reason": "", "count": summary.discovered},
        {"step": "fetched", "reason": "answered with a page", "count": summary.fetched},
    ]
    for outcome in _OUTCOMES:
        if outcome in summary.outcomes:
            rows.append({"step": outcome, "reason": "", "count": summary.outcomes[outcome]})
            rows += _reasons(summary, outcome)
    rows += [
        {"step": "articles", "reason": "read in this run", "count": summary.articles},
        {"step": "mentions", "reason": "read in this run", "count": summary.mentions},
        {"step": "events", "reason": "in the warehouse", "count": summary.events},
    ]
    return rows


def _reasons(summary: RunSummary, outcome: str) -> list[dict[str, object]]:
    prefix = f"{outcome}:"
    return [
        {"step": outcome, "reason": key.removeprefix(prefix), "count": count}
        for key, count in sorted(summary.reasons.items())
        if key.startswith(prefix)
    ]


def change_sentence(summary: RunSummary) -> str:
    """What the run changed in the warehouse; says so plainly where it changed nothing."""
    if summary.rows_changed == 0:
        return "No row changed, the run's own and last-seen stamps apart."
    changed = {
        table: {action: n for action, n in actions.items() if action != "unchanged" and n}
        for table, actions in sorted(summary.rows.items())
    }
    told = [f"{table} {n} {action}" for table, actions in changed.items() for action, n in sorted(actions.items())]
    return f"{summary.rows_changed} rows changed: {', '.join(told)}."


def event_cells(event: Row) -> tuple[str, ...]:
    """Date, place, type, actors, killed, injured and sources of one event, as a person reads them."""
    return (
        days(event["date_start"], event["date_end"]),
        place(event),
        str(event["sub_event_type"]) + (" (disputed)" if event["status"] == "disputed" else ""),
        actors(event),
        toll(event["killed_low"], event["killed_best"], event["killed_high"]),
        toll(event["injured_low"], event["injured_best"], event["injured_high"]),
        str(event["sources"] or ""),
        str(event["event_id"]),
    )


EVENT_COLUMNS = ("date", "place", "type", "actors", "killed", "injured", "sources", "id")


def events_markdown(events: Sequence[Row]) -> str:
    """The events as a markdown table, cells escaped."""
    lines = ["| " + " | ".join(EVENT_COLUMNS) + " |", "|" + " --- |" * len(EVENT_COLUMNS)]
    for event in events:
        cells = (cell.replace("|", "\\|").replace("\n", " ") for cell in event_cells(event))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def days(start: object, end: object) -> str:
    """``2023-12-04``, ``2023-11-26/27``, or ``undated``."""
    if not isinstance(start, date):
        return "undated"
    if not isinstance(end, date) or end == start:
        return start.isoformat()
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.isoformat()}/{end:%d}"
    return f"{start.isoformat()}/{end.isoformat()}"


def toll(low: object, best: object, high: object) -> str:
    """``16``, or ``14-16`` where reports differ; empty where nothing was said."""
    if best is None:
        return ""
    low, high = best if low is None else low, best if high is None else high
    return str(best) if low == high else f"{low}-{high}"


def place(event: Row) -> str:
    """As named, with the first-level unit and country where they say more."""
    named = [str(event[key]) for key in ("place_name", "admin1", "country") if event[key]]
    told: list[str] = []
    for part in named:
        if not any(_words(part) <= _words(before) for before in told):
            told.append(part)
    return ", ".join(told) or "unplaced"


def _words(name: str) -> set[str]:
    return set(name.casefold().replace(",", " ").split())


def actors(event: Row) -> str:
    """``initiators > targets``; empty where the reports name nobody."""
    initiators, targets = (str(event[key] or "") for key in ("initiators", "targets"))
    if not targets:
        return initiators
    return f"{initiators or 'unknown'} > {targets}"


def summary_json(summary: RunSummary) -> dict[str, object]:
    """A run for machines."""
    return {
        "run_id": summary.run.run_id,
        "origin": summary.run.origin,
        "window": [summary.run.window.start, summary.run.window.end],
        "started_at": summary.run.started_at,
        "finished_at": summary.finished_at,
        "discovered": summary.discovered,
        "fetched": summary.fetched,
        "outcomes": summary.outcomes,
        "reasons": summary.reasons,
        "articles": summary.articles,
        "mentions": summary.mentions,
        "events": summary.events,
        "rows": summary.rows,
        "rows_changed": summary.rows_changed,
        "sources": [
            {
                "id": s.source_id,
                "name": s.name,
                "reached": s.reached,
                "paused": s.paused,
                "discovered": s.discovered,
                "new": s.new,
                "detail": s.detail,
            }
            for s in summary.sources
        ],
    }
