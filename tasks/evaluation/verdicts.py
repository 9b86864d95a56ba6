"""What people's verdicts say of the coders: how often each field was right, and how sure that is."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.review import Review, Verdict
from tasks.evaluation.tally import wilson

#: The name of the question whether there is such an event at all.
EVENT = "event"


@dataclass(frozen=True, slots=True)
class Precision:
    """How often a coder's field was right among those judged. Shares; ``low`` to ``high`` is Wilson's 95 % interval."""

    coder: str
    field: str
    right: int
    judged: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Right among judged; 0 if none was."""
        return self.right / self.judged if self.judged else 0.0


def precision(reviews: Iterable[Review]) -> list[Precision]:
    """Per coder and field, from verdicts.

    A mention accepted is an event, and right in every field it gave and that was not corrected; a mention corrected is
    an event and wrong in that field, if it gave it; a mention rejected is no event, and its fields are not counted.
    """
    counted: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    for verdicts in _by_mention(reviews).values():
        coder, judged = next(iter(verdicts.values())).coder, _judged(verdicts)
        for field, right in judged.items():
            counted[coder, field].append(right)
    return [
        Precision(coder, field, sum(tally), len(tally), *wilson(sum(tally), len(tally)))
        for (coder, field), tally in sorted(counted.items())
    ]


def _by_mention(reviews: Iterable[Review]) -> dict[str, dict[str, Review]]:
    by_mention: defaultdict[str, dict[str, Review]] = defaultdict(dict)
    for review in reviews:
        by_mention[review.mention_id][review.field] = review
    return by_mention


def _judged(verdicts: dict[str, Review]) -> dict[str, bool]:
    """What the verdicts on one mention say of its fields."""
    whole = verdicts.get("")
    if whole is not None and whole.verdict == Verdict.REJECT:
        return {EVENT: False}
    given = set(json.loads(next(iter(verdicts.values())).said))
    fields = {review.field: review.verdict == Verdict.ACCEPT for review in verdicts.values() if review.field in given}
    if whole is not None:
        fields = dict.fromkeys(given, True) | fields
    return {EVENT: True, **fields}
