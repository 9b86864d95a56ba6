"""What flow tests share: the demo, run once."""

from dataclasses import dataclass

import pytest

from schemas.run import RunSummary
from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo after its first invocation: both visits, and where its warehouse is."""

    settings: Settings
    first: RunSummary
    second: RunSummary


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The real flow over the real demo site, once."""
    from flows.demo import run_demo  # noqa: PLC0415 - the environment comes first

    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"))
    first, second = run_demo(settings)
    return Demo(settings.for_demo(), first, second)
