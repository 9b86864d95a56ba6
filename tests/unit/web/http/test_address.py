"""No spelling of a private address, and no road to one, is ever connected to: a listening socket stays silent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from schemas.outcome import Reason
from schemas.settings import Settings
from tasks.web.http.address import is_public
from tasks.web.http.client import Client
from tasks.web.http.request_policy import OpenPolicy
from tasks.web.http.response import FetchError
from tests.unit.web.conftest import MakeSettings
from tests.unit.web.server import Server, answer, redirect

LOOPBACK_SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST.",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[0:0:0:0:0:ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]


class _Tightening(OpenPolicy):
    """Loopback is allowed for the first request only, so the test's own server may send the redirect."""

    client: Client

    def __init__(self, settings: Settings) -> None:
        self._strict = settings.model_copy(update={"allow_loopback": False, "connect_to": {}})
        self._hops = 0

    @contextmanager
    def turn(self, url: str) -> Iterator[FetchError | None]:
        self._hops += 1
        if self._hops == 2:
            self.client._settings = self._strict
        yield None


@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
@pytest.mark.parametrize("road", ["direct", "redirect"])
def test_loopback_is_not_reached(make_settings: MakeSettings, server: Server, host: str, road: str) -> None:
    with Server({"/": answer(b"secret")}) as victim:
        settings = make_settings(allowed_ports=(80, server.port, victim.port), read_timeout=5.0)
        target = f"http://{host}:{victim.port}/"
        gate = _Tightening(settings)
        if road == "redirect":
            server.routes["/"] = redirect(target.encode("utf-8").decode("latin-1"))
            client = gate.client = Client(settings)
            result = client.get(server.url("/"), gate=gate)
        else:
            result = Client(settings.model_copy(update={"allow_loopback": False})).get(target)
        assert isinstance(result, FetchError)
        assert result.reason in {Reason.ADDRESS, Reason.UNREACHABLE, Reason.PROTOCOL}
        assert victim.connections == 0
        assert len(server.heard) == (1 if road == "redirect" else 0)


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "192.0.0.8", "198.18.0.1",
        "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1",
        "fe80::1", "fe80::1%lo", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1", "2001::1",
        "64:ff9b:1::1", "::ffff:169.254.169.254", "not an address",
    ],
)  # fmt: skip
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::6810:84e5", "8.8.8.8", "::ffff:8.8.8.8"])
def test_ordinary_addresses_are(address: str) -> None:
    assert is_public(address)


def test_a_name_is_resolved_once_and_its_address_pinned(server: Server, make_settings: MakeSettings) -> None:
    """A rebinding name: allowed at the check, private ever after. It is asked once, and that answer is used."""
    server.routes["/"] = answer(b"x")
    answers = iter([["127.0.0.1"]])

    def rebinding(_host: str, _port: int) -> Sequence[str]:
        return next(answers, ["10.0.0.1"])

    client = Client(make_settings(), resolve=rebinding)
    assert not isinstance(client.get(server.url(host="rebinding.example.org")), FetchError)
    second = client.get(server.url(host="rebinding.example.org"))
    assert isinstance(second, FetchError)
    assert (second.reason, server.connections) == (Reason.ADDRESS, 1)


def test_of_several_addresses_only_the_checked_ones_are_tried(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/"] = answer(b"x")
    client = Client(make_settings(), resolve=lambda _host, _port: ["10.0.0.1", "fd00::1", "127.0.0.1"])
    got = client.get(server.url(host="mixed.example.org"))
    assert not isinstance(got, FetchError)
    assert got.address == "127.0.0.1"


@pytest.mark.parametrize("url", ["http://example.org:22/", "http://example.org:6379/", "https://example.org:0/"])
def test_other_ports_are_refused_before_the_name_is_resolved(make_settings: MakeSettings, url: str) -> None:
    asked: list[str] = []

    def note(host: str, _port: int) -> list[str]:
        asked.append(host)
        return []

    fault = Client(make_settings(), resolve=note).get(url)
    assert isinstance(fault, FetchError)
    assert (fault.reason, asked) == (Reason.PORT, [])
