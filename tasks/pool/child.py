"""The child: takes calls from a pipe, one after the other, and answers each; what it may use is set before each call.

Run as ``python -m tasks.pool.child``. It dies with its parent: the end of the pipe ends it, even in the middle of a
call.
"""

import os
import pickle
import queue
import resource
import signal
import struct
import sys
import threading
from typing import Any, BinaryIO

#: Frames are a length of 8 bytes and a pickle.
HEAD = struct.Struct(">Q")
#: What a child answers first of all, and once it has imported a function.
READY = "ready"
VALUE, MEMORY, ERROR = "value", "memory", "error"
_LONGEST_DETAIL = 300


def main() -> None:
    """Answer calls until the pipe ends. A frame is ``("load", function)`` or ``("call", limits, function, arguments)``.

    Answers are ``("ready",)``, ``("value", result)``, ``("memory", detail)`` or ``("error", detail)``; after ``memory``
    the child is worth nothing and is replaced.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the answers
    frames: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, frames), daemon=True).start()
    write_frame(answers, pickle.dumps((READY,)))
    while True:
        write_frame(answers, _answer(frames.get()))


def read_exactly(stream: BinaryIO, size: int) -> bytes | None:
    """So many bytes of a stream, ``None`` if it ends before."""
    data = stream.read(size)
    return data if data is not None and len(data) == size else None


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """One frame, sent at once."""
    stream.write(HEAD.pack(len(data)))
    stream.write(data)
    stream.flush()


def _read(stream: BinaryIO, frames: "queue.SimpleQueue[bytes]") -> None:
    while head := read_exactly(stream, HEAD.size):
        data = read_exactly(stream, HEAD.unpack(head)[0])
        if data is None:
            break
        frames.put(data)
    os._exit(0)


def _answer(frame: bytes) -> bytes:
    try:
        request = pickle.loads(frame)  # noqa: S301 - from the parent, over a pipe of its own
        if request[0] == "load":
            return pickle.dumps((READY,))
        _, (seconds, memory), function, arguments = request
        return pickle.dumps((VALUE, _limited(function, arguments, seconds, memory)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        resource.setrlimit(resource.RLIMIT_AS, _hard(resource.RLIMIT_AS))
        return pickle.dumps((MEMORY, "out of memory"))
    except Exception as error:  # noqa: BLE001 - any page may break any parser: here it becomes an answer
        return pickle.dumps((ERROR, f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL]))


def _limited(function: Any, arguments: tuple[Any, ...], seconds: float, memory: int) -> Any:
    """The function's result. Past so many seconds of CPU the kernel ends the process (SIGPROF); past so many bytes of
    address space it raises :class:`MemoryError`.
    """
    _, hard = _hard(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _hard(limit: int) -> tuple[int, int]:
    hard = resource.getrlimit(limit)[1]
    return hard, hard


if __name__ == "__main__":
    main()
