"""Whatever a server says, a link comes to its one end, with its one reason, and nothing is lost or kept by accident."""

import ipaddress
import socket
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.fetch import Fetch, KnownPage
from schemas.keys import sha256_hex
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch
from schemas.run import Run
from tasks.web.archive.captures import read_body
from tasks.web.fetching.session import Web
from tasks.web.fetching.visit import visit_batch
from tasks.web.http.address import Resolver
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.hostile.case import HOME, KEPT, PAGE, PageCase
from tests.unit.web.hostile.cases import PAGES
from tests.unit.web.server import Server

LINK = Link("news-en", f"{HOME}/a", f"{HOME}/a", FoundIn.FEED, f"{HOME}/feed/")
KNOWN = KnownPage(f"{HOME}/a", "cap_1", sha256_hex(PAGE), '"v1"', "Mon, 11 Dec 2023 10:00:00 GMT")


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def resolver(names: Mapping[str, Sequence[str]]) -> Resolver:
    def resolve(host: str, _port: int) -> Sequence[str]:
        if is_address(host):
            return [host]
        if host not in names:
            raise socket.gaierror(-2, "Name or service not known")
        if names[host] == ["hang"]:
            time.sleep(0.3)
        if names[host] == ["break"]:
            raise UnicodeError("label too long")
        return names[host]

    return resolve


def settings_of(case: PageCase, server: Server) -> dict[str, object]:
    values: dict[str, object] = {"connect_timeout": 5, "read_timeout": 5, "total_timeout": 10, **case.settings}
    mapped = values.get("connect_to")
    if isinstance(mapped, dict):
        here = f"127.0.0.1:{server.port}"
        values["connect_to"] = {host: here if to == "SERVER" else to for host, to in mapped.items()}
    return values


def test_the_cases_are_many_and_each_is_one() -> None:
    assert len({case.id for case in PAGES}) == len(PAGES) >= 120


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.id)
def test_a_link_comes_to_its_one_end(
    case: PageCase, server: Server, make_settings: MakeSettings, make_source: MakeSource, run: Run, tmp_path: Path
) -> None:
    server.routes |= case.routes
    web = Web(make_settings(**settings_of(case, server)), resolver(case.resolves), Throttle())
    memory = Memory(pages={KNOWN.canonical_url: KNOWN} if case.known else {})
    got = visit_batch(web, run, make_source(**case.source), Batch("news-en", 0, (LINK,)), memory)
    assert len(got) == 1
    archived = list((tmp_path / "captures").rglob("*.warc.gz"))
    if case.outcome is KEPT:
        assert got.settled == ()
        (page,) = got.items
        assert len(archived) == 1
        assert isinstance(read_body(web.settings.captures_dir, page.capture), bytes)
        fetch = page.fetch
    else:
        (end,) = got.settled
        assert (end.outcome, end.reason) == (case.outcome, case.reason), end.detail
        assert end.detail
        assert case.told in end.detail
        assert archived == []
        fetch = end.fetch
    assert fetch.link == LINK
    assert (fetch.etag, fetch.content_type) == (None, None) or fetch.status is not None
    check_flags(case, fetch)


def check_flags(case: PageCase, fetch: Fetch) -> None:
    assert {name: getattr(fetch, name) for name in case.flags} == dict(case.flags)
    if case.wait is None:
        assert fetch.deferred_until is None
    else:
        assert fetch.deferred_until is not None
        assert abs(fetch.deferred_until - fetch.requested_at - timedelta(seconds=case.wait)) < timedelta(seconds=30)
