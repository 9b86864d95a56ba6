"""The unit files and the compose file are ones their programs can read, and say what the documents say."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[3] / "docs" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")


def settled(unit: Path, folder: Path) -> Path:
    """The unit with the paths of this machine, for its programs must be there."""
    text = unit.read_text(encoding="utf-8").replace("/srv/firstdraft/.venv/bin/", f"{Path(sys.executable).parent}/")
    path = folder / unit.name
    path.write_text(text, encoding="utf-8")
    return path


def verified(*units: Path) -> str:
    assert ANALYZE is not None
    done = subprocess.run([ANALYZE, "verify", *map(str, units)], capture_output=True, text=True, check=False)
    return done.stderr if done.returncode or "firstdraft" in done.stderr else ""


@pytest.mark.skipif(ANALYZE is None, reason="no systemd here")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    units = [settled(unit, tmp_path) for unit in UNITS]
    assert len(units) == 3
    assert verified(*units) == ""
    units[0].write_text(units[0].read_text().replace("PrivateTmp=yes", "KillMode=gently"))
    assert "gently" in verified(units[0]), "a mistake is seen"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_as_somebody_and_again_when_it_dies(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    assert re.search(r"^User=firstdraft$", text, re.MULTILINE)
    assert re.search(r"^Restart=(on-failure|always)$", text, re.MULTILINE)
    assert "0.0.0.0" not in text


def test_the_compose_file_asks_for_a_password_and_opens_loopback_only() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert set(services) == {"server", "worker"}
    assert services["server"]["ports"] == ["127.0.0.1:4200:4200"]
    for service in services.values():
        assert service["environment"]["PREFECT_SERVER_API_AUTH_STRING"].startswith("${PREFECT_SERVER_API_AUTH_STRING:?")
        assert {name.partition(":")[0] for name in service["volumes"]} <= set(compose["volumes"])
    assert "firstdraft deploy && exec prefect worker start --pool firstdraft" in services["worker"]["command"]
    dockerfile = DEPLOY.parents[1] / services["worker"]["build"]["dockerfile"]
    assert "uv sync --frozen" in dockerfile.read_text(encoding="utf-8")
