"""A trace for people: from the event down to the characters quoted and the bytes they were read from."""

import json
from dataclasses import asdict
from typing import Protocol

from rich.console import Console
from rich.text import Text

from schemas.event import Event
from schemas.mention import Evidence
from schemas.trace import Trace, TracedMention, TracedReview
from tasks.console.summary import days, toll

#: How the evidence of a field is marked on a terminal; in a pipe the field's name follows in brackets instead.
_STYLES = {
    "trigger": "bold",
    "date": "cyan",
    "place": "green",
    "initiator": "magenta",
    "target": "blue",
    "killed": "bold red",
    "injured": "red",
}


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
    when, killed = days(event.date_start, event.date_end), toll(event.killed_low, event.killed_best, event.killed_high)
    where = ", ".join(part for part in (event.place_name, event.admin1, event.country) if part) or "unplaced"
    injured = toll(event.injured_low, event.injured_best, event.injured_high)
    _line(console, "what", f"{event.event_type} / {event.sub_event_type} ({event.status})")
    _line(console, "when", f"{when} (precision {event.date_precision})")
    _line(console, "where", f"{where} (precision {event.place_precision})")
    _line(console, "toll", f"killed {killed or 'not said'}, injured {injured or 'not said'}")
    _line(console, "told by", f"{event.article_count} articles, {event.family_count} independent owners")
    if event.disputed:
        _line(console, "disputed", event.disputed)
    _line(console, "rules", event.rules)


def _show_mention(console: Console, number: int, mention: TracedMention) -> None:
    version, fetch, capture = mention.version, mention.fetch, mention.capture
    console.print()
    heading = f"{number}. {mention.link.relation} by {version.source_name} ({version.family})"
    console.print(Text(heading, style="bold") + Text(f"  {mention.mention_id}", style="dim"))
    _line(console, "sentence", marked_sentence(mention))
    for evidence in sorted(mention.evidence, key=lambda e: (e.start, e.field)):
        _line(
            console,
            f"  {evidence.field}",
            f"[{evidence.start}:{evidence.end}] “{evidence.quote}” by {evidence.rule}"
            + (f" ({evidence.coder})" if evidence.coder else ""),
        )
    for claim in mention.claims:
        said = f"{claim.speaker} {claim.stance.value.replace('_', ' ')} ({claim.about}): “{claim.quote}”"
        _line(console, "  claim", f"[{claim.start}:{claim.end}] {said}")
    for review in mention.reviews:
        _line(console, "reviewed", reviewed(review))
    stale = "" if version.current else "; superseded by a later version"
    _line(console, "article", f"{version.title or 'untitled'} <{version.canonical_url}>")
    _line(console, "published", f"{version.published_day or 'undated'}{stale}")
    _line(console, "version", f"{version.version_id} sha256 {version.content_sha256}")
    if fetch is not None:
        _line(console, "fetch", f"{fetch.requested_at:%Y-%m-%d %H:%M:%S %Z} status {fetch.status} {fetch.final_url}")
        _line(console, "found in", f"{fetch.found_in} {fetch.found_at}")
    _line(console, "capture", f"{capture.capture_id} sha256 {capture.sha256} ({capture.byte_length} bytes)")
    _line(console, "kept in", f"{capture.warc_file} at {capture.warc_offset}, {capture.warc_length} bytes")
    if capture.archive:
        there = f"{capture.archived_at:%Y-%m-%d %H:%M:%S %Z}" if capture.archived_at else "at a time it does not tell"
        told = f"{capture.archive} {capture.archive_record or ''}, captured there {there}"
        _line(console, "taken from", f"{told}; {capture.archive_check or 'its digest was not checked'}")
    if fetch is not None:
        _line(console, "run", f"{fetch.run.run_id} ({fetch.run.origin}, firstdraft {fetch.run.code_version})")
    _line(
        console,
        "read by",
        f"{version.extractor} {version.extractor_version}; coded by {mention.coder} {mention.coder_version}",
    )


def reviewed(review: TracedReview) -> str:
    """A verdict in words: what it is now, what it was, who says so, when and why."""
    was = json.loads(review.said).get(review.field, "not said")
    told = f"{review.field}: {review.value}, was {was}" if review.verdict == "correct" else review.field or "all of it"
    why = f": {review.note}" if review.note else ""
    return f"{review.verdict} ({told}) by {review.reviewer} on {review.reviewed_at:%Y-%m-%d %H:%M} UTC{why}"


class Quoted(Protocol):
    """A sentence with its document offsets and what was read from it."""

    @property
    def sentence(self) -> str:
        """The words."""

    @property
    def sentence_start(self) -> int:
        """The document offset of the first character."""

    @property
    def sentence_end(self) -> int:
        """That of the character after the last."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The quotes."""


def marked_sentence(mention: Quoted) -> Text:
    """The sentence with its evidence marked: by style, and as ``[quote|field]`` so that a pipe shows it too.

    Marks nest: ``[killed [16|...] soldiers|killed]``.
    """
    inside = [e for e in mention.evidence if mention.sentence_start <= e.start and e.end <= mention.sentence_end]
    marked = Text()
    open_marks: list[Evidence] = []
    position = mention.sentence_start
    for evidence in [*_nested(inside), None]:
        while open_marks and (evidence is None or open_marks[-1].end <= evidence.start):
            closing = open_marks.pop()
            _copy(marked, mention, position, closing.end)
            position = max(position, closing.end)
            marked.append(f"|{closing.field}]", style=_STYLES.get(closing.field, "dim"))
        if evidence is not None:
            _copy(marked, mention, position, evidence.start)
            position = max(position, evidence.start)
            marked.append("[", style=_STYLES.get(evidence.field, "dim"))
            open_marks.append(evidence)
    _copy(marked, mention, position, mention.sentence_end)
    return marked


def _copy(marked: Text, mention: Quoted, start: int, end: int) -> None:
    marked.append(mention.sentence[start - mention.sentence_start : max(start, end) - mention.sentence_start])


def _nested(evidence: list[Evidence]) -> list[Evidence]:
    """Outer marks before inner ones, left to right; one that crosses another, or marks the same words, is left out."""
    kept: list[Evidence] = []
    for candidate in sorted(evidence, key=lambda e: (e.start, -e.end, e.field)):
        crossing = any(other.start < candidate.start < other.end < candidate.end for other in kept)
        twin = any((other.start, other.end) == (candidate.start, candidate.end) for other in kept)
        if not crossing and not twin:
            kept.append(candidate)
    return kept


def _line(console: Console, label: str, value: str | Text) -> None:
    told = Text(f"  {label:<10} ", style="dim") + (Text(value) if isinstance(value, str) else value)
    console.print(told, soft_wrap=True)
