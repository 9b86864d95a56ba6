"""Which code is running: the release, and the commit where it runs from a checkout."""

import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def code_version() -> str:
    """``0.1.0`` or ``0.1.0+<commit>``, with ``.dirty`` where files differ from that commit."""
    release = version("firstdraft")
    commit = _git("rev-parse", "--short=12", "HEAD")
    if not commit:
        return release
    dirty = ".dirty" if _git("status", "--porcelain", "--untracked-files=no") else ""
    return f"{release}+{commit}{dirty}"


def _git(*arguments: str) -> str:
    """What git says, or nothing: an installed copy has no repository, and a machine may have no git."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["git", "-C", str(root), *arguments],  # noqa: S607 - whichever git the user has
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
