"""Which addresses may be connected to: public ones, and loopback where the settings say so.

A name is resolved once, its addresses are checked, and one of the checked addresses is connected to: between the check
and the connection nothing can change, so neither a redirect nor a name that answers differently the second time
(rebinding) gets past.
"""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.outcome import Reason
from schemas.settings import Settings
from tasks.web.http.failures import above
from tasks.web.http.response import FetchError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
#: Host and port to the addresses it resolves to; raises ``OSError`` where it does not.
Resolver = Callable[[str, int], Sequence[str]]

#: Not global in effect, though :attr:`ipaddress.IPv4Address.is_global` may say so.
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # the host agent of a large cloud, reachable from its guests only
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
        "::/96",  # IPv4-compatible, deprecated (RFC 4291 2.5.5.1)
        "64:ff9b::/96",  # NAT64: an IPv4 address in disguise (RFC 6052)
        "64:ff9b:1::/48",  # local-use NAT64 (RFC 8215)
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local, deprecated (RFC 3879)
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: checked addresses, to be tried in order, and the port."""

    addresses: tuple[str, ...]
    port: int


def is_public(address: str) -> bool:
    """Whether an address, in its usual spelling, is one of the public internet.

    >>> [is_public(a) for a in ("93.184.215.14", "127.0.0.1", "::ffff:10.0.0.1", "fec0::1", "168.63.129.16")]
    [True, False, False, False, False]
    """
    ip = _parse(address)
    if ip is None or ip.is_multicast or ip.is_reserved or not ip.is_global:
        return False
    return not any(ip.version == network.version and ip in network for network in _NEVER)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own, in IPv4 or IPv6."""
    ip = _parse(address)
    return ip is not None and ip.is_loopback


def find_target(host: str, port: int, settings: Settings, resolve: Resolver, timeout: float) -> Target | FetchError:
    """Where a request for ``host:port`` may connect to; every address that is not allowed is left out.

    ``settings.connect_to`` is honoured for exact host names, towards loopback, where loopback is allowed.
    """
    if settings.allow_loopback and host in settings.connect_to:
        return _mapped(host, settings.connect_to[host])
    if port not in settings.allowed_ports:
        listed = f"FIRSTDRAFT_ALLOWED_PORTS={list(settings.allowed_ports)}, set in the environment or .env"
        return FetchError(
            Reason.PORT, f"port {port} of {host} is not in {listed}; add it if the source is known to use it"
        )
    addresses = resolve_within(resolve, host, port, timeout)
    if isinstance(addresses, FetchError):
        return addresses
    allowed = tuple(a for a in addresses if is_public(a) or (settings.allow_loopback and is_loopback(a)))
    if not allowed:
        return FetchError(Reason.ADDRESS, f"{host} is {', '.join(addresses) or 'nowhere'}: not a public address")
    return Target(allowed, port)


def resolve_within(resolve: Resolver, host: str, port: int, timeout: float) -> tuple[str, ...] | FetchError:
    """Resolve, but wait no longer than ``timeout`` seconds: the system's resolver knows no limit of its own."""
    answers: queue.SimpleQueue[tuple[str, ...] | FetchError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(tuple(dict.fromkeys(resolve(host, port))))
        except (OSError, ValueError) as error:
            answers.put(FetchError(Reason.UNREACHABLE, f"{host} does not resolve: {error}", again=False))

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        return answers.get(timeout=max(timeout, 0.0))
    except queue.Empty:
        limit = above("connect_timeout", f"{timeout:g}", "see whether this machine's resolver answers")
        return FetchError(Reason.UNREACHABLE, f"{host} does not resolve in time: {limit}", again=False)


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses the operating system gives for a name, or for any spelling of an address."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _mapped(host: str, target: str) -> Target | FetchError:
    address, _, port = target.rpartition(":")
    address = address.strip("[]")
    if not is_loopback(address) or not port.isdigit():
        return FetchError(Reason.ADDRESS, f"FIRSTDRAFT_CONNECT_TO sends {host} to {target}, which is not loopback:port")
    return Target((address,), int(port))


def _parse(address: str) -> IPAddress | None:
    """The address, an IPv4 address in IPv6 clothes undressed; ``None`` for scoped and malformed ones."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id:
            return None
        return ip.ipv4_mapped or ip
    return ip
