"""The verbs that a person's decision calls as plain functions, as Prefect's tasks: for flows.

Only here they meet Prefect, whose import takes longer than all that a decision does.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE

from tasks import load as loading
from tasks import resolve as resolving
from tasks.care import resume

P = ParamSpec("P")
R = TypeVar("R")


def _step(verb: Callable[P, R], name: str, task_run_name: str | None = None) -> Task[P, R]:
    return task(name=name, task_run_name=task_run_name, cache_policy=NO_CACHE, persist_result=False)(verb)


find_interrupted = _step(resume.find_interrupted, "recover")
open_run = _step(loading.open_run, "open the run")
join_run = _step(loading.join_run, "join the run")
load_probes = _step(loading.load_probes, "load probes", "load probes of {discovery.source.id}")
load = _step(loading.load, "load", "load {batch.source_id} {batch.number}")
captured_batches = _step(loading.captured_batches, "list captures")
resolve = _step(resolving.resolve, "resolve events")
close_run = _step(loading.close_run, "close the run")
