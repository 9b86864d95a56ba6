"""Seeking outlets: whose pages a search service knows of, and new ones written to the user's own seeds.

Nothing found is fetched here. An outlet that is written is a source like any other from then on: later runs ask it for
the pages listed, by its own robots.txt and at its own pace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import FirstdraftError
from schemas.run import Window
from schemas.source import Search, Source
from tasks.reference.seeds.source_entries import add_entry
from tasks.reference.seeds.sources import load_sources
from tasks.web.discovery.attribution import Attributed, Attribution, attribute
from tasks.web.discovery.searching import calls
from tasks.web.fetching.session import Web
from tasks.web.readers.entries import Entry

GDELT = "https://api.gdeltproject.org/api/v2/doc/doc"
#: What GDELT asks of whoever asks it: one call in five seconds.
_GDELT_DELAY = 5.0


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search came to: its pages by outlet, the calls it took, and what is known to be missing."""

    attribution: Attribution
    calls: int
    lost: tuple[str, ...]

    def told(self) -> dict[str, object]:
        """As JSON has it."""
        found = self.attribution
        outlets = [
            {"source_id": one.source.id, "made": one.made, "pages": [entry.url for entry in one.entries]}
            for one in found.outlets
        ]
        counts = {"found": found.found, "without_outlet": len(found.without_outlet), "twice": found.twice}
        return counts | {
            "over_share": len(found.over_share),
            "calls": self.calls,
            "lost": self.lost,
            "outlets": outlets,
        }

    def sentence(self) -> str:
        """In words, every page accounted for."""
        return "; ".join((f"in {self.calls} calls {self.attribution.sentence()}", *self.lost))


def finder_for(country: str, language: str, query: str) -> Source:
    """GDELT, as whoever finds outlets of a country in a language."""
    return Source(
        id=f"gdelt-{country.lower()}-{language}",
        name="GDELT DOC 2.0",
        family="gdelt",
        country=country,
        language=language,
        homepage="https://www.gdeltproject.org/",
        searches=(Search(kind="gdelt", url=GDELT, query=query),),
        delay_seconds=_GDELT_DELAY,
    )


def seek(web: Web, finder: Source, window: Window, known: Sequence[Source], most: int) -> Sought:
    """Whose pages a finder knows for a window.

    Raises :class:`FirstdraftError` where a call could not be read: what was
    found by then is a part nobody knows the size of.
    """
    whole: list[Entry] = []
    lost: list[str] = []
    number = 0
    for number, call in enumerate(calls(web, finder, window), 1):
        if call.reading.error:
            raise FirstdraftError(f"call {number}, {call.url}: {call.reading.error}: {call.reading.detail}")
        lost += [call.reading.detail] if call.reading.partial else []
        whole += () if call.again else call.reading.entries
    return Sought(attribute(whole, known, finder, most), number, tuple(lost))


def write_found(found: Attribution, folder: Path) -> list[Path]:
    """Have the outlets that were made asked by later runs: an address list each, and the entries in ``found.yml``.

    Returns the files that changed. What a list holds already stays, and an entry somebody has edited, too.
    """
    changed: dict[Path, None] = {}
    for one in (one for one in found.outlets if one.made or _is_ours(one, folder)):
        file = _list_of(one, folder)
        held = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        fresh = [entry.url for entry in one.entries if entry.url not in held]
        if fresh:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("".join(f"{line}\n" for line in (*held, *fresh)), encoding="utf-8")
            changed[file] = None
        if not _is_entered(one, folder / "sources"):
            lists = (file.relative_to(folder).as_posix(),)
            changed[add_entry(one.source.model_copy(update={"url_lists": lists}), "found", folder / "sources")] = None
    return list(changed)


def _list_of(one: Attributed, folder: Path) -> Path:
    return folder / "lists" / f"{one.source.id}.txt"


def _is_ours(one: Attributed, folder: Path) -> bool:
    """Whether a known outlet is one that an earlier search made."""
    return _list_of(one, folder).exists()


def _is_entered(one: Attributed, folder: Path) -> bool:
    return any(folder.glob("*.yml")) and any(one.source.id == other.id for other in load_sources(folder))
