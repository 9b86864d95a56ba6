"""Events from mentions: clusters that do not depend on the order of arrival, their ids, and their values.

Mentions that happened and are no totals form events; denials attach to the event they deny. All mentions stay.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import TypeVar

from schemas.event import Event, EventLink, StoredMention
from schemas.keys import row_id
from tasks.events.match import THRESHOLD, days_of, match, type_group

#: A denial rarely repeats the toll or the day, so it needs less to find its event.
DENIAL_THRESHOLD = 2.5

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Resolution:
    """Events and their links, both sorted by id."""

    events: tuple[Event, ...]
    links: tuple[EventLink, ...]


def resolve_events(mentions: Iterable[StoredMention]) -> Resolution:
    """The events behind mentions. The result depends on the set of mentions alone."""
    ordered = sorted(mentions, key=lambda m: m.mention_id)
    reports = [m for m in ordered if m.status == "happened" and not m.aggregate]
    denials = [m for m in ordered if m.status == "denied"]
    keys = _keys_within_articles(reports)
    clusters = sorted(_cluster(reports), key=lambda members: members[0].mention_id)
    events: list[Event] = []
    links: list[EventLink] = []
    for members in clusters:
        anchor = min(members, key=_anchor_order)
        event_id = row_id("evt", *keys[anchor.mention_id])
        against = _denials_of(members, denials)
        events.append(_event(event_id, anchor, members, against))
        links.extend(_links(event_id, anchor, members, against))
    return Resolution(
        tuple(sorted(events, key=lambda e: e.event_id)),
        tuple(sorted(links, key=lambda li: (li.event_id, li.mention_id))),
    )


def _anchor_order(mention: StoredMention) -> tuple[date, str, int]:
    """The earliest published mention names the event; ties are settled by keys."""
    return mention.published_day or date.max, mention.article_id, mention.trigger_start


def _keys_within_articles(mentions: Sequence[StoredMention]) -> dict[str, tuple[object, ...]]:
    """Each mention's key: article, kind, first day, place, and a number where those are the same twice.

    Neither the version nor the toll is part of it: a correction of 12 to 14 keeps the event's id.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    keys: dict[str, tuple[object, ...]] = {}
    for m in sorted(mentions, key=lambda m: (m.article_id, m.trigger_start, m.mention_id)):
        key = (m.article_id, type_group(m), m.date_start, m.place_id or m.place_name)
        keys[m.mention_id] = (*key, seen[key])
        seen[key] += 1
    return keys


def _cluster(mentions: Sequence[StoredMention]) -> list[list[StoredMention]]:
    """Best pairs first; two clusters join only if no pair across them is forbidden."""
    pairs = [(m.score, a.mention_id, b.mention_id) for a, b in _candidates(mentions) if (m := match(a, b)).veto is None]
    by_id = {m.mention_id: m for m in mentions}
    cluster_of: dict[str, list[StoredMention]] = {m.mention_id: [m] for m in mentions}
    for score, left, right in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        a, b = cluster_of[left], cluster_of[right]
        if score < THRESHOLD or a is b or any(match(x, y).veto for x in a for y in b):
            continue
        joined = sorted([*a, *b], key=lambda m: m.mention_id)
        for member in joined:
            cluster_of[member.mention_id] = joined
    return list({id(members): members for mention_id in by_id for members in [cluster_of[mention_id]]}.values())


def _candidates(mentions: Sequence[StoredMention]) -> Iterable[tuple[StoredMention, StoredMention]]:
    """Pairs of one kind whose days lie at most one apart, each pair once."""
    blocks: dict[tuple[str, date], list[StoredMention]] = defaultdict(list)
    for mention in mentions:
        for day in _block_days(mention):
            blocks[type_group(mention), day].append(mention)
    seen: set[tuple[str, str]] = set()
    for members in blocks.values():
        for a, b in combinations(members, 2):
            key = (a.mention_id, b.mention_id) if a.mention_id < b.mention_id else (b.mention_id, a.mention_id)
            if key not in seen:
                seen.add(key)
                yield a, b


def _block_days(mention: StoredMention) -> Iterable[date]:
    """The days of a mention and one on either side; a month at most, for those known no better."""
    days = days_of(mention)
    if days is None:
        return
    first, last = days[0] - timedelta(days=1), days[1]
    for offset in range(min((last - first).days, 31) + 1):
        yield first + timedelta(days=offset)


def _denials_of(members: Sequence[StoredMention], denials: Sequence[StoredMention]) -> list[StoredMention]:
    return [d for d in denials if any(_denies(d, m) for m in members)]


