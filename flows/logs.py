"""Where log lines go, and which run and source they are about."""

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schemas.discovery import Discovery
from schemas.outcome import Batch
from schemas.run import Run, RunSummary
from schemas.settings import Settings
from schemas.source import Source
from tasks.console.logs import json_handler

_OPEN: list[logging.Handler] = []


def open_log(settings: Settings) -> None:
    """Write JSON lines if the settings ask for them; once a process, whatever calls it."""
    if settings.log_format != "json" or _OPEN:
        return
    handler = json_handler(settings.log_file, where)
    _OPEN.append(handler)
    logger = logging.getLogger("firstdraft")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


def where() -> dict[str, str]:
    """Run and source of the task that is logging, read from its parameters, so that no verb has to say them."""
    fields: dict[str, str] = {}
    for values in _parameters():
        for name, value in _about(values):
            fields.setdefault(name, value)
    return fields


def _parameters() -> Iterator[Iterable[Any]]:
    """The parameters of the task run and of the flow run around it; none outside Prefect."""
    context = sys.modules.get("prefect.context")
    if context is None:
        return
    for kind in (context.TaskRunContext, context.FlowRunContext):
        run_context = kind.get()
        if run_context is not None and isinstance(run_context.parameters, Mapping):
            yield run_context.parameters.values()


def _about(values: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for value in values:
        match value:
            case Run():
                yield "run", value.run_id
            case RunSummary():
                yield "run", value.run.run_id
            case Source():
                yield "source", value.id
            case Discovery():
                yield "source", value.source.id
            case Batch():
                yield "source", value.source_id
