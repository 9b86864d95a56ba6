"""The demo: the nightly pipeline, unchanged, over the bundled site; twice, for one page is corrected in between."""

from datetime import UTC, date, datetime

from flows.environment import prepare_embedded
from schemas.run import Run, RunSummary, Window
from schemas.settings import Settings
from tasks.demo.server import serve_demo
from tasks.reference.seeds.sources import load_sources
from tasks.reference.seeds.version import code_version

#: The bundled pages are dated from November to December 2023.
WINDOW = Window(date(2023, 11, 1), date(2023, 12, 31))
VISITS = 2


def run_demo(settings: Settings) -> tuple[RunSummary, ...]:
    """Serve the site, run the pipeline over it, publish, and tell both visits."""
    embedded = settings.for_demo()
    prepare_embedded(embedded.data_dir / "prefect")
    from flows.ingest import ingest  # noqa: PLC0415 - the environment comes first
    from flows.report import report_on  # noqa: PLC0415

    with serve_demo() as site:
        reaching = embedded.model_copy(update={"connect_to": site.connect_to})
        sources = load_sources(reaching.sources_file)
        summaries = tuple(
            ingest(Run("demo", WINDOW, datetime.now(UTC), code_version()), sources, reaching) for _ in range(VISITS)
        )
    report_on(reaching)
    return summaries
