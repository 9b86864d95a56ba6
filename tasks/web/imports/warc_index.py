"""An index of WARC files: which captures of which source they contain. Files are scanned once for all windows."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from schemas.backfill import ArchiveSurvey, Holding
from schemas.discovery import SourceProbe
from schemas.run import Run, Window
from schemas.source import Source
from tasks.web.imports.owners import newest_within, surveyed
from tasks.web.imports.warcs import FileSurvey


class WarcIndex:
    """The captures in WARC files, by source.

    It has no ``__dict__`` on purpose: Prefect sends every attribute of a flow's parameters to its server, which
    accepts half a megabyte at most.
    """

    __slots__ = ("_files", "_held")

    def __init__(self, files: Iterable[FileSurvey]) -> None:
        self._files = sorted(files, key=lambda survey: survey.name)
        self._held: dict[str, list[Holding]] = {}
        for survey in self._files:
            for holding in survey.holdings:
                self._held.setdefault(holding.link.source_id, []).append(holding)

    def __len__(self) -> int:
        return sum(map(len, self._held.values()))

    @property
    def told(self) -> list[str]:
        """One line about each file: how many pages it has, and if it could be read."""
        return [f"{s.name}: {len(s.holdings)} pages; {s.error or 'read'}: {s.told()}" for s in self._files]

    @property
    def problems(self) -> list[str]:
        """One line about each file that is damaged."""
        return [f"{s.name}: {s.error or 'damaged'}: {s.told()}" for s in self._files if s.error or s.detail]

    def of(self, source_id: str) -> list[Holding]:
        """All captures of a source; none for an id that is not known."""
        return self._held.get(source_id, [])

    def survey(self, run: Run, source: Source, window: Window | None, size: int, asked_at: datetime) -> ArchiveSurvey:
        """The captures of a source in a window, or all of them without a window, and one probe for each file."""
        newest, older = newest_within(self.of(source.id), window)
        by_file = Counter(holding.archive for holding in newest)
        outside = len(self.of(source.id)) - len(newest) - older
        apart = f"{older} older captures of the same address, {outside} outside the window, in all files"
        probes = [
            SourceProbe(
                run.run_id, source.id, "warc", s.name, asked_at, None, by_file[s.name], s.error, f"{s.told()}; {apart}"
            )
            for s in self._files
        ]
        return surveyed(source, newest, probes, size)
