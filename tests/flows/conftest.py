"""Prefect once for the whole session: its own ephemeral server, in a home of its own."""

import os
from dataclasses import dataclass

import pytest

from flows.environment import prepare_embedded
from schemas.run import RunSummary
from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo after its first invocation: both visits, and where its warehouse is."""

    settings: Settings
    first: RunSummary
    second: RunSummary


@pytest.fixture(scope="session", autouse=True)
def _embedded_prefect(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "300")  # where the machine is busy
    prepare_embedded(tmp_path_factory.mktemp("prefect"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The real flow over the real demo site, once."""
    from flows.demo import run_demo  # noqa: PLC0415 - the environment comes first

    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"))
    first, second = run_demo(settings)
    return Demo(settings.for_demo(), first, second)
