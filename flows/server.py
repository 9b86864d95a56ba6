"""Prefect's server behind a gate: ``python -m flows.server HOST PORT [NAME ...]``, as `firstdraft serve` starts it.

Prefect asks for its password, but answers to any name and to pages of any origin. The names are those it may be called
by beside this machine's own.
"""

import sys

import uvicorn
from prefect.server.api.server import create_app
from prefect.settings import get_current_settings

from tasks.service.gate import guarded


def main(host: str, port: str, *names: str) -> None:
    """Serve until a signal comes."""
    server = get_current_settings().server
    uvicorn.run(
        guarded(create_app(final=True), names),
        host=host,
        port=int(port),
        timeout_keep_alive=server.api.keepalive_timeout,
        log_level=server.logging_level.lower(),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
