"""What readers get: the read snapshot, the exports and the site."""

from prefect import flow

from schemas.settings import Settings
from tasks.alert import tell_alerts
from tasks.publish_site import publish_site
from tasks.report import export_tables, publish_snapshot, send_away


@flow(name="report", flow_run_name="snapshot, exports and site")
def report(publish_anyway: bool = False) -> list[str]:
    """Publish the read snapshot, write the exports and build the site; the paths of the files written.

    Args:
        publish_anyway: Accept what the last run left if it is out of the ordinary and was held back.
    """
    return report_on(Settings(), publish_anyway)


@flow(name="write report", validate_parameters=False)
def report_on(settings: Settings, publish_anyway: bool = False) -> list[str]:
    """The same for settings that are already at hand."""
    publish_snapshot(settings, publish_anyway)
    return hand_out(settings)


def hand_out(settings: Settings) -> list[str]:
    """Exports, site and object storage brought up to the snapshot; the paths of the files written."""
    written = export_tables(settings)
    front = publish_site(settings, written)
    send_away(settings)
    tell_alerts(settings)
    return [*written, front] if front else written
