"""What happened in three plain sentences, each clause leading to the report it was read from, and how the toll grew."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from tasks.site.wording import words

#: A clause: its words, and the mention it leads to; "" for words between.
Clause = tuple[str, str]


def summary(line: str, when: str, reports: Sequence[SimpleNamespace], deniers: str | None) -> list[list[Clause]]:
    """The sentences: the event by its first report, what the others say, and who denies it."""
    told = [report for report in reports if report.relation == "reports"]
    if not told:
        return []
    first, others = told[0], told[1:]
    found = [
        [
            (f"{line.split('; ', maxsplit=1)[0]}, {when}", first.mention_id),
            (f", {first.source} reports{_by_whom(first)}.", ""),
        ]
    ]
    if others:
        found.append(_others(others))
    against = _against(reports)
    if against:
        found.append(against)
    elif deniers:
        found.append([(f"{_denies(deniers)}.", "")])
    return found


def _by_whom(report: SimpleNamespace) -> str:
    speakers = [said.speaker for said in report.statements if said.stance == "asserts"]
    return f", citing {words.as_subject(speakers[0])}" if speakers else ""


def _others(others: Sequence[SimpleNamespace]) -> list[Clause]:
    clauses: list[Clause] = []
    for number, report in enumerate(others[:4]):
        lead = "" if number == 0 else "; " if number < len(others) - 1 else " and "
        says = f"puts the killed at {report.killed}" if report.killed else "reports it without a count of killed"
        clauses += [(lead, ""), (f"{report.source} {says}", report.mention_id)]
    rest = len(others) - 4
    return [*clauses, (f"; {rest} more report it." if rest > 0 else ".", "")]


def _against(reports: Sequence[SimpleNamespace]) -> list[Clause]:
    """Each speaker that denies it, once, with the report that quotes them."""
    told: dict[str, str] = {}
    for report in reports:
        for said in report.statements:
            if said.stance == "denies" and said.about_key in ("event", "responsibility"):
                told.setdefault(said.speaker, report.mention_id)
        if report.relation == "denies" and report.mention_id not in told.values():
            told.setdefault(report.source, report.mention_id)
    clauses: list[Clause] = []
    for number, speaker in enumerate(words.whole_names(told)):
        said = _denies(speaker)
        clauses += [("; " if number else "", ""), (said if number else said[:1].upper() + said[1:], told[speaker])]
    return [*clauses, (".", "")] if clauses else []


def _denies(speaker: str) -> str:
    return f"{words.as_subject(speaker)} {'deny' if words.is_many(speaker) else 'denies'} it"


def growth(reports: Sequence[SimpleNamespace]) -> list[SimpleNamespace]:
    """The count of killed as it was told, the earliest first, earlier versions of pages among them; empty for one."""
    rows = []
    for report in reports:
        if report.relation == "denies":
            continue
        for item in report.earlier_told:
            told = words.toll(item["killed_low"], item["killed_best"], item["killed_high"])
            if told:
                rows.append((str(item["seen"]), report.source, told, "an earlier version", report.mention_id))
        if report.killed:
            seen = report.published_at or (f"{report.published_day}" if report.published_day else report.captured_raw)
            rows.append((str(seen), report.source, report.killed, "", report.mention_id))
    rows.sort()
    if len({row[2] for row in rows}) < 2:
        return []
    return [
        SimpleNamespace(at=at[:16].replace("T", " "), source=source, killed=killed, note=note, mention_id=mention_id)
        for at, source, killed, note, mention_id in rows
    ]


def neighbours(row: Mapping[str, Any], here: Sequence[dict[str, Any]], by: Sequence[dict[str, Any]]) -> list[Any]:
    """Earlier events of the same place and of the same side, each once, the latest first, with why they stand here."""
    found: dict[str, dict[str, Any]] = {}
    for why, events in (("at the same place", here), ("by the same side", by)):
        for event in events:
            known = found.setdefault(event["event_id"], event | {"why": []})
            known["why"].append(why)
    order = sorted(found.values(), key=lambda event: (str(event["day"]), event["event_id"]), reverse=True)
    return [event for event in order if event["event_id"] != row["event_id"]]
