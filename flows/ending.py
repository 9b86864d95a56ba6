"""How a process that ran Prefect ends."""

import atexit
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
    atexit._run_exitfuncs()
    os._exit(code)
