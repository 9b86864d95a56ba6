"""A finder at work: the services it asks for a window, and the pages they name, whoever's they are."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.apart import Apart
from schemas.backfill import Holding
from schemas.discovery import SourceProbe
from schemas.link import Link
from schemas.outcome import Batch
from schemas.run import Run, Window
from schemas.source import Search, Source
from tasks.web.discovery.endpoints import failure_of
from tasks.web.fetching.session import Web
from tasks.web.http.request_policy import RequestPolicy
from tasks.web.http.response import FetchError, Response
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.paging import Ask, Page
from tasks.web.searches.ccnews import read_index
from tasks.web.searches.gdelt import read_gdelt
from tasks.web.searches.mediacloud import read_media_cloud
from tasks.web.searches.resultfeeds import read_result_feed

#: The error word of a service that wants a key nobody gave.
NO_KEY = "no_key"
_READERS: Mapping[str, Callable[[Ask, Search, Window, Apart], Iterator[Page]]] = {
    "gdelt": read_gdelt,
    "mediacloud": read_media_cloud,
    "feed": read_result_feed,
    "ccnews": read_index,
}


class _Secret(BaseSettings):
    """The key, apart from the settings that flows hand on."""

    model_config = SettingsConfigDict(env_prefix="FIRSTDRAFT_", env_file=".env", extra="ignore", frozen=True)

    media_cloud_key: SecretStr = SecretStr("")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a search: when and what was asked, and what came of it."""

    search: Search
    asked_at: datetime
    url: str
    answer: Response | FetchError | None
    reading: Reading
    again: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a finder found in a window: every page as named, in order, and how each call was answered.

    ``holdings`` are the pages that lie in its archive, to be taken from there.
    """

    finder: Source
    window: Window
    entries: tuple[Entry, ...]
    probes: tuple[SourceProbe, ...]
    holdings: tuple[Holding, ...] = ()

    def archived(self, batch: Batch[Link]) -> Batch[Holding] | None:
        """The captures of a batch's links in this finder's archive; ``None`` if the outlets are asked for them."""
        by_key = {holding.link.canonical_url: holding for holding in self.holdings}
        at = self.finder.searches[0].url
        mine = [link for link in batch.items if link.found_at == at and link.canonical_url in by_key]
        if not mine or len(mine) < len(batch.items):
            return None
        captures = tuple(replace(by_key[link.canonical_url], link=link) for link in mine)
        return Batch(batch.source_id, batch.number, captures, batch.settled)


def calls(web: Web, finder: Source, window: Window) -> Iterator[Call]:
    """Every call of every search of a finder, in turn, through its gate."""
    gate = web.feed_gate(finder)
    for search in finder.searches:
        asked_at, key = datetime.now(UTC), ""
        if search.kind == "mediacloud":
            secret = _Secret().media_cloud_key.get_secret_value()
            if not secret or not (search.url.startswith("https:") or web.settings.allow_loopback):
                told = Reading(error=NO_KEY, detail="FIRSTDRAFT_MEDIA_CLOUD_KEY holds none, or the url is not https")
                yield Call(search, asked_at, search.url, None, told)
                continue
            key = f"Token {secret}"
        for page in _READERS[search.kind](partial(_ask, web, gate, key), search, window, web.apart):
            yield Call(search, asked_at, page.url, page.answer, failure_of(page.answer) or page.reading, page.again)
            asked_at = datetime.now(UTC)


def search(web: Web, run: Run, finder: Source, window: Window) -> Found:
    """What a finder finds for a run. A call that fails ends its search, and is named; what was found by then stands."""
    entries: list[Entry] = []
    probes: list[SourceProbe] = []
    for call in calls(web, finder, window):
        if call.answer is not None:
            web.keep(finder.id, call.search.kind, call.answer)
        entries += () if call.again else call.reading.entries
        status = call.answer.status if isinstance(call.answer, Response) else None
        told = (status, len(call.reading.entries), call.reading.error, call.reading.detail)
        probes.append(SourceProbe(run.run_id, finder.id, call.search.kind, call.url, call.asked_at, *told))
    return Found(finder, window, tuple(entries), tuple(probes))


def _ask(web: Web, gate: RequestPolicy, key: str, url: str) -> Response | FetchError:
    return web.client.get(url, gate=gate, authorization=key)
