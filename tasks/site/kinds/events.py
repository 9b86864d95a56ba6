"""Event pages: what is held of an event, who says so, in which words, and which bytes they were read from."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from pydantic_core import from_json

from tasks.site import pages
from tasks.site.files.shelf import Row
from tasks.site.wording import words
from tasks.site.wording.headlines import denial, headline
from tasks.site.wording.passages import passage
from tasks.site.wording.summary import growth, neighbours, summary
from tasks.site.wording.victims import not_adding_up, victim_rows

_RELATIONS = {
    "reports": ("Reports", "in its own words"),
    "repeats": ("Repeats", "a copy of another report: no further confirmation"),
    "denies": ("Denies", "says it did not happen, or not so"),
}
_STANCES = {"asserts": "says", "denies": "denies", "claims_responsibility": "claims responsibility"}
_OF_MANY = {"says": "say", "denies": "deny", "claims responsibility": "claim responsibility"}
_ABOUT = {"event": "that it happened", "cause": "why", "responsibility": "who did it", "toll": "how many"}
#: What the reasons in ``events.rules`` mean (docs/decisions, 0004).
_RULES = {
    "majority": "what most reports say",
    "best_precision": "the most precise that a report gives",
    "most_conservative": "lowest low, highest high; best: the smallest best of independent reports",
}
_TOLLS = (("killed", "Killed"), ("injured", "Injured"), ("detained", "Detained"), ("displaced", "Displaced"))
ROOT = "../../"


def event_page(row: Row) -> str:
    """The page of one row of ``site_event_pages``."""
    return pages.render("event.html.j2", ROOT, "events", **event_values(row))


def event_values(row: Row) -> dict[str, Any]:
    """What the template shows of it."""
    reports = [_report(report) for report in _json(row["reports"])]
    actors = _json(row["actors"])
    precision = words.PLACE_PRECISION.get(row["place_precision"] or 0)
    line, victims = headline(row), _json(row["victims"])
    when = words.days(row["date_start"], row["date_end"], row["date_precision"])
    return {
        "headline": line,
        "address": _address(row),
        "picture": _address(row).removesuffix("html") + "png" if _address(row) else _picture_beside(row),
        "summary": summary(line, when, reports, row["deniers"]),
        "growth": growth(reports),
        "denial": (denied := denial(row))[:1].upper() + denied[1:],
        "victims": victim_rows(victims),
        "unfit": not_adding_up(victims),
        "neighbours": [
            event | {"path": pages.event_path(event["event_id"]), "when": words.day(words.day_of(event["day"]))}
            for event in neighbours(row, _json(row["before_here"]), _json(row["before_by"]))
        ],
        "tolls": [(title, told) for what, title in _TOLLS[2:] if (told := words.of_event(row, what))],
        "event": SimpleNamespace(**row),
        "where": words.place_line(row["place_name"], row["admin2"], row["admin1"], row["country"]),
        "when": when,
        "when_precision": words.DATE_PRECISION.get(row["date_precision"] or 0, ""),
        "where_precision": precision[0] if precision else "",
        "killed": words.of_event(row, "killed"),
        "injured": words.of_event(row, "injured"),
        "sides": [(title, [_linked(actor) for actor in actors if actor["role"] == role]) for role, title in _ROLES],
        "place_page": pages.place_path(row["place_id"]) if row["place_id"] else "",
        "badges": badges(row),
        "reports": reports,
        "others": sum(1 for report in reports if report.relation == "repeats"),
        "rules": _rules(row["rules"]),
        "disputes": [part.strip() for part in (row["differs"] or "").split(";") if part.strip()],
        "former": _json(row["former"]),
        "states": [_state(state) for state in _json(row["states"])],
        "reviews": _json(row["reviews"]),
    }


def _linked(actor: dict[str, Any]) -> dict[str, Any]:
    """An actor with its page: those known by an id have one, of the roles such pages are made of."""
    has_page = actor["actor_id"] and actor["role"] in ("initiator", "target")
    return actor | {"path": pages.actor_path(actor["actor_id"]) if has_page else ""}


_ROLES = (("initiator", "By"), ("target", "Against"), ("supporter", "With"), ("object", "Hit"))


def badges(row: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """How far to trust the row at a glance: class, word, and what the word means."""
    labels = []
    if row["disputed"]:
        labels.append(("disputed", "Disputed", "Somebody denies it, or that they did it."))
    if row["differs"]:
        labels.append(("differ", "Reports differ", f"Reports disagree: {row['differs']}."))
    families = row["family_count"]
    if families <= 1:
        labels.append(("single", "Single source", "Only one publisher reports it in its own words."))
    else:
        labels.append(("several", f"{families} independent sources", "Publishers that report it in their own words."))
    return labels


def _report(report: dict[str, Any]) -> SimpleNamespace:
    """A report with all its words made: attributes are cheaper to a template than the items of a dict."""
    read = passage(report)
    relation, meaning = _RELATIONS.get(report["relation"], (report["relation"], ""))
    web, tolls = words.web_link(report["url"]), _tolls(report)
    toll_numbers = {title: number for title, number, _ in tolls}
    claims = [
        item
        | {"verb": _verb(item["speaker"], item["stance"]), "about_key": item["about"]}
        | {"subject": (subject := words.as_subject(item["speaker"])), "opening": subject[:1].upper() + subject[1:]}
        | {"about": _ABOUT.get(item["about"], item["about"])}
        for item in report["statements"] or ()
    ]
    return SimpleNamespace(
        **report
        | {
            "relation_word": relation,
            "relation_meaning": meaning,
            "day": words.day(words.day_of(report["published_day"])) or "a day not known",
            "killed": toll_numbers.get("Killed"),
            "injured": toll_numbers.get("Injured"),
            "tolls": tolls,
            "passage": read,
            "labels": [
                (label, _spoken(label))
                for label in dict.fromkeys(piece.label for piece in read.sentence if piece.label)
            ],
            "statements": [SimpleNamespace(**item) for item in claims],
            "evidence": _evidence(report),
            "earlier": [(words.instant(item["seen"]), _earlier(item)) for item in report["earlier"] or ()],
            "article": pages.article_path(report["article_id"]),
            "source_page": pages.source_path(report["source_id"]),
            "web": web,
            "host": words.host(web) if web else "address not shown as a link",
            "captured_raw": report["captured_at"],
            "earlier_told": report["earlier"] or (),
            "captured_at": words.instant(report["captured_at"]),
            "request": SimpleNamespace(**report["request"]) if report["request"] else None,
        }
    )


def _address(row: Mapping[str, Any]) -> str:
    """Where the page stands for good, where the site's address is known."""
    base = words.web_link(row.get("base_url") or "")
    return f"{base.rstrip('/')}/{pages.event_path(row['event_id'])}" if base else ""


