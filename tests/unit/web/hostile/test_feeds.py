"""Whatever stands where a feed should, its probe says so, and every entry comes to an end."""

from typing import Any

import pytest

from schemas.memory import Memory
from schemas.outcome import Outcome
from schemas.run import Run
from tasks.web.discovery.survey import Survey
from tasks.web.fetching.session import Web
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.hostile.case import HOME, FeedCase
from tests.unit.web.hostile.feeds import PLACES
from tests.unit.web.hostile.test_pages import resolver
from tests.unit.web.server import Script, Server

URL = f"{HOME}/feed/"
NAMED: dict[str, dict[str, Any]] = {
    "feed": {"feeds": [{"url": URL}]},
    "sitemap": {"sitemaps": [URL]},
    "section": {"sections": [{"url": URL, "selector": "article a"}]},
}


def test_the_cases_are_many_and_each_is_one() -> None:
    assert len({case.id for case in PLACES}) == len(PLACES) >= 60


@pytest.mark.parametrize("case", PLACES, ids=lambda case: case.id)
def test_a_place_is_read_or_says_why_not(
    case: FeedCase, server: Server, make_settings: MakeSettings, make_source: MakeSource, run: Run
) -> None:
    routes: dict[str, Script] = dict(case.says) if isinstance(case.says, dict) else {"/feed/": case.says}  # type: ignore[dict-item]
    server.routes |= routes
    limits = {"connect_timeout": 5, "read_timeout": 5, "total_timeout": 10, **case.settings}
    web = Web(make_settings(**limits), resolver({}), Throttle())
    found = Survey(web, run, make_source(**NAMED[case.kind]), Memory()).read()
    first = found.probes[0]
    assert (first.url, first.error) == (URL, case.error), first.detail
    assert case.told in first.detail
    assert first.detail or first.error is None
    settled = [end for batch in found.batches for end in batch.settled]
    assert {end.outcome for end in settled} <= {Outcome.REJECTED}
    assert tuple(end.reason for end in settled) == case.settled
    assert sum(len(batch.items) for batch in found.batches) == case.links
    assert len(found) == case.links + len(case.settled)
    assert not {"/evil.dtd", "/etc/passwd"} & set(server.paths)
