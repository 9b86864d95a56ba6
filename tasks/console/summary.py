"""A run summary in words, rows and markdown: the same ones for terminal, artifact and state message."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import quote

from schemas.outcome import Reason
from schemas.run import RunSummary

#: The steps of the funnel in the order a page takes them.
_OUTCOMES = ("stored", "unchanged", "duplicate", "rejected", "deferred", "quarantined", "tombstone")

#: Names of sources a state message gives before it only counts, and events an artifact lists.
_NAMED, _LISTED = 10, 200

Row = Mapping[str, object]


def sentence(summary: RunSummary) -> str:
    """One line: what was found, kept and counted, and which sources were down."""
    down = f"{len(summary.unreached)} of {len(summary.sources)} sources down"
    return ", ".join([*_counted(summary), *([down] if summary.unreached else []), *_fared(summary)])


def state_message(summaries: Sequence[RunSummary]) -> str:
    """What the state of a flow run says of its runs; begins with ``degraded`` if a source could not be reached.

    So ``Completed: degraded, 2 of 40 sources down: anha-en, sana-en; 27 discovered, 21 stored, ...``.
    """
    if not summaries:
        return "nothing to do: every window was done before"
    reasons = [message for summary in summaries for message in summary.held]
    if reasons:
        freed = [replace(summary, held=()) for summary in summaries]
        why = state_message(freed).removeprefix("degraded, ")
        advice = f"{'; '.join(reasons)}; `firstdraft report --publish-anyway`"
        return f"degraded, readers keep the old snapshot ({advice}); {why}"
    counted = sentence(summaries[0]) if len(summaries) == 1 else f"{len(summaries)} windows"
    down = sorted({source.source_id for summary in summaries for source in summary.unreached})
    if not down:
        return counted
    source_ids = {source.source_id for summary in summaries for source in summary.sources}
    message = f"degraded, {len(down)} of {len(source_ids)} sources down: {_some(down)}"
    if len(summaries) == 1:
        return f"{message}; {', '.join([*_counted(summaries[0]), *_fared(summaries[0])])}"
    hit = sum(1 for summary in summaries if summary.unreached)
    return f"{message}; in {hit} of {len(summaries)} windows"


def _counted(summary: RunSummary) -> list[str]:
    return [
        f"{summary.discovered} discovered",
        *(f"{count} {outcome}" for outcome in _OUTCOMES if (count := summary.outcomes.get(outcome))),
        f"{summary.events} events in the warehouse",
    ]


def _fared(summary: RunSummary) -> list[str]:
    paused, silent = len(summary.paused), len(summary.without_news)
    notes = (f"{paused} of them paused" if paused else "", f"{silent} without news" if silent else "")
    return [part for part in (*notes, _left(summary)) if part]


def _left(summary: RunSummary) -> str:
    """How many links a night left to the next one because of its bounds."""
    over = sum(summary.reasons.get(f"deferred:{reason}", 0) for reason in (Reason.OVER_LINKS, Reason.OVER_TIME))
    return f"{over} links left to the next night by the bounds of this one" if over else ""


def _some(names: Sequence[str]) -> str:
    """The names, or the first of them and how many more."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


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


