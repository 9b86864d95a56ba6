"""Which failures end a run: those that would spoil every further item. All others cost the one item they happen to."""

import errno

from schemas.errors import FirstdraftError
from tasks.reference.machine.failpoints import FaultInjectedError

#: What a disk that is full, damaged or read-only says.
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}
_LONGEST = 300


def ends_the_run(error: BaseException) -> bool:
    """Return True if a failure is of the machine or of our own records (disk, memory, ledger, lock), not of one item.

    >>> ends_the_run(OSError(errno.ENOSPC, "no space")), ends_the_run(UnicodeEncodeError("ascii", "é", 0, 1, "no"))
    (True, False)
    """
    if isinstance(error, OSError):
        return error.errno in _DISK
    if was_interrupted(error):
        return True
    return isinstance(error, FirstdraftError | MemoryError | FaultInjectedError) or not isinstance(error, Exception)


def was_interrupted(error: BaseException) -> bool:
    """Whether it is Ctrl-C that ended a statement: DuckDB has no class of its own for it.

    >>> was_interrupted(RuntimeError("Query interrupted")), was_interrupted(RuntimeError("no query"))
    (True, False)
    """
    return isinstance(error, RuntimeError) and str(error) == "Query interrupted"


def in_words(error: BaseException) -> str:
    """An exception in one line, for the detail of an outcome.

    >>> in_words(KeyError("x"))
    "KeyError: 'x'"
    """
    return " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
