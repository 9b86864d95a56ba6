from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Source
from tests.unit.web.server import Server

MakeSettings = Callable[..., Settings]
MakeSource = Callable[..., Source]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def make_settings(server: Server, tmp_path: Path) -> MakeSettings:
    """Settings that reach the test's server, with limits short enough for a test."""

    def make(**changes: Any) -> Settings:
        values: dict[str, Any] = {
            "data_dir": tmp_path,
            "allow_loopback": True,
            "allowed_ports": (80, 443, server.port),
            "connect_to": {"news.firstdraft.test": f"127.0.0.1:{server.port}"},
            "connect_timeout": 0.5,
            "read_timeout": 0.3,
            "total_timeout": 0.6,
            "max_body_bytes": 100_000,
            "retries": 0,
            **changes,
        }
        return Settings(**values)

    return make


@pytest.fixture
def make_source() -> MakeSource:
    def make(**changes: Any) -> Source:
        values: dict[str, Any] = {
            "id": "news-en",
            "name": "News",
            "family": "news",
            "country": "SY",
            "language": "en",
            "homepage": "http://news.firstdraft.test/",
            "timezone": "Asia/Damascus",
            "delay_seconds": 0,
            **changes,
        }
        return Source.model_validate(values)

    return make


@pytest.fixture
def run() -> Run:
    window = Window(date(2023, 12, 9), date(2023, 12, 11))
    return Run("nightly", window, datetime(2023, 12, 11, 22, tzinfo=UTC), "0.1.0")
