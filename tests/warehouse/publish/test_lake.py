"""The snapshot as a DuckLake: a real PostgreSQL has the catalogue, DuckDB 1.5.5 in an environment of its own writes.

DuckLake's extensions are not built for the DuckDB of this project, so nothing here runs in this process but the making
of a snapshot. PostgreSQL is Debian's (`apt-get install postgresql`) or any other whose programs are found.
"""

import getpass
import os
import shutil
import subprocess
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from schemas.settings import Settings
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.publish.sql import answer
from tasks.warehouse.store.connect import open_reader
from tests.flows.serving import free_port
from tests.site.material import make

pytestmark = pytest.mark.long

LAKE = Path(__file__).resolve().parents[3] / "benchmarks" / "ducklake.py"
NEEDED = ("duckdb==1.5.5", "duckdb-extensions", "duckdb-extension-ducklake", "duckdb-extension-postgres-scanner")


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server on loopback, and a folder it and we may write in."""

    programs: Path
    user: str
    folder: Path
    port: int

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's programs, as the user the server runs as: it refuses to be root."""
        own = {"user": self.user, "group": self.user, "extra_groups": []} if os.geteuid() == 0 else {}
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=120, **own)  # type: ignore[call-overload]

    def catalogue(self, name: str) -> str:
        self.run("createdb", "--host=127.0.0.1", f"--port={self.port}", name)
        return f"host=127.0.0.1 port={self.port} dbname={name} user={self.user}"


def programs_of_postgres() -> Path | None:
    """Debian keeps them in a folder for each version, and off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def user_of_postgres() -> str:
    """Whom the server may run as; skips where there is only root."""
    import pwd  # noqa: PLC0415 - not on every system

    if os.geteuid():
        return getpass.getuser()
    if "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres")
    return "postgres"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    programs = programs_of_postgres()
    if programs is None:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="firstdraft-postgres-"))  # pytest's own folders are closed to other users
    server = Postgres(programs, user_of_postgres(), folder, free_port())
    if os.geteuid() == 0:
        shutil.chown(folder, server.user, server.user)
    data = str(folder / "data")
    server.run("initdb", "-D", data, "--auth=trust", "--no-sync", "--encoding=UTF8")
    options = f"-p {server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    server.run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
    yield server
    server.run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An environment with the DuckDB that has the extensions."""
    home = tmp_path_factory.mktemp("lake") / "venv"
    venv.create(home, with_pip=True)
    made = str(home / "bin" / "python")
    install = [made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDED]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the packages of DuckDB 1.5.5 cannot be had here: {done.stderr.strip()[-300:]}")
    return made


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small warehouse, published."""
    made = Settings(data_dir=Path(tmp_path_factory.mktemp("house")))
    make(made)
    publish(made, anyway=True)
    return made


def lake(python: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([python, str(LAKE), *arguments], capture_output=True, text=True, check=False, timeout=300)


def test_readers_of_the_lake_see_what_the_snapshot_holds(
    postgres: Postgres, python: str, settings: Settings, tmp_path: Path
) -> None:
    snapshot, catalogue = str(settings.published_path), postgres.catalogue("lake")
    written = lake(python, "publish", snapshot, "--catalogue", catalogue, "--data", f"{tmp_path}/parquet/")
    assert written.returncode == 0, written.stderr
    with open_reader(settings) as con:
        ((tables,),) = answer(con, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'main'").rows
    assert written.stdout.startswith(f"{tables} tables, ")
    assert list((tmp_path / "parquet").rglob("*.parquet"))
    proved = lake(python, "prove", snapshot, "--catalogue", catalogue, "--readers", "2")
    assert proved.returncode == 0, proved.stdout + proved.stderr
    assert proved.stdout.count(f"{tables} tables, ") == proved.stdout.count("the same") == 2


def test_a_night_that_is_not_in_the_lake_yet_is_seen(
    postgres: Postgres, python: str, settings: Settings, tmp_path: Path
) -> None:
    """The proof can fail: a lake of another state is not called the same, and the next night replaces it whole."""
    snapshot, catalogue = str(settings.published_path), postgres.catalogue("behind")
    assert not lake(python, "publish", snapshot, "--catalogue", catalogue, "--data", f"{tmp_path}/parquet/").returncode
    later = tmp_path / "later.duckdb"
    shutil.copy(snapshot, later)
    forget = f"import duckdb; duckdb.connect({str(later)!r}).execute('DELETE FROM event_links')"
    subprocess.run([python, "-c", forget], check=True)
    proved = lake(python, "prove", str(later), "--catalogue", catalogue)
    assert (proved.returncode, "other: ['event_links']" in proved.stdout) == (1, True), proved.stdout
    assert not lake(python, "publish", str(later), "--catalogue", catalogue).returncode
    assert not lake(python, "prove", str(later), "--catalogue", catalogue).returncode
