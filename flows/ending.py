"""How a process that ran Prefect ends."""

import atexit
import os
import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process with an exit code, what was registered for its end done.

    Prefect leaves daemon threads behind; tearing the interpreter down under them makes DuckDB 2.0's binding report
    dozens of lines of leaks that are none. So once Prefect has run, the end is short: flush, stop its server, go.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    if "prefect" not in sys.modules:
        sys.exit(code)
    atexit._run_exitfuncs()
    os._exit(code)
