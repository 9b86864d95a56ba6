"""What every test has: no network but loopback (see pyproject.toml), settings of its own, a clean environment."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from flows.environment import prepare_embedded
from schemas.settings import Settings

_HERE = Path(__file__).parent
#: Proofs by many cases, which take most of the unit tests' time: in `make test`, not in `make unit`.
_THOROUGH = (
    "site",
    "unit/house/test_imports.py",
    "unit/pool/test_bounds.py",
    "unit/web/hostile",
    "unit/web/readers/test_feeds_hostile.py",
    "unit/web/readers/test_sitemaps.py",
    "warehouse/store/test_connect.py",
    "warehouse/care/test_history.py",
    "warehouse/load/test_states.py",
    "warehouse/load/test_tombstones.py",
    "warehouse/care/test_verify.py",
    "warehouse/proofs",
)


def pytest_configure(config: pytest.Config) -> None:
    """Where flows are run, give Prefect its home before any test file imports it, for it looks only then."""
    if "not flows" in config.option.markexpr:
        return
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "300")  # where the machine is busy
    home = TemporaryDirectory(prefix="prefect-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    prepare_embedded(Path(home.name))


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith("FIRSTDRAFT_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a folder of their own and loopback allowed."""
    return Settings(data_dir=tmp_path / "data", allow_loopback=True)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a folder in a bucket of an S3 server (moto's) on loopback; skipped where it is not installed."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    name = f"bucket-{uuid4()}"  # its own: moto keeps all of a process's together
    files = pytest.importorskip("s3fs").S3FileSystem
    files.clear_instance_cache()  # which may hold the address of a server that is gone
    files(skip_instance_cache=True).mkdir(name)
    yield f"s3://{name}/folder"
    server.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is thorough, and tests/flows, which run last: unit tests end before Prefect is imported."""
    thorough = {_HERE / name for name in _THOROUGH}
    for item in items:
        if _HERE / "flows" in item.path.parents:
            item.add_marker(pytest.mark.flows)
        elif thorough & {item.path, *item.path.parents}:
            item.add_marker(pytest.mark.thorough)
    items.sort(key=lambda item: item.get_closest_marker("flows") is not None)