def as_cells(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Rows as a table artifact takes them: instants to the minute, days as days, nothing if nothing is known."""
    return [{name: _cell(value) for name, value in row.items()} for row in rows]


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value if isinstance(value, str | int | float | bool) else str(value)


def change_sentence(summary: RunSummary) -> str:
    """What the run changed in the warehouse; says so plainly if it changed nothing."""
    if summary.rows_changed == 0:
        return "No row changed, the run's own and last-seen stamps apart."
    changed = {
        table: {action: n for action, n in actions.items() if action != "unchanged" and n}
        for table, actions in sorted(summary.rows.items())
    }
    parts = [f"{table} {n} {action}" for table, actions in changed.items() for action, n in sorted(actions.items())]
    return f"{summary.rows_changed} rows changed: {', '.join(parts)}."


def event_cells(event: Row) -> tuple[str, ...]:
    """Date, place, type, actors, killed, injured and sources of one event, as a person reads them."""
    return (
        days(event["date_start"], event["date_end"]),
        place(event),
        str(event["sub_event_type"]) + (" (disputed)" if event["status"] == "disputed" else ""),
        actors(event),
        toll(event["killed_low"], event["killed_best"], event["killed_high"], event.get("killed_open")),
        toll(event["injured_low"], event["injured_best"], event["injured_high"], event.get("injured_open")),
        str(event["sources"] or ""),
        str(event["event_id"]),
    )


EVENT_COLUMNS = ("date", "place", "type", "actors", "killed", "injured", "sources", "id")


def events_markdown(events: Sequence[Row]) -> str:
    """The events as a markdown list, all of it escaped; the reports, if the rows carry ``links``, can be followed.

    No table: Prefect's UI cuts one at its edge, and the links with it. A long list ends with how many more there are.
    """
    lines = [_item(event) for event in events[:_LISTED]]
    if len(events) > _LISTED:
        lines += ["", f"... and {len(events) - _LISTED} more: `firstdraft events`"]
    return "\n".join(lines)


def _item(event: Row) -> str:
    """An event in a line: when, where, what, who, how many; who reports it; its id, for `firstdraft trace`."""
    fields = dict(zip(EVENT_COLUMNS, (_escaped(cell) for cell in event_cells(event)), strict=True))
    counts = [f"{fields[name]} {name}" for name in ("killed", "injured") if fields[name]]
    what = ", ".join(part for part in (fields["type"], fields["actors"], *counts) if part)
    head = f"**{fields['date']}**" + (f" {fields['place']}" if fields["place"] else "")
    return f"- {head}: {what}. {_linked(event.get('links')) or fields['sources']} `{event['event_id']}`"


def new_events_markdown(events: Sequence[Row]) -> str:
    """What a run brought: new events first, then those it changed; ``events`` carry ``new`` and ``links``."""
    parts = []
    for title, wanted in (("New", True), ("Changed", False)):
        chosen = [event for event in events if bool(event["new"]) is wanted]
        if chosen:
            parts.append(f"## {title}: {len(chosen)}\n\n{events_markdown(chosen)}")
    return "\n\n".join(parts) or "No event is new, and none has changed."


_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def _escaped(text: str) -> str:
    """Text in which nothing is markup: it comes from pages of the web."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _linked(links: object) -> str:
    """The reports as markdown links, http(s) only; a copy and a denial are said to be one."""
    links_shown: list[str] = []
    for link in links if isinstance(links, Sequence) else ():
        name, url = _escaped(str(link["name"])), quote(str(link["url"]), safe=":/?#@!$&*+,;=%~")
        relation = "" if link["relation"] == "reports" else f" ({link['relation']})"
        links_shown.append((f"[{name}]({url})" if url.startswith(("http://", "https://")) else name) + relation)
    return ", ".join(links_shown)


def days(first: object, last: object) -> str:
    """``2023-12-04``, ``2023-11-26/27``, or ``undated``."""
    if not isinstance(first, date):
        return "undated"
    if not isinstance(last, date) or last == first:
        return first.isoformat()
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.isoformat()}/{last:%d}"
    return f"{first.isoformat()}/{last.isoformat()}"


def toll(low: object, best: object, high: object, more: object = False) -> str:
    """``16``, or ``14-16`` if reports differ; ``20 or more`` for "at least"; empty if nothing was said."""
    if best is None:
        return ""
    low, high = best if low is None else low, best if high is None else high
    figure = str(best) if low == high else f"{low}-{high}"
    return f"{figure} or more" if more else figure


def place(event: Row) -> str:
    """As named, with the first-level unit and country if they say more."""
    country = event.get("country_name") or event["country"]
    named = [str(part) for part in (event["place_name"], event["admin1"], country) if part]
    parts: list[str] = []
    for part in named:
        if not any(_words(part) <= _words(before) for before in parts):
            parts.append(part)
    return ", ".join(parts) or "unplaced"


def _words(name: str) -> set[str]:
    return set(name.casefold().replace(",", " ").split())


def actors(event: Row) -> str:
    """``initiators > targets``; empty if the reports name nobody."""
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
