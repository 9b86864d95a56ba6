"""Where batches are worked on: in threads of this process, or clean and extract on a Dask cluster.

Whatever asks a host, holds the lock or writes stays in this process, the one that may: a thread each. ``clean`` and
``extract`` are functions of what they are given, so with FIRSTDRAFT_TASK_RUNNER=dask they go, unchanged, to the task
runner that Prefect has for Dask: extract follows clean on the cluster, and only its result comes back.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from importlib import import_module
from typing import Any, Self
from uuid import UUID, uuid4

from prefect.client.orchestration import get_client
from prefect.futures import PrefectConcurrentFuture, PrefectFuture, PrefectTaskRunFuture
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.engine import resolve_inputs_sync

from schemas.errors import FirstdraftError
from schemas.mention import CodedArticle
from schemas.outcome import Batch
from schemas.page import FetchedPage
from schemas.settings import Settings
from tasks.clean import unread
from tasks.web.archive.objects import mirror

#: The tasks a cluster takes.
SPREAD = frozenset({"clean", "extract"})


class Sent(PrefectTaskRunFuture[Any]):
    """A task run on its way to the cluster: it leaves when what it needs from here is there.

    ``needs`` are those it builds on there; the cluster forgets a result that nobody holds, so they are held until it is
    done.
    """

    def __init__(self, leaving: "Future[PrefectFuture[Any]]", needs: Iterable["Sent"]) -> None:
        super().__init__(uuid4())
        self._leaving = leaving
        self._needs = list(needs)
        if self._needs:
            self.add_done_callback(lambda _: self._needs.clear())

    @property
    def task_run_id(self) -> UUID:
        """The cluster's, once it left."""
        finished = self._leaving.done() and self._leaving.exception() is None
        return self._leaving.result().task_run_id if finished else self._task_run_id

    def there(self) -> PrefectFuture[Any]:
        """The cluster's own future; waits until it left. Raises what kept it here."""
        return self._leaving.result()

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the cluster is done with it."""
        self._leaving.result(timeout).wait(timeout)

    def result(self, timeout: float | None = None, raise_on_failure: bool = True) -> Any:
        """What it gave, brought here."""
        return self._leaving.result(timeout).result(timeout, raise_on_failure)

    def add_done_callback(self, fn: Callable[[PrefectFuture[Any]], None]) -> None:
        """Call back when the cluster is done with it, or when it can never leave."""

        def left(leaving: "Future[PrefectFuture[Any]]") -> None:
            if leaving.exception() is not None:
                fn(self)
            else:
                leaving.result().add_done_callback(lambda _: fn(self))

        self._leaving.add_done_callback(left)


class Readers(ThreadPoolTaskRunner[Any]):
    """Prefect's thread pool, and beside it its runner for the cluster that the settings name when a flow begins."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._settings = Settings()
        self._cluster = cluster_runner(self._settings)
        self._departures: ThreadPoolExecutor | None = None
        if self._cluster is not None:
            self._cluster.__enter__()
            # The first look starts the cluster, and two threads that looked at once would start two.
            self._cluster.client  # noqa: B018
            self._server = {PREFECT_API_URL: str(get_client(sync_client=True).api_url).rstrip("/")}
            self._departures = ThreadPoolExecutor(self._max_workers, thread_name_prefix="departures")
        return self

    def __exit__(self, *reason: Any) -> None:
        try:
            if self._cluster is not None and self._departures is not None:
                self._departures.shutdown(cancel_futures=True)
                self._cluster.__exit__(*reason)
        finally:
            super().__exit__(*reason)

    def submit(  # type: ignore[override] # the base has an overload for coroutines, and there is none among our tasks
        self,
        task: Any,
        parameters: dict[str, Any],
        wait_for: Iterable[PrefectFuture[Any]] | None = None,
        dependencies: dict[str, set[Any]] | None = None,
    ) -> PrefectConcurrentFuture[Any] | Sent:
        """Hand a task to a thread or, if it is one of :data:`SPREAD` and there is a cluster, to that."""
        if self._departures is None or task.name not in SPREAD:
            return super().submit(task, parameters, wait_for, dependencies)
        needs = [value for value in parameters.values() if isinstance(value, Sent)]
        return Sent(self._departures.submit(copy_context().run, self._send, task, parameters, dependencies), needs)

    def _send(self, task: Any, parameters: dict[str, Any], dependencies: Any) -> PrefectFuture[Any]:
        """Give a task to the cluster when its inputs are there; those that are on the cluster already stay there."""
        assert self._cluster is not None  # noqa: S101 - nothing is sent without one
        local = {name: value for name, value in parameters.items() if not isinstance(value, Sent)}
        there = {name: value.there() for name, value in parameters.items() if isinstance(value, Sent)}
        given = resolve_inputs_sync(local, max_depth=0) | there
        settings = given.get("settings") or self._settings
        batch = given.get("batch")
        if settings.captures_url and (pages := getattr(batch, "items", None)):
            warc_files = {page.capture.warc_file for page in pages if isinstance(page, FetchedPage)}
            mirror(settings.captures_dir, settings.captures_url, sorted(warc_files))
        # A worker is told which server this process speaks to: else it would start one of its own.
        with temporary_settings(self._server):
            sent: PrefectFuture[Any] = self._cluster.submit(
                task, given | {"settings": for_worker(settings)}, None, dependencies
            )
        return sent


def for_worker(settings: Settings) -> Settings:
    """Settings as a worker of a cluster has them: one child, and captures from the object storage if there is one."""
    return settings.model_copy(update={"workers": min(settings.workers, 1), "remote": bool(settings.captures_url)})


def cluster_runner(settings: Settings) -> Any:
    """Prefect's runner for the cluster that the settings name; ``None`` for threads. Its package is an optional extra.

    Without an address a cluster of ``settings.workers`` processes is started on this machine, and ended with the flow.
    Raises :class:`~schemas.errors.FirstdraftError` if the package is missing.
    """
    if settings.task_runner == "threads":
        return None
    try:
        runner = import_module("prefect_dask.task_runners").DaskTaskRunner
    except ImportError as error:
        raise FirstdraftError("FIRSTDRAFT_TASK_RUNNER=dask needs packages: `uv sync --extra dask`") from error
    if settings.task_runner_address:
        return runner(address=settings.task_runner_address)
    local = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "threads_per_worker": 1}
    return runner(cluster_kwargs={**local, "n_workers": max(settings.workers, 1)})


def result_of(coded: Any, pages: Any) -> Batch[CodedArticle]:
    """The coded batch, or its pages kept unread if the place where they were read failed: a worker that was killed."""
    try:
        result: Batch[CodedArticle] = coded.result()
    except Exception as error:  # noqa: BLE001 - whatever a task runner lets through; what ends the run is raised again
        return unread(pages if isinstance(pages, Batch) else pages.result(), error)
    return result
