"""How far two points lie apart."""

from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

#: The Earth's mean radius (IUGG), in kilometres.
_EARTH_KM = 6371.0

Point = tuple[float, float]


@lru_cache(maxsize=1 << 16)
def km_between(first: Point, second: Point) -> float:
    """The great-circle distance of two (latitude, longitude) in degrees, in kilometres.

    >>> round(km_between((36.2, 37.16), (33.51, 36.29)))
    310
    """
    north, other_north = radians(first[0]), radians(second[0])
    half_north, half_east = (other_north - north) / 2, radians(second[1] - first[1]) / 2
    chord = sin(half_north) ** 2 + cos(north) * cos(other_north) * sin(half_east) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, chord)))
