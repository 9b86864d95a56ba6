"""Near-duplicates: MinHash signatures of whole texts, and stories grouped by them."""

import functools
import re
from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
from datasketch import MinHash, MinHashLSH

from schemas.keys import row_id

#: Values in a signature. The error of an estimated similarity is about 1/sqrt(128) = 0.09 at worst.
SIZE = 128
_SEED = 1
#: Named, not left to the library's default: signatures are stored and must compare across its versions.
_SCHEME = "affine32"
#: Words in a shingle: shared runs of four words are copying, not a common subject.
_SHINGLE = 4
#: Copies edited for length and style keep half of their shingles; two reports of one event share far fewer.
SAME_STORY = 0.5
#: 42 bands of 3 rows find 99.6 % of pairs at 0.5; what they find is then compared whole.
_BANDS = (42, 3)
_WORD = re.compile(r"\w+")


def fingerprint(text: str) -> tuple[int, ...]:
    """The MinHash signature of a text's word shingles, in any language that spaces words; ``SIZE`` 32-bit values."""
    words = [word.encode() for word in _WORD.findall(text.casefold())]
    if len(words) <= _SHINGLE:
        shingles = {b" ".join(words)}
    else:
        shingles = {b" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
    sketch = _blank().copy()
    sketch.update_batch(list(shingles))
    return tuple(int(value) for value in sketch.hashvalues)


@functools.cache
def _blank() -> MinHash:
    """The empty sketch: drawing its permutations costs more than using them on a page."""
    return MinHash(num_perm=SIZE, seed=_SEED, scheme=_SCHEME, hashfunc=crc32)


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """The estimated Jaccard similarity of two texts, 0 to 1, from their signatures.

    Raises :class:`ValueError` where the signatures differ in length.
    """
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def group_stories(signatures: Mapping[str, Sequence[int]], threshold: float = SAME_STORY) -> dict[str, str]:
    """The story of each text: texts linked by pairs at least ``threshold`` alike share one id, whatever the order.

    ``signatures`` are by id (of a version). A story's id is a hash of the smallest of its members' ids.
    """
    index = MinHashLSH(num_perm=SIZE, params=_BANDS)
    leader = {key: key for key in signatures}
    for key in sorted(signatures):
        sketch = _sketch(signatures[key])
        for near in index.query(sketch):
            if similarity(signatures[key], signatures[near]) >= threshold:
                _join(leader, key, near)
        index.insert(key, sketch)
    return {key: row_id("sty", _root(leader, key)) for key in signatures}


def _sketch(signature: Sequence[int]) -> MinHash:
    values = np.array(signature, dtype=np.uint32)
    return MinHash(num_perm=SIZE, seed=_SEED, scheme=_SCHEME, hashfunc=crc32, hashvalues=values)


def _root(leader: dict[str, str], key: str) -> str:
    while leader[key] != key:
        leader[key] = leader[leader[key]]
        key = leader[key]
    return key


def _join(leader: dict[str, str], one: str, other: str) -> None:
    low, high = sorted((_root(leader, one), _root(leader, other)))
    leader[high] = low
