"""The nightly run: the last days of every source, then the report."""

from datetime import UTC, datetime, timedelta

from prefect import flow, tags

from flows.ingest import ingest
from flows.report import report
from schemas.run import Run, RunSummary, Window
from schemas.settings import Settings
from tasks.reference.seeds.sources import select_sources
from tasks.reference.seeds.version import code_version
from tasks.report import conclude, link_site


def _tonight() -> str:
    """What the run is called where people look for it: by its day, not by a chance name."""
    return f"nightly {datetime.now(UTC):%Y-%m-%d}"


@flow(name="nightly", flow_run_name=_tonight)
def nightly(days: int | None = None, sources: list[str] | None = None) -> RunSummary:
    """Fetch what is new, code it, resolve it, report it.

    Args:
        days: How many days before today to look back; the setting `lookback_days` if none is given.
        sources: Ids from `seeds/sources/`; all enabled ones if none is given. One that is named is asked even
            if it is paused.
    """
    settings = Settings()
    if sources:
        settings = settings.model_copy(update={"ask_paused": True})
    now = datetime.now(UTC)
    window = Window((now - timedelta(days=days or settings.lookback_days)).date(), now.date())
    run = Run("nightly", window, now, code_version())
    with tags("firstdraft"):
        summary = ingest(run, select_sources(settings.sources_file, sources), settings)
        report()
    link_site(settings)
    return conclude(summary)
