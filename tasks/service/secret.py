"""The secret that `firstdraft serve` makes for its server: in a file that its user alone may read."""

import os
import secrets
from pathlib import Path
from shlex import quote

#: Lines of ``NAME=value``, which systemd and shells read too.
NAME = "serve.env"
_SERVER, _CLIENT = "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"


def made_secret(folder: Path) -> str:
    """The secret of a data folder, ``user:password``; made now if there is none, or if others could read it."""
    if existing := known_secret(folder):
        return existing
    folder.mkdir(parents=True, exist_ok=True)
    secret = f"firstdraft:{secrets.token_urlsafe(32)}"
    fresh = folder / f".{NAME}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{_SERVER}={secret}\n{_CLIENT}={secret}\n")
    fresh.replace(folder / NAME)
    return secret


def known_secret(folder: Path) -> str | None:
    """The secret of a data folder; ``None`` if there is none, we may not read it, or others may."""
    path = folder / NAME
    try:
        if path.stat().st_mode & 0o077:
            return None
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.removeprefix(f"{_CLIENT}=") for line in lines if line.startswith(f"{_CLIENT}=")), None)


def how_to_use(folder: Path) -> str:
    """What a shell is told, so that Prefect's own commands send the secret."""
    return f"set -a; . {quote(str(folder.absolute() / NAME))}; set +a"
