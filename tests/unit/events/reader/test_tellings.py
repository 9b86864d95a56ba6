"""Runs of tags, and which belong together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.events.reader.layers import Array
from tasks.events.reader.tellings import clusters, tagged


def tags(*rows: tuple[float, float]) -> Array:
    return np.array([[1 - first - later, first, later] for first, later in rows], dtype=np.float32)


def test_a_run_goes_on_while_its_pieces_are_later_ones() -> None:
    found = tagged(tags((0.9, 0.0), (0.1, 0.8), (0.0, 0.1), (0.7, 0.1), (0.8, 0.1)), 1, 0.5)
    assert [one.pieces for one in found] == [(0, 2), (3, 4), (4, 5)]
    assert round(found[0].probability, 3) == 0.9


def test_what_lies_under_the_threshold_is_no_run() -> None:
    assert tagged(tags((0.3, 0.1), (0.2, 0.2)), 1, 0.5) == ()


def test_the_mean_link_joins() -> None:
    links = np.array([[1, 0.9, 0.1], [0.9, 1, 0.4], [0.1, 0.4, 1]], dtype=np.float32)
    assert clusters(links, 0.45) == ((0, 1), (2,))
    assert clusters(links, 0.2) == ((0, 1, 2),)
    assert clusters(links, 0.95) == ((0,), (1,), (2,))


@settings(deadline=None)
@given(st.integers(1, 7), st.randoms(use_true_random=False))
def test_the_order_of_the_words_changes_no_group(count: int, random: object) -> None:
    shuffle = random.shuffle  # type: ignore[attr-defined]
    rng = np.random.default_rng(count)
    links = rng.random((count, count)).astype(np.float32)
    links = ((links + links.T) / 2).astype(np.float32)
    order = list(range(count))
    shuffle(order)
    moved = clusters(links[np.ix_(order, order)], 0.5)
    back = {frozenset(order[n] for n in group) for group in moved}
    assert back == {frozenset(group) for group in clusters(links, 0.5)}
