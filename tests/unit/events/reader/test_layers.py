"""The numpy parts against what they stand for."""

import math

import numpy as np
import pytest

from tasks.events.reader.layers import buckets, gelu, normal, sentence_buckets, softmax


def test_the_activation_is_x_times_the_normal_share_below_it() -> None:
    x = np.linspace(-6, 6, 97, dtype=np.float32)
    right = [v * 0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x.tolist()]
    assert gelu(x).tolist() == pytest.approx(right, abs=2e-6)


def test_probabilities_add_up_to_one_however_large_the_scores() -> None:
    shares = softmax(np.array([[1000.0, 999.0, -1000.0]], dtype=np.float32))
    assert shares.sum() == pytest.approx(1)
    assert shares[0, 0] / shares[0, 1] == pytest.approx(math.e, rel=1e-4)


def test_a_normal_row_has_mean_zero_and_deviation_one() -> None:
    weights = {"n.weight": np.ones(8, dtype=np.float32), "n.bias": np.zeros(8, dtype=np.float32)}
    row = normal(weights, "n", np.arange(8, dtype=np.float32)[None] * 3)
    assert row.mean() == pytest.approx(0, abs=1e-6)
    assert row.std() == pytest.approx(1, abs=1e-3)


def test_distances_fall_into_buckets_by_powers_of_two() -> None:
    distances = np.array([0, 1, -1, 3, -3, 127, 255, 5000, -5000])
    assert buckets(distances).tolist() == [8, 9, 7, 10, 6, 15, 16, 16, 0]
    assert sentence_buckets(np.array([-20, -1, 0, 5, 20])).tolist() == [0, 7, 8, 13, 16]
