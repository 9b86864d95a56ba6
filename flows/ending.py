"""How a process that ran Prefect ends."""

import atexit
import logging
import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process with an exit code, what was registered for its end done.

    Prefect leaves daemon threads behind; tearing the interpreter down under them makes DuckDB 2.0's binding report
    dozens of lines of leaks that are none. So the end is short: flush, stop Prefect's server, go.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    for logger in ("prefect.extra", "prefect.flow_runs", "prefect.task_runs"):
        for handler in logging.getLogger(logger).handlers:
            handler.flush()  # while the server that takes the lines still stands
    atexit._run_exitfuncs()
    os._exit(code)
