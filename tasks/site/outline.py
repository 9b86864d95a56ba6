"""The outline under the maps: of Natural Earth's countries those near the events, as a smaller TopoJSON."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "outline"
#: Natural Earth's scales, the finer first.
_SCALES = ("50m", "110m")
#: Characters a page can carry; where the countries near the events need more, they are drawn from the coarser scale.
_BUDGET = 220_000
#: Degrees around the events that a map may still show.
_MARGIN = 8.0
#: It lies around a pole, which no flat map shows; nothing happens there.
_ANTARCTICA = "010"
Box = tuple[float, float, float, float]


def outline(points: Iterable[tuple[float, float]], countries: Iterable[int] = ()) -> dict[str, Any]:
    """The countries whose box comes near the box of some (longitude, latitude) points, and those of these ISO numbers.

    Only the arcs they use are kept. Without points and countries it is the whole world.
    """
    wanted = {f"{number:03d}" for number in countries}
    box = _box(points)
    for scale in _SCALES:
        shapes = _near(scale, box, wanted)
        if len(json.dumps(shapes, separators=(",", ":"))) <= _BUDGET:
            break
    return shapes


def _near(scale: str, box: Box | None, wanted: set[str]) -> dict[str, Any]:
    topology = _topology(scale)
    geometries = topology["objects"]["countries"]["geometries"]
    everywhere = box is None and not wanted
    shapes = [
        shape
        for shape, box_of_shape in zip(geometries, _boxes(scale), strict=True)
        if shape.get("id") != _ANTARCTICA
        and (
            everywhere
            or shape.get("id") in wanted
            or (box is not None and any(_meet(part, box) for part in box_of_shape))
        )
    ]
    return _reduced(topology, shapes)


@cache
def _topology(scale: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((_FOLDER / f"countries-{scale}.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _boxes(scale: str) -> tuple[tuple[Box, ...], ...]:
    """The boxes of each country's polygons, so that overseas parts do not bring the mother country in."""
    topology = _topology(scale)
    arcs = [_arc_box(arc, topology["transform"]) for arc in topology["arcs"]]
    return tuple(
        tuple(_joined([arcs[_index(arc)] for ring in polygon for arc in ring]) for polygon in _polygons(shape))
        for shape in topology["objects"]["countries"]["geometries"]
    )


def _polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    return [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])


def _arc_box(arc: list[list[int]], transform: dict[str, list[float]]) -> Box:
    """The box of an arc: its points are differences, quantized (TopoJSON specification, 2.1.4)."""
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    xs, ys = [], []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        xs.append(x)
        ys.append(y)
    return (
        min(xs) * scale_x + move_x,
        min(ys) * scale_y + move_y,
        max(xs) * scale_x + move_x,
        max(ys) * scale_y + move_y,
    )


def _reduced(topology: dict[str, Any], shapes_kept: list[dict[str, Any]]) -> dict[str, Any]:
    used = sorted(
        {_index(arc) for shape in shapes_kept for polygon in _polygons(shape) for ring in polygon for arc in ring}
    )
    number = {old: new for new, old in enumerate(used)}

    def renumbered(arc: int) -> int:
        return number[arc] if arc >= 0 else ~number[~arc]

    def rings(polygon: list[list[int]]) -> list[list[int]]:
        return [[renumbered(arc) for arc in ring] for ring in polygon]

    shapes = [
        shape
        | {"arcs": rings(shape["arcs"]) if shape["type"] == "Polygon" else [rings(part) for part in shape["arcs"]]}
        for shape in shapes_kept
    ]
    return {
        "type": "Topology",
        "transform": topology["transform"],
        "arcs": [topology["arcs"][arc] for arc in used],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": shapes}},
    }


def _index(arc: int) -> int:
    """An arc's number; a negative one means the arc backwards."""
    return arc if arc >= 0 else ~arc


def _box(points: Iterable[tuple[float, float]]) -> Box | None:
    corners = list(points)
    if not corners:
        return None
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs) - _MARGIN, min(ys) - _MARGIN, max(xs) + _MARGIN, max(ys) + _MARGIN


def _joined(boxes: list[Box]) -> Box:
    remaining, bottom, right, top = zip(*boxes, strict=True)
    return min(remaining), min(bottom), max(right), max(top)


def _meet(first: Box, second: Box) -> bool:
    return first[0] <= second[2] and second[0] <= first[2] and first[1] <= second[3] and second[1] <= first[3]
