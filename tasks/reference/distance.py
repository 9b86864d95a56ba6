"""How far two points lie apart."""

from math import cos, hypot, radians

#: One degree of latitude, in kilometres.
_DEGREE_KM = 111.2

Point = tuple[float, float]


def km_between(point: Point, origin: Point) -> float:
    """Kilometres between two (latitude, longitude) in degrees, on a plane laid through the second: for neighbours."""
    north = point[0] - origin[0]
    east = (point[1] - origin[1]) * cos(radians(origin[0]))
    return hypot(north, east) * _DEGREE_KM