def _denies(denial: StoredMention, report: StoredMention) -> bool:
    found = match(denial, report)
    return found.veto is None and found.score >= DENIAL_THRESHOLD


def _links(
    event_id: str, anchor: StoredMention, members: Sequence[StoredMention], denials: Sequence[StoredMention]
) -> Iterable[EventLink]:
    first_of_story = _first_of_each_story(members)
    for m in members:
        relation = "reports" if first_of_story[m.story_id] == m.mention_id else "repeats"
        found = None if m is anchor else match(anchor, m)
        score = found.score if found else 1.0
        yield EventLink(event_id, m.mention_id, relation, score, (found.why if found else "anchor") or "by another")
    for m in denials:
        yield EventLink(event_id, m.mention_id, "denies", match(anchor, m).score, "denial")


def _first_of_each_story(members: Sequence[StoredMention]) -> dict[str, str]:
    """The member that stands for each group of copies: a copy with another toll is in another story."""
    first: dict[str, str] = {}
    for m in sorted(members, key=_anchor_order):
        first.setdefault(m.story_id, m.mention_id)
    return first


def _event(
    event_id: str, anchor: StoredMention, members: Sequence[StoredMention], denials: Sequence[StoredMention]
) -> Event:
    when = min(members, key=lambda m: (m.date_precision or 9, m.date_start or date.max, m.mention_id))
    where = min(members, key=lambda m: (m.place_precision or 9, m.place_name or "\uffff", m.mention_id))
    kind = _majority(members, lambda m: (m.event_type, m.sub_event_type))
    killed = _toll(members, lambda m: (m.killed_low, m.killed_best, m.killed_high))
    injured = _toll(members, lambda m: (m.injured_low, m.injured_best, m.injured_high))
    return Event(
        event_id=event_id,
        anchor_mention_id=anchor.mention_id,
        event_type=kind[0],
        sub_event_type=kind[1],
        status="disputed" if denials else "happened",
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
        killed_low=killed[0],
        killed_best=killed[1],
        killed_high=killed[2],
        injured_low=injured[0],
        injured_best=injured[1],
        injured_high=injured[2],
        mention_count=len(members),
        article_count=len({m.article_id for m in members}),
        source_count=len({m.source_id for m in members}),
        family_count=_independent_families(members),
        denied=bool(denials),
        disputed=_disputed(members),
        rules="type=majority; date=best_precision; place=best_precision; tolls=most_conservative",
    )


def _majority(members: Sequence[StoredMention], value: Callable[[StoredMention], V]) -> V:
    """The value most mentions give; ties go to the more confident side, then to the smaller word."""
    weight: dict[V, tuple[int, float]] = {}
    for m in members:
        count, confidence = weight.get(value(m), (0, 0.0))
        weight[value(m)] = count + 1, confidence + m.confidence
    return min(weight, key=lambda v: (-weight[v][0], -round(weight[v][1], 6), str(v)))


def _toll(
    members: Sequence[StoredMention], toll: Callable[[StoredMention], tuple[int | None, int | None, int | None]]
) -> tuple[int | None, int | None, int | None]:
    """Low, best and high over the reports; best is the most conservative, as ACLED has it."""
    given = [toll(m) for m in members if toll(m)[1] is not None]
    if not given:
        return None, None, None
    lows = [low if low is not None else best for low, best, _ in given]
    highs = [high if high is not None else best for _, best, high in given]
    bests = [best for _, best, _ in given]
    return (
        min(v for v in lows if v is not None),
        min(v for v in bests if v is not None),
        max(v for v in highs if v is not None),
    )


def _independent_families(members: Sequence[StoredMention]) -> int:
    """Owners that speak for themselves: of a group of copies only the first counts."""
    first = set(_first_of_each_story(members).values())
    return len({m.family for m in members if m.mention_id in first})


def _disputed(members: Sequence[StoredMention]) -> str | None:
    """Which fields the reports disagree on, and between what, e.g. ``killed 14 | 16``."""
    fields: list[tuple[str, AbstractSet[object]]] = [
        ("killed", {m.killed_best for m in members} - {None}),
        ("injured", {m.injured_best for m in members} - {None}),
        ("date", {m.date_start for m in members} - {None}),
        ("initiators", {", ".join(sorted(m.initiators)) for m in members} - {""}),
    ]
    told = [f"{name} {' | '.join(sorted(map(str, values)))}" for name, values in fields if len(values) > 1]
    return "; ".join(told) or None
