"""Whether a figure the grammar read is the toll of what a text reports: a learned head beside ``casualties.py``.

The grammar reads what a clause says: so many killed. Whether that is this event's toll, or a total, a part, an earlier
attack, another side's loss, stands around it: which figure of how many it is, how large beside the others, what words
surround it. A logistic regression over those answers with the probability that the figure is the event's own
(``seeds/models/tolls.json``, made by ``benchmarks/train_numbers.py``; recipe, data and score in
``docs/extraction.md``). It chooses among figures read and never makes one: value and words stay the grammar's. Who was
hit is not looked at, so that it takes no side.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tasks.events.language.sentences import Sentence
from tasks.events.tolls.casualties import TollKind, TollSpan
from tasks.events.tolls.tokens import function_words
from tasks.reference.linear import Linear, load_linear

#: How the part of a rule begins that gives the probability.
_OWN = "own "
#: The kinds the head knows; of others the grammar's word stands.
WEIGHED = (TollKind.KILLED, TollKind.INJURED)
_WORD = re.compile(r"[^\W_]+|[^\s\w]")
_NEAR = 60


@dataclass(frozen=True, slots=True)
class TollsTold:
    """A text's sentences with the tolls read in each: what a figure is weighed against."""

    text: str
    sentences: Sequence[Sentence]
    tolls: Sequence[Sequence[TollSpan]]

    def of_kind(self, kind: TollKind) -> list[TollSpan]:
        """The tolls of a kind that have a figure, in text order."""
        return [toll for held in self.tolls for toll in held if toll.kind is kind and toll.best is not None]

    def sentence_of(self, toll: TollSpan) -> Sentence:
        """The sentence a toll stands in."""
        return next(s for s in self.sentences if s.start <= toll.verb[0] < s.end)


@cache
def toll_model() -> Linear:
    """The shipped weights. Raises :class:`SeedError`."""
    return load_linear("models/tolls.json", "benchmarks/train_numbers.py")


def own_probability(told: TollsTold, toll: TollSpan, model: Linear | None = None) -> float:
    """How likely a figure of killed or injured is what the text reports; 1 for kinds the head knows nothing of."""
    if toll.kind not in WEIGHED or toll.best is None:
        return 1.0
    return (model or toll_model()).probabilities(toll_features(told, toll))["own"]


def with_probability(toll: TollSpan, probability: float) -> str:
    """The rule of a toll with the head's answer, as evidence gives it."""
    return f"{toll.rule}; {_OWN}{probability:.2f}"


def probability_in(rule: str) -> float | None:
    """The head's answer in the rule of a piece of evidence; ``None`` where it gave none."""
    parts = [part.strip() for part in rule.split(";")]
    return next((float(part.removeprefix(_OWN)) for part in parts if part.startswith(_OWN)), None)


def toll_features(told: TollsTold, toll: TollSpan) -> list[str]:
    """What the model looks at, as names of the features that hold."""
    names = [*_of_reading(told, toll), *_of_words(told, toll), *_of_others(told, toll)]
    return list(dict.fromkeys([*names, *(f"{toll.kind.value} {name}" for name in _of_others(told, toll))]))


def _of_reading(told: TollsTold, toll: TollSpan) -> Iterator[str]:
    """What the grammar made of it."""
    construction, reading = toll.rule.split(":")[0], toll.rule.split(":")[-1]
    yield f"kind:{toll.kind.value}"
    yield f"rule:{toll.rule} {toll.kind.value}"
    yield f"construction:{construction}"
    yield f"reading:{reading}"
    yield f"counts:{toll.counts}"
    yield from (name for name in ("negated", "hypothetical", "subset", "cumulative", "open") if getattr(toll, name))
    yield f"verb:{told.text[slice(*toll.verb)].lower()}"
    yield f"figure:{_bucket(toll.best or 0)}"


def _of_words(told: TollsTold, toll: TollSpan) -> Iterator[str]:
    """The words beside the figure, and the telling ones of its sentence."""
    sentence = told.sentence_of(toll)
    first, last = toll.number or toll.who_span or toll.verb
    before = [word.lower() for word in _WORD.findall(told.text[max(0, first - _NEAR) : first])][:-3:-1]
    after = [word.lower() for word in _WORD.findall(told.text[last : last + _NEAR])][:2]
    yield from (f"before {place}:{word}" for place, word in enumerate(before))
    yield from (f"after {place}:{word}" for place, word in enumerate(after))
    words = {word.lower() for word in _WORD.findall(told.text[sentence.start : sentence.end])}
    yield from (f"beside:{word}" for word in sorted(words & function_words("cues")))
    yield f"sentence:{min(5, sentence.index)}"


def _of_others(told: TollsTold, toll: TollSpan) -> Iterator[str]:
    """Which figure of how many it is, and how large beside the others of its kind."""
    every, best = told.of_kind(toll.kind), toll.best or 0
    sentence = told.sentence_of(toll)
    here = [o for o in every if o is not toll and sentence.start <= o.verb[0] < sentence.end]
    order = min(4, sum(other.start < toll.start for other in every))
    largest = max([best, *(other.best or 0 for other in every)])
    others = [other.best or 0 for other in every if other.best != best and other.counts]
    yield f"order:{order}"
    yield f"in its sentence:{min(2, len(here))}"
    yield f"larger here:{any((other.best or 0) > best for other in here)}"
    yield f"told:{min(3, sum(other.best == best for other in every))} times"
    yield f"size:{'largest' if best == largest else 'half' if 2 * best >= largest else 'small'}"
    yield f"others:{min(3, len(others))}"
    yield f"sum of others:{best > 2 and any(a + b == best for i, a in enumerate(others) for b in others[i + 1 :])}"
    yield f"order and size:{order} {best == largest}"
    yield f"one and order:{best == 1} {toll.rule.split(':')[-1]} {min(2, order)}"


def _bucket(count: int) -> str:
    if count < 4:
        return str(count)
    return "few" if count < 8 else "some" if count < 21 else "many" if count < 101 else "huge"
