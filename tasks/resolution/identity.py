"""Events from clusters: their ids, values and links. Mentions that happened and are no totals form events; denials
attach to the event they deny.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.event import Event, EventLink, Override, Pick, StoredMention
from schemas.source import UNKNOWN_FAMILY
from tasks.resolution.clusters import Cluster, Scores
from tasks.resolution.fields import FIELDS, independent, pick, reported, rules, toll_of
from tasks.resolution.overrides import Forced
from tasks.resolution.pairs import DENIES, in_one_block


@dataclass(frozen=True, slots=True)
class Resolution:
    """Events and their links, both sorted by id, and the events that a person retracted with the decision."""

    events: tuple[Event, ...]
    links: tuple[EventLink, ...]
    retracted: tuple[tuple[str, Override], ...] = ()


def is_report(mention: StoredMention) -> bool:
    """Return True if a mention tells of an event: it happened, and it is no total of several."""
    return mention.status == "happened" and not mention.aggregate


def events_of(
    clusters: Iterable[Cluster], denials: Sequence[StoredMention], scores: Scores, forced: Forced
) -> Resolution:
    """The events of some clusters. ``denials`` are all that may deny one of them."""
    events: list[Event] = []
    links: list[EventLink] = []
    retracted: list[tuple[str, Override]] = []
    for members in clusters:
        anchor = anchor_of(members)
        decision = forced.retraction_of(members)
        if decision is not None:
            retracted.append((anchor.own_event_id, decision))
            continue
        against = [d for d in denials if any(denies(scores, d, m) for m in members)]
        events.append(_event(anchor, members, against))
        links.extend(_links(anchor, members, against, scores))
    return Resolution(
        tuple(sorted(events, key=lambda e: e.event_id)),
        tuple(sorted(links, key=lambda li: (li.event_id, li.mention_id))),
        tuple(sorted(retracted, key=lambda both: both[0])),
    )


def anchor_of(members: Iterable[StoredMention]) -> StoredMention:
    """The earliest published mention, which names the event; ties are settled by keys."""
    return min(members, key=reported)


def denies(scores: Scores, denial: StoredMention, report: StoredMention) -> bool:
    """Return True if a denial is of the event a report tells of."""
    if not in_one_block(denial, report):
        return False
    return scores.of(denial.mention_id, report.mention_id).score >= DENIES


def _links(
    anchor: StoredMention, members: Sequence[StoredMention], against: Sequence[StoredMention], scores: Scores
) -> Iterable[EventLink]:
    event_id, reports = anchor.own_event_id, {m.mention_id for m in _firsts(members)}
    for m in members:
        relation = "reports" if m.mention_id in reports else "repeats"
        if m is anchor:
            yield EventLink(event_id, m.mention_id, relation, 1.0, "anchor")
        else:
            match = scores.of(anchor.mention_id, m.mention_id)
            yield EventLink(event_id, m.mention_id, relation, match.score, match.why or "by another")
    for m in against:
        yield EventLink(event_id, m.mention_id, "denies", scores.of(anchor.mention_id, m.mention_id).score, "denial")


def _firsts(members: Sequence[StoredMention]) -> list[StoredMention]:
    """The first of each group of copies."""
    first: dict[str, StoredMention] = {}
    for m in sorted(members, key=reported):
        first.setdefault(m.story_id, m)
    return list(first.values())


def _voices(families: set[str]) -> int:
    """How many speak for themselves: outlets nobody has looked at are one voice at most, and none beside another."""
    return len(families - {UNKNOWN_FAMILY}) or len(families)


def _event(anchor: StoredMention, members: Sequence[StoredMention], against: Sequence[StoredMention]) -> Event:
    reports = independent(members)
    picks = {name: pick(name, reports, rules()[name]) for name in FIELDS}
    source = {name: chosen or anchor for name, (chosen, _) in picks.items()}
    kind, when, where = source["event_type"], source["date"], source["place"]
    killed, injured = _range(picks, "killed", reports), _range(picks, "injured", reports)
    detained, displaced = _range(picks, "detained", reports), _range(picks, "displaced", reports)
    disputed = bool(against) or any(m.contested for m in members)
    return Event(
        event_id=anchor.own_event_id,
        anchor_mention_id=anchor.mention_id,
        event_type=kind.event_type,
        sub_event_type=kind.sub_event_type,
        status="disputed" if disputed else "happened",
        date_start=when.date_start,
        date_end=when.date_end,
        date_precision=when.date_precision,
        place_name=where.place_name,
        place_id=where.place_id,
        admin1=where.admin1,
        admin2=where.admin2,
        country=where.country,
        latitude=where.latitude,
        longitude=where.longitude,
        place_precision=where.place_precision,
        killed_low=killed.low,
        killed_best=killed.best,
        killed_high=killed.high,
        injured_low=injured.low,
        injured_best=injured.best,
        injured_high=injured.high,
        mention_count=len(members),
        article_count=len({m.article_id for m in members}),
        source_count=len({m.source_id for m in members}),
        family_count=_voices({m.family for m in _firsts(members)}),
        disputed=disputed,
        differs=_differs(picks),
        rules="; ".join(f"{name}={pick_of_field.rule}" for name, (_, pick_of_field) in sorted(picks.items())),
        origin_count=_voices({m.origin for m in reports}),
        picks=tuple(pick_of_field for _, (_, pick_of_field) in sorted(picks.items())),
        killed_open=killed.open,
        injured_open=injured.open,
        detained_low=detained.low,
        detained_best=detained.best,
        detained_high=detained.high,
        detained_open=detained.open,
        displaced_low=displaced.low,
        displaced_best=displaced.best,
        displaced_high=displaced.high,
        displaced_open=displaced.open,
    )


@dataclass(frozen=True, slots=True)
class _Range:
    """A toll of an event. ``open``: a report says "at least", and none gives more than it."""

    low: int | None = None
    best: int | None = None
    high: int | None = None
    open: bool = False


def _range(picks: dict[str, tuple[StoredMention | None, Pick]], name: str, reports: Sequence[StoredMention]) -> _Range:
    """Low, best and high: the best of the report picked, the range over all that speak for themselves."""
    chosen = picks[name][0]
    if chosen is None:
        return _Range()
    ranges = [(low, best, high) for low, best, high in (toll_of(m, name) for m in reports) if best is not None]
    most = max(best if high is None else high for _, best, high in ranges)
    least = min(best if low is None else low for low, best, _ in ranges)
    is_open = any(high is None and best == most for _, best, high in ranges)
    return _Range(least, toll_of(chosen, name)[1], most, is_open)


#: The fields whose disagreement makes an event worth a second look; names of places differ by spelling alone.
_DIFFERING = ("killed", "injured", "detained", "displaced", "date", "initiators")


def _differs(picks: dict[str, tuple[StoredMention | None, Pick]]) -> str | None:
    """Which fields the reports disagree on, and between what, e.g. ``killed 14 | 16``."""
    differences = []
    for name in _DIFFERING:
        pick = picks[name][1]
        if pick.others and pick.value is not None:
            differences.append(f"{name} {' | '.join(sorted({pick.value, *pick.others}, key=_as_number))}")
    return "; ".join(differences) or None


def _as_number(words: str) -> tuple[int, str]:
    return (int(words), "") if words.isdigit() else (0, words)
