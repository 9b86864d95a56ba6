"""One supervisor for a folder, and it can be asked who."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.errors import ServiceError
from tasks.reference.machine.locks import held_by
from tasks.service.instance import serving, sole_service

API = "http://127.0.0.1:4200/api"
HOLD = f"""import sys
from pathlib import Path
from tasks.service.instance import sole_service
with sole_service(Path(sys.argv[1]), {API!r}):
    print('up', flush=True)
    sys.stdin.read()
"""


def test_the_second_is_told_who_runs_and_a_killed_one_leaves_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "up\n"
        found = serving(tmp_path)
        assert found is not None
        assert (found.pid, found.api) == (other.pid, API)
        with pytest.raises(ServiceError, match=f"process {other.pid} .*kill {other.pid}"), sole_service(tmp_path, API):
            pass
        other.kill()
    assert serving(tmp_path) is None
    with sole_service(tmp_path, API):
        pass


def test_nobody_serves_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert serving(tmp_path / "none") is None
    assert held_by(tmp_path / "none") is None


def test_a_lock_left_without_a_holder_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / "serve.lock").write_text(json.dumps({"pid": os.getpid(), "since": "2024-01-01T00:00:00", "api": API}))
    assert serving(tmp_path) is None
