"""Log lines for machines: an object a line, with time, level, run, source and stage."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

from pythonjsonlogger.json import JsonFormatter

#: Counts that drive progress bars, not for readers of a log if they are 0.
_COUNTS = ("todo", "done")


class JsonLines(JsonFormatter):
    """A record as one object: ``time``, ``level``, ``logger``, ``run``, ``source``, ``stage``, ``message`` first.

    ``where`` tells run and source of whatever is logging; what a record says itself goes before it.
    """

    def __init__(self, where: Callable[[], Mapping[str, str]]) -> None:
        super().__init__("%(message)s", json_ensure_ascii=False)
        self._where = where

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Fill the object in an order people can read too."""
        fields: dict[str, Any] = {}
        super().add_fields(fields, record, message_dict)
        where = self._where()
        at = datetime.fromtimestamp(record.created, UTC)
        log_data |= {"time": at.isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        log_data["logger"] = record.name
        log_data |= {name: fields.pop(name, None) or where.get(name) for name in ("run", "source", "stage")}
        log_data["message"] = fields.pop("message", record.getMessage())
        log_data |= {name: value for name, value in fields.items() if value or name not in _COUNTS}


def json_handler(file: Path | None, where: Callable[[], Mapping[str, str]]) -> logging.Handler:
    """Lines to a file, which logrotate may move away, or to standard error. Raises ``OSError``."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.StreamHandler() if file is None else WatchedFileHandler(file, encoding="utf-8")
    handler.setFormatter(JsonLines(where))
    return handler
