"""Flows run as they are written, without Prefect's engine: each task called as a function, in threads if wanted.

A task run costs Prefect tens of milliseconds and a server; here a night of twenty pages takes less than a second. What
is run are the flows themselves, so a verb that is added to one is run here too. Retries are kept, without their pauses.
"""

import importlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, as_completed
from typing import Any

FLOWS = (
    "flows.ingest",
    "flows.pipeline",
    "flows.resume",
    "flows.report",
    "flows.rebuild",
    "flows.reprocess",
    "flows.forget",
)


class Inline(Executor):
    """Work done at once, by whoever asks for it: every run makes the same calls in the same order."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed to whoever asks for the result, as every executor does
            done.set_exception(error)
        return done


class Plain:
    """A task or a flow as a function."""

    def __init__(self, prefect: Any, executor: Callable[[], Executor]) -> None:
        self._prefect = prefect
        self._executor = executor

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tries = int(getattr(self._prefect, "retries", 0) or 0)
        while True:
            try:
                return self._prefect.fn(*map(_value, args), **{name: _value(arg) for name, arg in kwargs.items()})
            except Exception:
                if not tries:
                    raise
                tries -= 1

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._executor().submit(self, *args, **kwargs)

    def map(self, *args: Any) -> list[Future[Any]]:
        lengths = [len(arg) for arg in args if isinstance(arg, list)]
        rows = ([arg[n] if isinstance(arg, list) else arg.value for arg in args] for n in range(min(lengths)))
        return [self.submit(*row) for row in rows]


def _value(arg: Any) -> Any:
    return arg.result() if isinstance(arg, Future) else arg


def make_plain(executor: Callable[[], Executor]) -> None:
    """Take Prefect's engine out of the flows for the rest of this process; ``executor`` takes submitted work."""
    from prefect import Flow, Task  # noqa: PLC0415 - seconds
    from prefect.artifacts import Artifact  # noqa: PLC0415

    import tasks.report  # noqa: PLC0415

    for name in FLOWS:
        module = importlib.import_module(name)
        for word, value in list(vars(module).items()):
            if isinstance(value, Task | Flow):
                setattr(module, word, Plain(value, executor))
        if hasattr(module, "as_completed"):
            module.as_completed = lambda futures: _in_turn(futures, executor)  # type: ignore[attr-defined]
    setattr(Artifact, "create", _leave_nothing)  # noqa: B010 - no attribute of one's own
    for word in [word for word in vars(tasks.report) if word.endswith("_artifact")]:
        setattr(tasks.report, word, _leave_nothing)


def _in_turn(futures: Iterable[Future[Any]], executor: Callable[[], Executor]) -> Iterator[Future[Any]]:
    return iter(list(futures)) if isinstance(executor(), Inline) else as_completed(list(futures))


def _leave_nothing(*_: object, **__: object) -> None:
    """Artifacts are Prefect's."""
