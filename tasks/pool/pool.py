"""A few child processes for CPU work that may hang, swallow the memory or crash: bounded, killed, replaced.

One pool a process, shared by all its threads: children are started when first needed and kept. The results of a call
do not depend on which child answers, nor on how many there are.
"""

import atexit
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

from schemas.apart import Apart, ApartError
from schemas.settings import Settings
from tasks.pool.budget import Budget
from tasks.pool.child import ERROR, HEAD, MEMORY, READY, VALUE

T = TypeVar("T")

_ROOT = str(Path(__file__).resolve().parents[2])
#: Calls after which a child is replaced: what a parser's library leaks or caches stays bounded.
_MOST_CALLS = 5_000
#: Seconds a child may take to start and to import what it is asked for; a loaded machine needs many.
_START = 180.0
#: The clock is looser than the CPU limit: on a loaded machine a second of CPU takes several.
_CLOCK_FACTOR = 3.0
_CHUNK = 1 << 20
#: Numerical libraries start a thread a core and reserve memory for each; the children are the parallelism.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class FailureKind(StrEnum):
    """Why a call gave no result."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    ERROR = "error"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Failed:
    """A call without a result: the limit it met, the crash of its child, the error it raised, or the end of the time
    there was for it (``over``), before it began.
    """

    fault: FailureKind
    detail: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use: seconds of CPU (three times as many of the clock), bytes of address space."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """A call's result."""

    value: T


