"""What readers get: the checks, the read snapshot and the exports."""

from prefect import flow

from schemas.settings import Settings
from tasks.report import export_tables, publish_snapshot


@flow(name="report")
def report() -> list[str]:
    """Publish the read snapshot and write the exports; the paths of the files written."""
    return report_on(Settings())


@flow(name="write report", validate_parameters=False)
def report_on(settings: Settings) -> list[str]:
    """The same for settings that are already at hand."""
    publish_snapshot(settings)
    return export_tables(settings)
