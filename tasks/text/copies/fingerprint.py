"""Near-duplicates: MinHash signatures of whole texts, and stories grouped by them."""

import functools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import numpy.typing as npt

from schemas.keys import row_id

if TYPE_CHECKING:
    from datasketch import MinHash

#: Values in a signature. The error of an estimated similarity is about 1/sqrt(128) = 0.09 at worst.
SIZE = 128
_SEED = 1
#: Named, not left to the library's default: signatures are stored and must compare across its versions.
_SCHEME = "affine32"
#: 2 ** 64 divided by the golden ratio, odd: Knuth, The Art of Computer Programming 3, 6.4.
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
#: Words in a shingle: shared runs of four words are copying, not a common subject.
_SHINGLE = 4
#: Copies edited for length and style keep half of their shingles; two reports of one event share far fewer.
SAME_STORY = 0.5
#: Days between publications up to which texts count as copies: agencies' texts are run within days, and a form letter
#: that comes back each month is another story each time.
STORY_DAYS = 7
#: Values in a band: 42 bands of 3 find 99.6 % of pairs at 0.5, which are then compared whole.
BAND = 3
#: How signatures are made, in words: those of another scheme do not compare.
SCHEME = f"minhash {SIZE} {_SCHEME} seed {_SEED}, {_SHINGLE} words, {SAME_STORY} within {STORY_DAYS} days"
_WORD = re.compile(r"\w+")


def fingerprint(text: str) -> tuple[int, ...]:
    """The MinHash signature of a text's word shingles, in any language that spaces words; ``SIZE`` 32-bit values."""
    words = _WORD.findall(text.casefold())
    hashes = np.fromiter(map(_code, words), dtype=np.uint64, count=len(words))
    sketch = _blank().copy()
    sketch.update_batch(_shingles(hashes).tolist())
    return tuple(sketch.hashvalues.tolist())


@functools.lru_cache(maxsize=50_000)
def _code(word: str) -> int:
    """The hash of a word; texts share most of theirs."""
    return crc32(word.encode())


def _shingles(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The 32-bit hashes of every run of ``_SHINGLE`` words (of all words, where there are no more)."""
    runs = max(1, len(hashes) - _SHINGLE + 1)
    rolled = np.zeros(runs, dtype=np.uint64)
    for at in range(min(_SHINGLE, len(hashes))):
        # Unsigned integers wrap: a polynomial over the words, modulo 2 ** 64, of which the upper half is well mixed.
        rolled = rolled * _FACTOR + hashes[at : at + runs] + np.uint64(1)
    return rolled * _FACTOR >> np.uint64(32)


@functools.cache
def _blank() -> "MinHash":
    """The empty sketch: drawing its permutations costs more than using them on a page. What it is given is hashed."""
    from datasketch import MinHash  # noqa: PLC0415 - it brings scipy along: two seconds that most commands need not wait

    return MinHash(num_perm=SIZE, seed=_SEED, scheme=_SCHEME, hashfunc=int)


def similarity(first: Sequence[int], second: Sequence[int]) -> float:
    """The estimated Jaccard similarity of two texts, 0 to 1, from their signatures.

    Raises :class:`ValueError` where the signatures differ in length.
    """
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def join_stories(members: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The story of each text (by id of its version): those that pairs of copies link share one id, whatever the order.

    A story's id is a hash of the smallest of its members' ids.
    """
    leader = {key: key for key in members}
    for first, second in pairs:
        _join(leader, first, second)
    return {key: row_id("sty", _root(leader, key)) for key in leader}


def _root(leader: dict[str, str], key: str) -> str:
    while leader[key] != key:
        leader[key] = leader[leader[key]]
        key = leader[key]
    return key


def _join(leader: dict[str, str], first: str, second: str) -> None:
    low, high = sorted((_root(leader, first), _root(leader, second)))
    leader[high] = low
