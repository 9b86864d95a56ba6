"""Whether two places a text names may be one ground: by name, by what holds what, by distance."""

from schemas.mention import Place
from tasks.events.document import PlaceFound
from tasks.events.language.vocabulary import event_words
from tasks.reference.distance import Point, km_between
from tasks.reference.fold import name_key

#: What one place and two exact places count.
SAME, APART = 2.0, -5.0
#: The precision (UCDP where_prec) of a country, and those of whatever is wider than a town.
COUNTRY = 6
_COARSE = (4, 5, 6, 7)
#: A village this near to the town of the headline may be meant by it, in kilometres.
_NEIGHBOUR_KM = 60.0


def are_near(found: PlaceFound, others: list[PlaceFound]) -> bool:
    """Whether a place lies beside one of some others; of one without a point nobody knows."""
    here = _point(found.place)
    points = [point for other in others if (point := _point(other.place))]
    return here is not None and any(km_between(here, point) <= _NEIGHBOUR_KM for point in points)


def _point(place: Place) -> Point | None:
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


#: Kinds of places that do not hold each other, and what two of them count that have other names, one unlisted.
_VILLAGES = frozenset({"city", "town", "village", "camp"})
APART_BY_NAME = -3.0


def same_ground(one: PlaceFound, other: PlaceFound) -> float:
    """+2 for the same place, +1 for one inside the other, -1 to -5 for places that lie apart."""
    named = name_key(one.span.head) == name_key(other.span.head)
    if named or (one.place.place_id and one.place.place_id == other.place.place_id):
        return SAME
    inside_by_name = _named_in(one, other) or _named_in(other, one)
    # Of an unlisted place only what it lies in is known, and that is not what holds the other.
    inside = inside_by_name or any(
        outer.place.place_id is not None and _holds(outer.place, inner.place)
        for outer, inner in ((one, other), (other, one))
    )
    if one.place.place_id and other.place.place_id:
        return 1.0 if inside else _beside(one, other)
    # A village nobody lists is not the town named beside it.
    if {one.span.kind, other.span.kind} <= _VILLAGES and not inside_by_name:
        return APART_BY_NAME
    shared = set(name_key(one.span.text).split()) & set(name_key(other.span.text).split()) - event_words("in_names")
    if shared or inside:
        return 1.0
    return APART_BY_NAME if _is_settlement(one) and _is_settlement(other) else -1.0


def _is_settlement(found: PlaceFound) -> bool:
    """Whether a place is a town or a village by itself, listed or called so."""
    listed = found.place.place_id is not None and found.place.precision == 1 and not found.span.kind
    return listed or found.span.kind in _VILLAGES


def _beside(one: PlaceFound, other: PlaceFound) -> float:
    """What two places count of which neither is the other nor holds it."""
    if _is_within_a_town(one, other):
        return 0.5
    if {one.span.relation, other.span.relation} & {"near", "between"} and are_near(one, [other]):
        # "East of Deir ez-Zor" may be the road between two villages there.
        return 0.0
    exact = all((found.place.precision or 9) <= 2 and found.span.kind != "neighbourhood" for found in (one, other))
    return APART if exact else -3.0


def _is_within_a_town(one: PlaceFound, other: PlaceFound) -> bool:
    """Whether one of two places is a square of some town, or a quarter or a building of the same unit."""
    if one.place.country != other.place.country:
        return False
    if any(found.span.text.lower().endswith(tuple(event_words("squares"))) for found in (one, other)):
        return True
    inner = {one.span.kind, other.span.kind} & {"neighbourhood", "facility"}
    return bool(inner and one.place.admin1 and one.place.admin1 == other.place.admin1)


def _holds(outer: Place, inner: Place) -> bool:
    """Whether a wide place is the unit or country of another."""
    if not outer.country or outer.country != inner.country:
        return False
    if outer.gazetteer_name and inner.admin1 and outer.place_id != inner.place_id and _is_seat(outer, inner.admin1):
        return True
    if outer.precision not in _COARSE or _are_far(outer, inner):
        return False
    return outer.precision == 6 or outer.admin1 is None or outer.admin1 == inner.admin1


#: No valley, desert or border of which the unit is not known reaches further, in kilometres.
_REACH_KM = 200.0


def _are_far(outer: Place, inner: Place) -> bool:
    """Whether a part of a country whose unit nobody knows lies too far off to hold a place."""
    here, there = _point(outer), _point(inner)
    vague = outer.precision != COUNTRY and outer.admin1 is None
    return vague and here is not None and there is not None and km_between(here, there) > _REACH_KM


def _is_seat(town: Place, unit: str) -> bool:
    """Whether a town has its province's name, which then may be meant: "in Deir ez-Zor"."""
    return town.precision == 1 and name_key(town.name or "") == name_key(unit)


def _named_in(outer: PlaceFound, inner: PlaceFound) -> bool:
    return name_key(outer.span.head) in {name_key(part) for part in inner.span.part_of}
