"""Which code is running: the release, and the commit if it runs from a checkout."""

import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tasks.reference.seeds.layers import own_version


@cache
def code_version() -> str:
    """``0.1.0`` or ``0.1.0+<commit>``, with ``.dirty`` if files differ from that commit.

    With seeds of one's own laid over the project's, ``.seeds.<hash>`` of them: 0.1.0+4ac01b.seeds.90fe12aa.
    """
    parts = [_git("rev-parse", "--short=12", "HEAD")]
    if parts[0] and _git("status", "--porcelain", "--untracked-files=no"):
        parts.append("dirty")
    user_seeds = own_version()
    if user_seeds:
        parts.append(f"seeds.{user_seeds}")
    local = ".".join(part for part in parts if part)
    return f"{version('firstdraft')}+{local}" if local else version("firstdraft")


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
