"""The alerts of ``seeds/alerts.yml``."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from schemas.alert import Alert, Alerts
from schemas.errors import SeedError
from tasks.reference.seeds.reading import seed_path


def load_alerts(path: Path | None = None) -> tuple[Alert, ...]:
    """The alerts in the order of the file. Raises :class:`SeedError` for what is none, or a name that stands twice."""
    file = path or seed_path("alerts.yml")
    try:
        alerts = Alerts.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))).alerts
    except (ValidationError, yaml.YAMLError) as error:
        raise SeedError(f"{file.name}: {error}") from error
    names = [alert.name for alert in alerts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SeedError(f"{file.name}: {', '.join(twice)}: name: stands twice")
    return alerts
