"""A trace for people: from the event down to the characters quoted and the bytes they were read from."""

import json
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from schemas.event import Event
from schemas.trace import Trace, TracedMention, TracedReview
from tasks.console.quoted import line, marked_sentence, show_claims, show_evidence
from tasks.console.summary import days, toll


def trace_json(trace: Trace) -> dict[str, object]:
    """The whole chain as plain data."""
    return asdict(trace)


def show_trace(console: Console, trace: Trace) -> None:
    """Print the chain: event, then for each mention sentence, evidence, version, fetch, capture, run, code."""
    for alias in trace.aliases:
        console.print(Text(f"{alias} is now {trace.event.event_id}", style="yellow"))
    _show_event(console, trace.event)
    for number, mention in enumerate(trace.mentions, 1):
        _show_mention(console, number, mention)


def _show_event(console: Console, event: Event) -> None:
    console.print(Text(f"event {event.event_id}", style="bold"))
    when = days(event.date_start, event.date_end)
    killed = toll(event.killed_low, event.killed_best, event.killed_high, event.killed_open)
    places = (event.place_name, event.admin2, event.admin1, event.country)
    where = ", ".join(part for part in places if part) or "unplaced"
    injured = toll(event.injured_low, event.injured_best, event.injured_high, event.injured_open)
    line(console, "what", f"{event.event_type} / {event.sub_event_type} ({event.status})")
    line(console, "when", f"{when} (precision {event.date_precision})")
    line(console, "where", f"{where} (precision {event.place_precision})")
    line(console, "toll", f"killed {killed or 'not said'}, injured {injured or 'not said'}")
    owners = _number(event.family_count, "independent owner")
    line(console, "told by", f"{_number(event.article_count, 'article')}, {owners}")
    if event.differs:
        line(console, "differs", event.differs)
    line(console, "rules", event.rules)


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _show_mention(console: Console, number: int, mention: TracedMention) -> None:
    version, fetch, capture = mention.version, mention.fetch, mention.capture
    console.print()
    heading = f"{number}. {mention.link.relation} by {version.source_name} ({version.family})"
    console.print(Text(heading, style="bold") + Text(f"  {mention.mention_id}", style="dim"))
    line(console, "sentence", marked_sentence(mention))
    show_evidence(console, mention.evidence)
    show_claims(console, mention.claims)
    for review in mention.reviews:
        line(console, "reviewed", reviewed(review))
    stale = "" if version.current else "; superseded by a later version"
    line(console, "article", f"{version.title or 'untitled'} <{version.canonical_url}>")
    if mention.page is not None:
        line(console, "page", f"{mention.page} of {len(version.page_starts)}")
    origin = "; ".join(filter(None, (version.published_origin, version.published_reason)))
    line(console, "published", f"{version.published_day or 'undated'}{f' ({origin})' if origin else ''}{stale}")
    line(console, "version", f"{version.version_id} sha256 {version.content_sha256}")
    if fetch is not None:
        line(console, "fetch", f"{fetch.requested_at:%Y-%m-%d %H:%M:%S %Z} status {fetch.status} {fetch.final_url}")
        line(console, "found in", f"{fetch.found_in} {fetch.found_at}")
    line(console, "capture", f"{capture.capture_id} sha256 {capture.sha256} ({capture.byte_length} bytes)")
    line(console, "kept in", f"{capture.warc_file} at {capture.warc_offset}, {capture.warc_length} bytes")
    if capture.archive:
        there = f"{capture.archived_at:%Y-%m-%d %H:%M:%S %Z}" if capture.archived_at else "at a time it does not tell"
        message = f"{capture.archive} {capture.archive_record or ''}, captured there {there}"
        line(console, "taken from", f"{message}; {capture.archive_check or 'its digest was not checked'}")
    if fetch is not None:
        line(console, "run", f"{fetch.run.run_id} ({fetch.run.origin}, firstdraft {fetch.run.code_version})")
    line(
        console,
        "read by",
        f"{version.extractor} {version.extractor_version}; coded by {mention.coder} {mention.coder_version}",
    )


def reviewed(review: TracedReview) -> str:
    """A verdict in words: what it is now, what it was, who says so, when and why."""
    was = json.loads(review.said).get(review.field, "not said")
    message = (
        f"{review.field}: {review.value}, was {was}" if review.verdict == "correct" else review.field or "all of it"
    )
    why = f": {review.note}" if review.note else ""
    return f"{review.verdict} ({message}) by {review.reviewer} on {review.reviewed_at:%Y-%m-%d %H:%M} UTC{why}"
