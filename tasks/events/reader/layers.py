"""The parts the heads are built of, in numpy: linear maps, normal layers, small networks, attention, lookups."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Weights = Mapping[str, Array]

#: Buckets of a signed distance on each side of none.
_SIDE = 8
#: Attention heads of a layer.
_HEADS = 6
#: Guards a division by zero; what the weights were trained with.
_EPSILON = 1e-5


def linear(weights: Weights, name: str, x: Array) -> Array:
    """``x`` mapped by a matrix and its bias, where it has one."""
    bias = weights.get(f"{name}.bias")
    mapped: Array = x @ weights[f"{name}.weight"].T
    return mapped if bias is None else mapped + bias


def gelu(x: Array) -> Array:
    """The activation of the networks: x times the normal distribution's share below x."""
    share = _erf(x * np.float32(0.7071067811865476))
    share += 1.0
    share *= x * 0.5
    return share


def _erf(x: Array) -> Array:
    """The error function within 1.5e-7 (Abramowitz and Stegun, 7.1.26)."""
    size = np.abs(x)
    t: Array = np.multiply(size, 0.3275911)
    t += 1.0
    np.divide(1.0, t, out=t)
    terms: Array = np.multiply(t, 1.061405429)
    for constant in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        terms += constant
        terms *= t
    size *= -size
    terms *= np.exp(size, out=size)
    np.subtract(1.0, terms, out=terms)
    terms *= np.sign(x)
    return terms


def network(weights: Weights, name: str, x: Array) -> Array:
    """A network of one hidden layer."""
    return linear(weights, f"{name}.3", gelu(linear(weights, f"{name}.0", x)))


def normal(weights: Weights, name: str, x: Array) -> Array:
    """``x`` with mean 0 and deviation 1 along its last axis, then scaled and moved."""
    mean = x.mean(-1, keepdims=True)
    variance = x.var(-1, keepdims=True)
    scaled: Array = (x - mean) / np.sqrt(variance + np.float32(_EPSILON))
    return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def softmax(x: Array, axis: int = -1) -> Array:
    """Probabilities of scores."""
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    found: Array = powers / powers.sum(axis=axis, keepdims=True)
    return found


def sigmoid(x: Array) -> Array:
    """The probability of each score by itself."""
    return (1.0 / (1.0 + np.exp(-x))).astype(np.float32)


def buckets(distance: Numbers) -> Numbers:
    """Signed distances in pieces as 0 to 16, by powers of two."""
    size = np.minimum(np.log2(np.abs(distance) + 1.0).astype(np.int64), _SIDE)
    return np.where(distance < 0, _SIDE - size, _SIDE + size)


def sentence_buckets(distance: Numbers) -> Numbers:
    """Signed distances in sentences as 0 to 16."""
    return np.clip(distance, -_SIDE, _SIDE) + _SIDE


def attention(weights: Weights, name: str, x: Array, bias: Array) -> Array:
    """One layer of a transformer; ``bias`` (heads, n, n) is added to the scores."""
    count, size = x.shape
    y = normal(weights, f"{name}.n1", x)
    q, k, v = (
        linear(weights, f"{name}.{part}", y).reshape(count, _HEADS, size // _HEADS).transpose(1, 0, 2) for part in "qkv"
    )
    scores = softmax(q @ k.transpose(0, 2, 1) / np.sqrt(np.float32(size // _HEADS)) + bias)
    x = x + linear(weights, f"{name}.o", (scores @ v).transpose(1, 0, 2).reshape(count, size))
    return x + network(weights, f"{name}.f", normal(weights, f"{name}.n2", x))
