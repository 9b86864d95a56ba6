"""How far two points lie apart."""

from math import cos, hypot, radians

#: One degree of latitude, in kilometres.
_DEGREE_KM = 111.2

Point = tuple[float, float]


def km_between(one: Point, other: Point) -> float:
    """Kilometres between two (latitude, longitude) in degrees, on a plane laid through the second: for neighbours."""
    north = one[0] - other[0]
    east = (one[1] - other[1]) * cos(radians(other[0]))
    return hypot(north, east) * _DEGREE_KM