class Pool:
    """Up to ``size`` children; with 0 calls run in this process, without limits."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._idle: list[_Child] = []
        self._every: set[_Child] = set()
        self._free = threading.BoundedSemaphore(size) if size else None
        self._alone = threading.Lock()
        self._lock = threading.Lock()
        self._closed = False

    def map(
        self,
        function: Callable[..., T],
        jobs: Sequence[tuple[Any, ...]],
        limits: Limits,
        budget: Budget | None = None,
    ) -> list[Answered[T] | Failed]:
        """The function applied to each tuple of arguments, results in their order. It must be importable by name.

        Beyond ``budget`` no further call is begun.
        """

        def call(job: tuple[Any, ...]) -> Answered[T] | Failed:
            return self.call(function, job, limits, budget)

        if not self.size or not jobs:
            return [call(job) for job in jobs]
        with ThreadPoolExecutor(min(self.size, len(jobs)), thread_name_prefix="pool") as threads:
            return list(threads.map(call, jobs))

    def call(
        self,
        function: Callable[..., T],
        arguments: tuple[Any, ...],
        limits: Limits,
        budget: Budget | None = None,
    ) -> Answered[T] | Failed:
        """One call in a child; waits for a free one. A child that fails in any way but by an error is replaced.

        A call whose child died is made once more while no other call is under way: a machine short of memory kills
        whatever process it likes, and the death tells nothing of this call.
        """
        with self._free or nullcontext():
            if budget is not None and (over := budget.over()):
                return Failed(FailureKind.OVER, over)
            with budget.spending() if budget is not None else nullcontext():
                answer = self._call(function, arguments, limits) if self._free else _here(function, arguments)
        if self._free is None or not isinstance(answer, Failed) or answer.fault is not FailureKind.CRASH:
            return answer
        with self._all():
            again = self._call(function, arguments, limits)
        if isinstance(again, Failed) and again.fault is FailureKind.CRASH:
            return Failed(FailureKind.CRASH, f"{again.detail}; tried twice, the second time alone")
        return again

    def _call(self, function: Callable[..., T], arguments: tuple[Any, ...], limits: Limits) -> Answered[T] | Failed:
        """One call; the caller holds a place for it. A child that cannot be started is one that died."""
        try:
            with self._child() as child:
                return child.call(function, arguments, limits)
        except (OSError, pickle.UnpicklingError, EOFError) as error:
            return Failed(FailureKind.CRASH, f"{type(error).__name__}: {error}"[:300])

    @contextmanager
    def _all(self) -> Iterator[None]:
        """Every place of the pool; nobody who waits here holds one, so nobody waits for ever."""
        assert self._free is not None  # noqa: S101 - call() made sure
        with self._alone, ExitStack() as places:
            for _ in range(self.size):
                places.enter_context(self._free)
            yield

    def pids(self) -> list[int]:
        """The processes that are there now."""
        with self._lock:
            return sorted(child.pid for child in self._every)

    def close(self) -> None:
        """End all children and wait for them."""
        with self._lock:
            self._closed = True
            children, self._every, self._idle = list(self._every), set(), []
        for child in children:
            child.end()

    @contextmanager
    def _child(self) -> Iterator["_Child"]:
        child = self._taken()
        try:
            yield child
        finally:
            self._put_back(child)

    def _taken(self) -> "_Child":
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_fit():
                    return child
                self._every.discard(child)
                child.end()
        child = _Child()
        with self._lock:
            self._every.add(child)
        return child

    def _put_back(self, child: "_Child") -> None:
        with self._lock:
            is_reusable = child.is_fit() and not self._closed
            if is_reusable:
                self._idle.append(child)
            else:
                self._every.discard(child)
        if not is_reusable:
            child.end()


class _Child:
    """One process and the pipes to it; used by one thread at a time."""

    def __init__(self) -> None:
        paths = [_ROOT, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        environment = {**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tasks.pool.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C reaches the parent, which ends its children
        )
        self._loaded: set[str] = set()
        self._started = False
        self._calls = 0
        self.pid = self._process.pid

    def is_fit(self) -> bool:
        return self._process.poll() is None and self._calls < _MOST_CALLS

    def call(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits
    ) -> "Answered[Any] | Failed":
        name = f"{function.__module__}.{function.__qualname__}"
        if (fault := self._load(name, function)) is not None:
            return fault
        self._calls += 1
        request = ("call", (limits.seconds, limits.memory), function, arguments)
        answer = self._ask(request, limits.seconds * _CLOCK_FACTOR)
        if isinstance(answer, Failed):
            self.end()
            return answer
        kind, value = answer
        if kind == VALUE:
            return Answered(value)
        if kind == MEMORY:
            self.end()
            return Failed(FailureKind.MEMORY, f"more than {limits.memory >> 20} MiB")
        return Failed(FailureKind.ERROR if kind == ERROR else FailureKind.CRASH, str(value))

    def _load(self, name: str, function: Callable[..., Any]) -> Failed | None:
        """Have the child import the function, outside of any call's limits."""
        if not self._started:
            answer = self._reply(time.monotonic() + _START)
            self._started = not isinstance(answer, Failed)
            if isinstance(answer, Failed):
                return _not_started(answer)
        if name in self._loaded:
            return None
        answer = self._ask(("load", function), _START)
        if isinstance(answer, Failed):
            return _not_started(answer)
        if answer[0] != READY:
            return Failed(FailureKind.ERROR, str(answer[1]))
        self._loaded.add(name)
        return None

    def _ask(self, request: tuple[Any, ...], seconds: float) -> "tuple[str, Any] | Failed":
        data = pickle.dumps(request, pickle.HIGHEST_PROTOCOL)
        try:
            stream = _open(self._process.stdin)
            stream.write(HEAD.pack(len(data)))
            stream.write(data)
            stream.flush()
        except (BrokenPipeError, ValueError):
            return self._died()
        return self._reply(time.monotonic() + seconds)

    def _reply(self, deadline: float) -> "tuple[str, Any] | Failed":
        head = self._bytes(HEAD.size, deadline)
        data = head if isinstance(head, Failed) else self._bytes(HEAD.unpack(head)[0], deadline)
        if isinstance(data, Failed):
            return data
        answer = pickle.loads(data)  # noqa: S301 - from our own child
        return answer if len(answer) > 1 else (answer[0], None)

    def _bytes(self, size: int, deadline: float) -> bytes | Failed:
        descriptor = _open(self._process.stdout).fileno()
        data = bytearray()
        while len(data) < size:
            seconds_left = deadline - time.monotonic()
            if seconds_left <= 0 or not select.select([descriptor], [], [], seconds_left)[0]:
                self.end()
                return Failed(FailureKind.TIMEOUT, "no answer in time")
            piece = os.read(descriptor, min(_CHUNK, size - len(data)))
            if not piece:
                return self._died()
            data += piece
        return bytes(data)

    def _died(self) -> Failed:
        """How a child that went away ended: by the CPU limit, or in some other way."""
        try:
            code = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.end()
            return Failed(FailureKind.CRASH, "its process closed the pipe")
        if code == -signal.SIGPROF:
            return Failed(FailureKind.TIMEOUT, "CPU time used up")
        return Failed(FailureKind.CRASH, f"its process ended with {_named(code)}")

    def end(self) -> None:
        """Kill it, wait for it, close the pipes."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # what was left to send has nobody to go to
                    continue


def _not_started(failed: Failed) -> Failed:
    """A child that did not come up, whatever the reason: that says nothing of the call it was to answer."""
    return Failed(FailureKind.CRASH, f"its process did not start: {failed.detail}")


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101 - both ends are pipes
    return stream


def _named(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"code {code}"


def _here(function: Callable[..., T], arguments: tuple[Any, ...]) -> Answered[T] | Failed:
    try:
        return Answered(function(*arguments))
    except MemoryError:
        return Failed(FailureKind.MEMORY, "out of memory")
    except Exception as error:  # noqa: BLE001 - any page may break any parser: here it becomes an answer
        return Failed(FailureKind.ERROR, f"{type(error).__name__}: {error}"[:300])


_WORDS = {FailureKind.TIMEOUT: "too_slow", FailureKind.MEMORY: "too_slow"}
_pools: dict[tuple[int, int], Pool] = {}
_pools_lock = threading.Lock()


def shared_pool(size: int) -> Pool:
    """The pool of this process with so many children (0: none), ended with the process."""
    key = (os.getpid(), size)  # a forked process must not use its parent's pipes
    with _pools_lock:
        if key not in _pools:
            _pools[key] = Pool(size)
            atexit.register(_pools[key].close)
        return _pools[key]


def apart(size: int, limits: Limits) -> Apart:
    """Calls in a child of the shared pool, as :class:`~schemas.apart.Apart` has them."""

    def call(function: Callable[..., T], *arguments: Any) -> T:
        answer = shared_pool(size).call(function, arguments, limits)
        if isinstance(answer, Failed):
            raise ApartError(_WORDS.get(answer.fault, "failed"), answer.detail)
        return answer.value

    return call


def page_limits(settings: Settings) -> Limits:
    """What reading one foreign document may use."""
    return Limits(settings.page_cpu_seconds, settings.page_memory_mb << 20)


def documents_apart(settings: Settings) -> Apart:
    """Reads feeds, sitemaps, sections and listings in the children that read pages, with the same limits."""
    return apart(settings.workers, page_limits(settings))
