"""One border under a fuzzer that is guided by coverage (atheris, libFuzzer): for minutes before a release.

``uv run --with atheris python -m tests.fuzz.guided --seconds 60 feed``; without a border all of them, one after the
other, each in a process of its own. If anything is raised it ends with exit code 1, and the bytes at fault are in
``fuzz-<border>-crash-<hash>``: they become a seed of the border.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Fuzz the borders that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("border", nargs="?", help="one of BORDERS in tests/fuzz/borders.py; all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each border")
    asked = parser.parse_args()
    if asked.border:
        _fuzz(asked.border, asked.seconds)
        return
    from tests.fuzz.borders import BORDERS  # noqa: PLC0415 - with a border, only under instrumentation

    failed = [name for name in BORDERS if _apart(name, asked.seconds)]
    print("held:", ", ".join(name for name in BORDERS if name not in failed))  # noqa: T201 - what it is for
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _apart(border: str, seconds: int) -> int:
    command = [sys.executable, "-m", "tests.fuzz.guided", "--seconds", str(seconds), border]
    return subprocess.run(command, check=False).returncode


def _fuzz(border: str, seconds: int) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris  # noqa: PLC0415 - an optional package; it must see the imports that follow

    with atheris.instrument_imports(include=["tasks"]):
        from tests.fuzz.borders import BORDERS  # noqa: PLC0415

    corpus = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for number, seed in enumerate(BORDERS[border].seeds):
        (corpus / str(number)).write_bytes(seed)
    name = border.replace(" ", "-")
    limits = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=30", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix=fuzz-{name}-", str(corpus)], BORDERS[border].check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