def _picture_beside(row: Mapping[str, Any]) -> str:
    """The picture as the page beside it finds it, where the site's address is not known."""
    return pages.picture_path(row["event_id"]).rsplit("/", maxsplit=1)[-1]


def _verb(speaker: str, stance: str) -> str:
    """What somebody does to a statement, in the number of the speaker.

    >>> _verb("officers", "asserts"), _verb("the ministry", "denies"), _verb("Reuters", "asserts")
    ('say', 'denies', 'says')
    """
    verb = _STANCES.get(stance, stance)
    return _OF_MANY.get(verb, verb) if words.is_many(speaker) else verb


def _tolls(report: Mapping[str, Any]) -> list[tuple[str, str, str | None]]:
    rows = []
    for what, title in _TOLLS:
        number = words.toll(report[f"{what}_low"], report[f"{what}_best"], report[f"{what}_high"])
        if number:
            rows.append((title, number, report.get(f"{what}_who")))
    return rows


def _evidence(report: Mapping[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """Class, field, words, rule and characters of each piece."""
    return [
        (item["field"], _spoken(item["field"]), item["quote"], _spoken(item["rule"]), f"{item['start']}–{item['stop']}")
        for item in report["evidence"] or ()
    ]


@cache
def _spoken(name: str) -> str:
    return name.replace("_", " ")


#: Why a row came into a state (``event_history.came_by``).
_CAME_BY = {
    "added": "first told",
    "reported": "more was reported",
    "corrected": "a publisher corrected an article",
    "merged": "another entry turned out to be the same event",
    "recoded": "the pages were read again by newer code",
    "erased": "a report was erased",
    "decided": "a person decided",
    "recomputed": "computed anew",
}
#: Columns that say how a row was made rather than what it says.
_INNER = frozenset({"changed_at", "changed_run_id", "created_at", "created_run_id", "anchor_mention_id", "rules"})


def _state(state: Mapping[str, Any]) -> dict[str, Any]:
    """A state of the row: since when, why, what was new in it, and the tolls as they then stood."""
    fields = [str(name).replace("_", " ") for name in state["fields"] or () if name not in _INNER]
    return dict(state) | {"why": _CAME_BY.get(state["why"], state["why"]), "fields": fields, "toll": _earlier(state)}


def _earlier(item: Mapping[str, Any]) -> str:
    parts = [
        f"{count} {what}"
        for what in ("killed", "injured")
        if (count := words.toll(item[f"{what}_low"], item[f"{what}_best"], item[f"{what}_high"]))
    ]
    return ", ".join(parts) or "no count"


def _rules(rules: str) -> list[tuple[str, str]]:
    """``field=rule; ...`` in words.

    >>> _rules("date=best_precision")
    [('date', 'the most precise that a report gives')]
    """
    pairs = (part.partition("=") for part in rules.split(";") if "=" in part)
    return [(field.strip(), _RULES.get(rule.strip(), rule.strip().replace("_", " "))) for field, _, rule in pairs]


def _json(value: str | None) -> list[dict[str, Any]]:
    return from_json(value) if value else []


def ended_pages(rows: Iterable[Row]) -> Iterable[tuple[str, str]]:
    """Pages for ids that ended, so that a link someone has cited still says what became of the event."""
    led = {row["old_event_id"]: row["event_id"] for row in rows_list(rows)}
    for row in rows_list(rows):
        target = _last(led, row["event_id"])
        values = {"row": row, "target": target, "target_path": pages.event_path(target) if target else ""}
        yield pages.event_path(row["old_event_id"]), pages.render("ended.html.j2", ROOT, "events", **values)


def rows_list(rows: Iterable[Row]) -> list[Row]:
    """The rows as a list, whatever came."""
    return rows if isinstance(rows, list) else list(rows)


def _last(led: Mapping[str, str | None], target: str | None) -> str | None:
    """Where a chain of ended ids leads; a circle leads nowhere."""
    passed: set[str] = set()
    while target is not None and target in led and target not in passed:
        passed.add(target)
        target = led[target]
    return None if target in passed else target
