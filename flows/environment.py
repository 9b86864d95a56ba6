"""What Prefect must find in the environment before it is first imported."""

import os
from functools import cache
from pathlib import Path
from secrets import token_urlsafe

from flows.logs import open_log
from schemas.settings import Settings

#: No call home; our log lines also go to Prefect's; a fresh home on a busy machine takes longer than the default 20 s.
_DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "firstdraft",
    # Commands that are no flow resolve and publish too: nobody needs to be warned of it.
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    # Prefect's UI gets every line; a terminal only what failed, for the command line tells the rest itself.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",
    "PREFECT_CLI_COLORS": "false",
    # SQLite takes one writer: task runs are recorded in batches, and whoever waits for it waits longer.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
    "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
}


def prepare() -> None:
    """Set the defaults; what the user set stays. Logging begins here too."""
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    if not _names_a_server():
        _keep_to_ourselves()
    open_log(Settings())


def _keep_to_ourselves() -> None:
    """While Prefect's embedded server runs, it answers nobody else of this machine."""
    os.environ.setdefault("PREFECT_SERVER_API_AUTH_STRING", _own_secret())
    os.environ.setdefault("PREFECT_API_AUTH_STRING", os.environ["PREFECT_SERVER_API_AUTH_STRING"])


@cache
def _own_secret() -> str:
    """One secret a process: an embedded server that is up already knows no other."""
    return f"firstdraft:{token_urlsafe(32)}"


def _names_a_server() -> bool:
    """Return True if a server is named where Prefect looks for one.

    Then none is embedded, and its password is the user's.
    """
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")
    profiles = Path(os.environ.get("PREFECT_PROFILES_PATH") or home / "profiles.toml")
    configs = (
        path.read_text("utf-8", "replace") for path in (Path(".env"), Path("prefect.toml"), profiles) if path.exists()
    )
    return "PREFECT_API_URL" in os.environ or any("PREFECT_API_URL" in text or "[api]" in text for text in configs)


def prepare_embedded(home: Path) -> None:
    """Keep Prefect to itself: its own ephemeral server and database under ``home``, whatever profile the user has."""
    for name in ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH"):
        os.environ.pop(name, None)
    home.mkdir(parents=True, exist_ok=True)  # Prefect's server makes no parents, and then restarts until its limit
    os.environ["PREFECT_HOME"] = str(home.resolve())
    os.environ["PREFECT_SERVER_EPHEMERAL_ENABLED"] = "true"
    for name in ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"):
        os.environ.pop(name, None)
    _keep_to_ourselves()
    prepare()
