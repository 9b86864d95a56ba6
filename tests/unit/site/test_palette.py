"""The colours of roles and of kinds stay apart for who does not see all of them, and stand out from the page."""

import re
from itertools import combinations

import numpy as np
import pytest

from tasks.site import pages
from tasks.site.kinds.picture import _KINDS

#: Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB; and everybody else's eyes.
EYES = {
    "all colours": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
#: sRGB to XYZ under D65, and its white.
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
)
WHITE = TO_XYZ @ np.ones(3)
#: Distances in CIELAB: some 2 are just seen side by side.
ROLES_APART, KINDS_APART = 15, 10


def palettes() -> list[dict[str, str]]:
    css = (pages.HERE / "static" / "site.css").read_text(encoding="utf-8")
    blocks = re.findall(r"color-scheme: (?:light|dark);(.*?)}", css, re.DOTALL)
    return [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def lab(colour: str, eyes: str) -> np.ndarray:
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = (np.cbrt(part) if part > 0.008856 else 7.787 * part + 16 / 116 for part in
               TO_XYZ @ np.clip(EYES[eyes] @ linear, 0, 1) / WHITE)  # fmt: skip
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def nearest(colours: dict[str, str], eyes: str) -> tuple[float, tuple[str, str]]:
    return min(
        (float(np.linalg.norm(lab(colours[a], eyes) - lab(colours[b], eyes))), (a, b))
        for a, b in combinations(colours, 2)
    )


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize(("names", "apart"), [("r[0-3]", ROLES_APART), ("k[0-6]", KINDS_APART)])
def test_colours_stay_apart(names: str, apart: float, eyes: str) -> None:
    for palette in palettes():
        colours = {name: colour for name, colour in palette.items() if re.fullmatch(names, name)}
        distance, pair = nearest(colours, eyes)
        assert distance >= apart, f"{pair} are {distance:.1f} apart for {eyes}"


def test_the_dark_colours_are_the_same_whoever_chose_the_dark() -> None:
    light, chosen, asked_for = palettes()
    assert chosen == asked_for
    assert tuple(light[f"k{number}"] for number in range(7)) == _KINDS
