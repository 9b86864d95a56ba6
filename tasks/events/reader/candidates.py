"""What the reader may point at for day, place and tolls: everything the annotators found, with what they say of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from schemas.mention import Place, Toll, When
from tasks.events.dates.expressions import DateSpan
from tasks.events.document import Facts, PlaceFound
from tasks.events.reader.pieces import Pieces, PieceSpan
from tasks.events.tolls.casualties import TollKind, TollSpan
from tasks.events.tolls.counted import Counted, find_counted

#: How many different features the reader knows; each is a number below this by its hash.
FEATURES = 1024
#: What a count is of: a kind of toll, or nobody said.
_KINDS = {
    TollKind.KILLED: "killed",
    TollKind.INJURED: "injured",
    TollKind.DETAINED: "detained",
    TollKind.CAPTURED: "detained",
    TollKind.DISPLACED: "displaced",
}
ANY = "any"
#: The longest of the buckets of figures, in binary digits.
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to point at. ``kind`` is ``date``, ``place`` or ``toll``; ``value`` is equal where two say the same.

    ``features`` are numbers of features (``feature``); ``found`` is what the annotator found.
    """

    kind: str
    pieces: PieceSpan
    start: int
    end: int
    features: tuple[int, ...]
    value: tuple[object, ...]
    found: DateSpan | PlaceFound | TollSpan | Counted

    def may_be(self, field: str) -> bool:
        """Whether it may answer for a field: a count of the killed also for the injured, which words leave open."""
        if field in ("date", "place"):
            return self.kind == field
        if self.kind != "toll":
            return False
        of = self.value[1]
        return of in (field, ANY) or (field in _HURT and of in _HURT)

    @property
    def when(self) -> When:
        """The days of a date."""
        assert isinstance(self.found, DateSpan)  # noqa: S101 - the kind says so
        return self.found.when

    @property
    def place(self) -> Place:
        """The place of a place."""
        assert isinstance(self.found, PlaceFound)  # noqa: S101 - the kind says so
        return self.found.place

    @property
    def toll(self) -> Toll:
        """The figures of a count."""
        assert isinstance(self.found, TollSpan | Counted)  # noqa: S101 - the kind says so
        return Toll(self.found.low, self.found.best, self.found.high, self.found.who)


_HURT = ("killed", "injured")


def feature(name: str) -> int:
    """The number of a feature; 0 is none's."""
    return 1 + crc32(name.encode()) % (FEATURES - 1)


def candidates_of(facts: Facts, pieces: Pieces) -> tuple[Candidate, ...]:
    """The candidates of a read document: dates with a day, then places, tolls, and other counts of persons."""
    tolls = [toll for group in facts.tolls for toll in group if toll.best is not None or toll.low is not None]
    held = [
        *(_date(span, pieces, facts.document.published_day) for span in facts.dates if span.when.start),
        *(_place(found, pieces) for found in facts.places if found.place.name),
        *(_toll(toll, pieces) for toll in tolls),
    ]
    counts = [one for one in held if one.kind == "toll"]
    return (*held, *_others(facts, pieces, counts))


def _date(span: DateSpan, pieces: Pieces, published: date | None) -> Candidate:
    when = span.when
    names = (
        "date", f"dk:{span.kind.value}", f"dp:{when.precision}", f"drep:{span.reporting}",
        f"dd:{_days_before(published, when.start)}", f"dr:{span.rule}", f"dse:{when.start == when.end}",
    )  # fmt: skip
    return _candidate("date", pieces, span.start, span.end, names, ("date", when.start, when.end), span)


def _place(found: PlaceFound, pieces: Pieces) -> Candidate:
    span, place = found.span, found.place
    reason = place.reason.split(";", 1)[0].split(",", 1)[0][:18]
    names = (
        "place", f"pk:{span.kind}", f"pp:{place.precision}", f"pkn:{span.known}", f"pr:{span.relation}",
        f"prs:{reason}",
    )  # fmt: skip
    value = ("place", (place.gazetteer_name or place.name or "").lower(), place.country or "")
    return _candidate("place", pieces, span.start, span.end, names, value, found)


def _toll(toll: TollSpan, pieces: Pieces) -> Candidate:
    start, end = toll.number or (toll.start, toll.end)
    who = toll.who_span or (start, end)
    best = _figure(toll)
    names = (
        "toll", f"tk:{toll.kind.value}", f"tn:{toll.negated}", f"th:{toll.hypothetical}", f"ts:{toll.subset}",
        f"tc:{toll.cumulative}", f"to:{toll.open}", f"tb:{_digits(best)}", f"tr:{toll.rule}",
        f"trk:{toll.rule.construction}",
    )  # fmt: skip
    value = ("toll", _KINDS[toll.kind], best)
    return _candidate("toll", pieces, min(start, who[0]), max(end, who[1]), names, value, toll)


def _others(facts: Facts, pieces: Pieces, counts: list[Candidate]) -> Iterator[Candidate]:
    """Counts of persons in no construction that makes them a toll."""
    for sentence in facts.sentences:
        for one in find_counted(facts.text[sentence.start : sentence.end], sentence.start):
            best = _figure(one)
            twice = any(
                (other.start <= one.start < other.end or one.start <= other.start < one.end) and other.value[2] == best
                for other in counts
            )
            if one.rule != "pronoun" and not twice:
                names = ("counted", f"cs:{one.subset}", f"tb:{_digits(best)}", f"cr:{one.rule}")
                yield _candidate("toll", pieces, one.start, one.end, names, ("toll", ANY, best), one)


def _candidate(
    kind: str, pieces: Pieces, start: int, end: int, names: tuple[str, ...], value: tuple[object, ...],
    found: DateSpan | PlaceFound | TollSpan | Counted,
) -> Candidate:  # fmt: skip
    features = tuple(feature(name) for name in names)
    return Candidate(kind, pieces.span_of(start, end), start, end, features, value, found)


def _figure(count: TollSpan | Counted) -> int:
    return count.best if count.best is not None else count.low or 0


def _digits(figure: int) -> int:
    return min(_DIGITS, figure.bit_length())


#: Days before publication in which one day more is told apart, and the ends of the wider spans after them.
_SINGLE_DAYS = 8
_SPANS = (10, 14, 21, 31, 60, 120, 200, 400, 800, 2000)
_AHEAD = ((-32, "f3"), (-8, "f2"), (-1, "f1"))


def _days_before(published: date | None, day: date | None) -> str:
    """How long before publication a day lies, in words the reader was taught."""
    if published is None or day is None:
        return "none"
    days = (published - day).days
    ahead = next((name for limit, name in _AHEAD if days <= limit), None)
    if ahead is not None:
        return ahead
    if days < _SINGLE_DAYS:
        return f"d{days}"
    return next((f"l{limit}" for limit in _SPANS if days <= limit), "old")
