"""Pages of actors and places: their events over time, with whom, the killed by side, the sources, and the trend."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tasks.site import pages
from tasks.site.files.shelf import Row
from tasks.site.kinds.front import listed
from tasks.site.wording import words
from tasks.site.wording.victims import KINDS, SIDES

ROOT = "../"
#: Events listed on a page; days of a trend's stretch.
_LISTED, _STRETCH = 60, 28


@dataclass(frozen=True, slots=True)
class Read:
    """How many articles were read of each of two stretches, the later first: what a trend rests on."""

    now: int
    before: int


def profile_pages(
    rows: Sequence[Row],
    parts: Sequence[Row],
    victims: Sequence[Row],
    last_day: date,
    read: Read,
    names: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """The pages of actors and places, each as its path below the site and its HTML."""
    by_id = {row["event_id"]: row for row in rows}
    killed: dict[str, list[Row]] = defaultdict(list)
    for one in victims:
        killed[one["event_id"]].append(one)
    told = _Maker(by_id, killed, _beside(parts), last_day, read, names)
    yield from told.actors(parts)
    yield from told.places(rows)


def _beside(parts: Iterable[Row]) -> dict[str, list[tuple[str, str, str]]]:
    """The known actors of each event: id, name, role."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for part in parts:
        found[part["event_id"]].append((part["actor_id"], part["name"], part["role"]))
    return found


@dataclass(frozen=True, slots=True)
class _Maker:
    by_id: Mapping[str, Row]
    killed: Mapping[str, list[Row]]
    beside: Mapping[str, list[tuple[str, str, str]]]
    last_day: date
    read: Read
    names: Mapping[str, str]

    def actors(self, parts: Iterable[Row]) -> Iterator[tuple[str, str]]:
        """A page for each known actor."""
        roles: dict[str, dict[str, str]] = defaultdict(dict)
        names: dict[str, str] = {}
        for part in parts:
            if part["event_id"] in self.by_id:
                roles[part["actor_id"]].setdefault(part["event_id"], part["role"])
                names[part["actor_id"]] = part["name"]
        for actor_id, own in sorted(roles.items()):
            some = [self.by_id[event_id] for event_id in own]
            acted = sum(1 for role in own.values() if role == "initiator")
            told = (("acted in", acted), ("was hit in", len(own) - acted))
            about = ", ".join(f"{verb} {number}" for verb, number in told if number)
            others = Counter(
                (other, name) for row in some for other, name, _ in self.beside[row["event_id"]] if other != actor_id
            )
            yield pages.actor_path(actor_id), self._page(names[actor_id], "Actor", about, some, others)

    def places(self, rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
        """A page for each place of the gazetteer, and for each first-order division."""
        groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            if row["place_id"]:
                groups[row["place_id"], ""].append(row)
            if row["admin1"] and row["country_code"]:
                groups[f"adm {row['country_code']} {row['admin1']}", row["admin1"]].append(row)
        for (key, admin1), some in sorted(groups.items()):
            first = some[0]
            name = words.place_line(None if admin1 else first["place_name"], first["admin1"], first["country"])
            others = Counter((other, said) for row in some for other, said, _ in self.beside.get(row["event_id"], ()))
            yield pages.place_path(key), self._page(name, "Place", "", some, others)

    def _page(self, name: str, what: str, about: str, rows: Sequence[Row], others: Counter[tuple[str, str]]) -> str:
        order = sorted(rows, key=lambda row: (row["date_start"] or date.min, row["event_id"]), reverse=True)
        return pages.render(
            "profile.html.j2",
            ROOT,
            "events",
            name=name,
            what=what,
            about=about,
            total=len(rows),
            killed=words.toll_sum(rows, "killed"),
            months=_months(rows),
            sides=self._sides(rows),
            others=[(other, n, pages.actor_path(key)) for (key, other), n in others.most_common(12)],
            sources=[
                (self.names.get(source, source), n, pages.source_path(source))
                for source, n in Counter(source for row in rows for source in row["source_ids"] or ()).most_common(12)
            ],
            trend=self._trend(rows),
            listed=[listed(row) for row in order[:_LISTED]],
            more=max(0, len(order) - _LISTED),
        )

    def _sides(self, rows: Iterable[Row]) -> list[tuple[str, str, int]]:
        """The killed whose side or kind is told: side, kind, persons."""
        counted: Counter[tuple[str, str]] = Counter()
        for row in rows:
            for one in self.killed.get(row["event_id"], ()):
                counted[SIDES[one["side"]], KINDS[one["kind"]]] += one["killed"]
        return [(side, kind, n) for (side, kind), n in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]

    def _trend(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """The last four weeks beside the four before: events, reports, killed, and the articles read in all."""
        found = []
        for word, end, read in (
            ("last four weeks", self.last_day, self.read.now),
            ("four weeks before", self.last_day - timedelta(days=_STRETCH), self.read.before),
        ):
            start = end - timedelta(days=_STRETCH - 1)
            some = [row for row in rows if row["date_start"] and start <= row["date_start"] <= end]
            found.append(
                {
                    "when": word,
                    "days": words.days(start, end, 2),
                    "events": len(some),
                    "reports": sum(row["mention_count"] for row in some),
                    "killed": words.toll_sum(some, "killed"),
                    "articles": read,
                }
            )
        return found


def _months(rows: Iterable[Row]) -> list[tuple[str, int, words.TollSum]]:
    months: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        months[f"{row['date_start']:%Y-%m}" if row["date_start"] else "undated"].append(row)
    return [(month, len(some), words.toll_sum(some, "killed")) for month, some in sorted(months.items(), reverse=True)]
