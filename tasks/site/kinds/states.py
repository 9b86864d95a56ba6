"""How sources fare, in words, and the statement of what is missing behind the counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.site import pages
from tasks.site.files.shelf import Row
from tasks.site.wording import words

#: The states of the view ``source_health``: a word, what it means, and whether something may be missing because of it.
STATES: Mapping[str, tuple[str, str, bool]] = {
    "down": ("Down", "nothing of it could be read in the last run", True),
    "paused": ("Paused", "left alone after long failure", True),
    "silent": ("Silent", "it answers, but has had nothing new for longer than is usual for it", True),
    "degraded": ("Partly down", "some of its addresses could not be read", True),
    "below_expectation": ("Fewer than usual", "it gave fewer new items than is usual for it", True),
    "never_asked": ("Not asked yet", "no finished run has asked it", True),
    "above_expectation": ("More than usual", "it gave more new items than is usual for it", False),
    "no_news": ("Nothing new", "read in the last run; it had nothing new", False),
    "ok": ("Read", "read in the last run", False),
}

#: How sources behind which nothing is missing are counted in a sentence.
_OTHERS = {"ok": "with news", "no_news": "with nothing new", "above_expectation": "with more than usual"}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the counts rest on. ``missing``: sources behind which something may be missing, the worst first.

    ``others`` counts the remaining ones by state; ``languages`` are rows of ``site_coverage``; ``links`` says what
    became of the last run's links.
    """

    sources: int
    read: int
    missing: tuple[dict[str, Any], ...]
    others: tuple[tuple[str, int], ...]
    languages: tuple[Row, ...]
    links: tuple[tuple[str, int], ...]
    discovered: int


def coverage(sources: Sequence[Row], languages: Sequence[Row], accounts: Sequence[Row]) -> Coverage:
    """The statement for the sources that are in use."""
    used = [source for source in sources if source["enabled"] or source["runs"]]
    missing = [source for source in used if STATES.get(source["state"], ("", "", True))[2]]
    order = list(STATES)
    missing.sort(key=lambda source: (order.index(source["state"]) if source["state"] in order else -1, source["name"]))
    others = Counter(source["state"] for source in used if source not in missing)
    outcomes: Counter[str] = Counter()
    for account in accounts:
        outcomes[account["outcome"]] += account["links"]
    return Coverage(
        sources=len(used),
        read=len(used) - len(missing),
        missing=tuple(told(source) for source in missing),
        others=tuple((_OTHERS.get(state, state), number) for state, number in others.most_common()),
        languages=tuple(languages),
        links=tuple(outcomes.most_common()),
        discovered=sum(outcomes.values()),
    )


def told(source: Row) -> dict[str, Any]:
    """A source with its state in words and its page."""
    word, meaning, missing = STATES.get(source["state"], (source["state"], "", True))
    return source | {
        "state_word": word,
        "state_meaning": meaning,
        "missing": missing,
        "path": pages.source_path(source["source_id"]),
        "since": words.instant(source["last_success_at"]),
    }
