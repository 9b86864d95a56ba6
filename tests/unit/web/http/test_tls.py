"""TLS: verified always, under the same deadline, with the name that was asked for."""

import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch, Reason
from schemas.run import Run
from tasks.web.fetching.session import Web
from tasks.web.fetching.visit import visit_batch
from tasks.web.http import transport
from tasks.web.http.client import Client
from tasks.web.http.response import FetchError, Response
from tasks.web.http.throttle import Throttle
from tests.unit.web.conftest import MakeSettings, MakeSource
from tests.unit.web.server import Server, Talk, answer

NAME = "news.firstdraft.test"
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")


def make_certificate(folder: Path, name: str, *, expired: bool = False) -> tuple[Path, Path]:
    pem, key = folder / "cert.pem", folder / "key.pem"
    words = f"req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN={name}"
    where = ["-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(pem)]
    subprocess.run(["openssl", *words.split(), *where], check=True, capture_output=True)
    if expired:
        again = ["openssl", "x509", "-in", str(pem), "-signkey", str(key), "-days", "-1", "-out", str(pem)]
        subprocess.run(again, check=True, capture_output=True)
    return pem, key


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate of the test's host, and its key."""
    return make_certificate(tmp_path_factory.mktemp("tls"), NAME)


@pytest.fixture
def secure(certificate: tuple[Path, Path]) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Server(tls=context) as running:
        yield running


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The list of authorities is the test's certificate alone."""
    monkeypatch.setattr(transport, "DEFAULT_CA_BUNDLE_PATH", str(certificate[0]))
    transport._tls_context.cache_clear()
    yield
    transport._tls_context.cache_clear()


def _get(secure: Server, make_settings: MakeSettings, name: str = NAME, **changes: object) -> Response | FetchError:
    settings = make_settings(connect_to={name: f"127.0.0.1:{secure.port}"}, **changes)
    return Client(settings).get(f"https://{name}/")


@pytest.mark.usefixtures("trusted")
def test_a_trusted_host_is_read(secure: Server, make_settings: MakeSettings) -> None:
    secure.routes["/"] = answer(b"here")
    got = _get(secure, make_settings)
    assert isinstance(got, Response), got
    assert (got.body, secure.heard[0].headers["host"]) == (b"here", NAME)


def test_an_unknown_authority_is_refused(secure: Server, make_settings: MakeSettings) -> None:
    fault = _get(secure, make_settings)
    assert isinstance(fault, FetchError)
    assert (fault.reason, secure.heard) == (Reason.TLS, [])


@pytest.mark.usefixtures("trusted")
def test_another_name_is_refused(secure: Server, make_settings: MakeSettings) -> None:
    fault = _get(secure, make_settings, name="other.firstdraft.test")
    assert isinstance(fault, FetchError)
    assert (fault.reason, secure.heard) == (Reason.TLS, [])


def test_plain_text_where_tls_was_asked_for_is_refused(server: Server, make_settings: MakeSettings) -> None:
    fault = _get(server, make_settings, connect_timeout=0.1)
    assert isinstance(fault, FetchError)
    assert fault.reason in {Reason.TLS, Reason.TIMEOUT, Reason.UNREACHABLE}


def _body(talk: Talk) -> None:
    talk.say(b"HTTP/1.1 200 OK\r\n\r\n")
    talk.dribble(b"x" * 1000)


def _headers(talk: Talk) -> None:
    talk.dribble(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("script", [_body, _headers])
def test_dribbling_is_cut_off_here_too(
    secure: Server, make_settings: MakeSettings, script: Callable[[Talk], None]
) -> None:
    secure.routes["/"] = script
    started = time.monotonic()
    fault = _get(secure, make_settings, total_timeout=0.2)
    assert isinstance(fault, FetchError)
    assert fault.reason is Reason.TOTAL_TIMEOUT
    assert time.monotonic() - started < 0.5


def test_a_handshake_that_never_ends_is_cut_off(server: Server, make_settings: MakeSettings) -> None:
    server.mute = True
    started = time.monotonic()
    fault = _get(server, make_settings, connect_timeout=0.15)
    assert isinstance(fault, FetchError)
    assert fault.reason in {Reason.TIMEOUT, Reason.TLS, Reason.TOTAL_TIMEOUT}
    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Reason.TLS),
        ({"tls": "unverified", "tls_reason": "signs its own, seen 2024-05-01"}, "unverified"),
    ],
)
def test_only_a_source_that_says_so_is_read_unverified(
    secure: Server,
    make_settings: MakeSettings,
    make_source: MakeSource,
    run: Run,
    changes: dict[str, str],
    expected: object,
) -> None:
    secure.routes["/a"] = answer(b"<html>here</html>")
    settings = make_settings(connect_to={NAME: f"127.0.0.1:{secure.port}"})
    link = Link("news-en", f"https://{NAME}/a", f"https://{NAME}/a", FoundIn.FEED, "x")
    got = visit_batch(
        Web(settings, throttle=Throttle()), run, make_source(**changes), Batch("news-en", 0, (link,)), Memory()
    )
    assert [page.fetch.tls for page in got.items] + [end.reason for end in got.settled] == [expected]


def test_and_no_other_site_even_then(secure: Server, make_settings: MakeSettings, make_source: MakeSource) -> None:
    gate = Web(make_settings()).feed_gate(make_source(tls="unverified", tls_reason="old"))
    assert not gate.verifies(f"https://{NAME}/a")
    assert gate.verifies("https://elsewhere.example/a")


@pytest.mark.usefixtures("trusted")
def test_what_was_verified_says_so(secure: Server, make_settings: MakeSettings) -> None:
    secure.routes["/"] = answer(b"here")
    got = _get(secure, make_settings)
    assert isinstance(got, Response)
    assert got.verified is True


def test_a_host_that_hangs_up_in_the_handshake_is_asked_again_another_day(
    server: Server, make_settings: MakeSettings
) -> None:
    """As an overloaded server does: nothing is wrong with its certificate."""
    server.hang_up = True
    fault = _get(server, make_settings)
    assert isinstance(fault, FetchError)
    assert (fault.reason, fault.again) == (Reason.UNREACHABLE, True)


@pytest.mark.parametrize(("expired", "name"), [(True, NAME), (False, "other.firstdraft.test")])
@pytest.mark.usefixtures("trusted")
def test_expired_and_wrong_certificates_name_the_way_out(
    make_settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expired: bool, name: str
) -> None:
    pem, key = make_certificate(tmp_path, name, expired=expired)
    monkeypatch.setattr(transport, "DEFAULT_CA_BUNDLE_PATH", str(pem))
    transport._tls_context.cache_clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    with Server({"/": answer(b"x")}, tls=context) as running:
        fault = _get(running, make_settings)
        assert isinstance(fault, FetchError)
        assert (fault.reason, running.heard) == (Reason.TLS, [])
        assert "tls: unverified" in fault.detail
