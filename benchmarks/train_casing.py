"""Count how words are written, for ``tasks/events/language/casing.py``: ``benchmarks.train_casing --gold DIR``.

Reads the mixed-case texts of the development sets and keeps, inside sentences, the words mostly written small and those
mostly written in capitals throughout. Word lists only, sorted: nothing of a text can be read from them.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

from benchmarks.event_sets import rows_of
from tasks.reference.seeds import SEEDS_DIR

SOURCES = ("event_location", "pitf_atrocities", "gva_longtail", "syria_news")
#: A word counts from this many sightings on, and is small or capital where this share of them is.
SEEN, SHARE = 3, 0.6
_WORD = re.compile(r"(?<![.!?\n\"“”:•|]\s)(?<![\w'’-])[A-Za-z]+(?:['’][a-z]+)?(?![\w])")


def count(texts: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The words mostly small, those mostly in capitals, and the rest, which have one; sorted."""
    small: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for text in texts:
        for word in (match[0] for match in _WORD.finditer(text) if match.start() > 1):
            key = word.lower()
            seen[key] += 1
            small[key] += word.islower()
            upper[key] += word.isupper() and len(word) > 1
    kept = [word for word, times in seen.items() if times >= SEEN]
    low = {w for w in kept if small[w] >= SHARE * seen[w]}
    high = {w for w in kept if upper[w] >= SHARE * seen[w] and len(w) > 1}
    return sorted(low), sorted(high), sorted(set(kept) - low - high)


def main(argv: list[str]) -> int:
    """Count and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, required=True, help="folder with one folder a set")
    parser.add_argument("--out", type=Path, default=SEEDS_DIR / "models" / "casing.txt")
    options = parser.parse_args(argv)
    texts = [row["text"] for name in SOURCES for row in rows_of(options.gold / name / "dev.jsonl")]
    small, upper, capital = count(texts)
    head = "# How words are written inside sentences; made by benchmarks/train_casing.py from the development texts.\n"
    body = f"# small\n{' '.join(small)}\n# upper\n{' '.join(upper)}\n# capital\n{' '.join(capital)}\n"
    options.out.write_text(head + body, encoding="utf-8")
    print(f"{len(texts)} texts: {len(small)} small words, {len(upper)} in capitals")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
