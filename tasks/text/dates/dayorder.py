"""Whether 03/04/2024 is in March or in April: what the page itself shows of its habit."""

import re
from dataclasses import dataclass

from tasks.reference.words.daytext import ascii_digits
from tasks.text.page.html import Tree

_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(?:19|20)?\d{2}(?![\d/-])")
#: English is written both ways; these regions put the month first (CLDR, short dates).
_MONTH_FIRST = frozenset(("en-us", "en-ph", "en-bz", "fil"))


@dataclass(frozen=True, slots=True)
class DayOrder:
    """Whether days come first, and what says so: a flag for the reason of a date."""

    day_first: bool
    why: str


def day_order(tree: Tree, language: str | None) -> DayOrder | None:
    """The page's habit: by its other dates, where they leave no doubt, else by its declared language with its region.

    ``None`` where neither says anything: plain ``en``, or nothing declared.
    """
    if (shown := _by_dates(tree)) is not None:
        return DayOrder(shown, "day_first_by_page" if shown else "month_first_by_page")
    tag = (language or "").strip().lower().replace("_", "-")
    if not tag or tag == "en":
        return None
    first = tag not in _MONTH_FIRST
    return DayOrder(first, f"{'day' if first else 'month'}_first_by_language:{tag}")


def _by_dates(tree: Tree) -> bool | None:
    """What all unambiguous numeric dates of the page agree on."""
    habits = set()
    for element in tree.iter("*"):
        for text in (element.text, element.tail):
            if text and element.tag not in ("script", "style"):
                for match in _NUMERIC.finditer(ascii_digits(text)):
                    first, second = int(match[1]), int(match[3])
                    if (first > 12) != (second > 12):
                        habits.add(first > 12)
    return habits.pop() if len(habits) == 1 else None
