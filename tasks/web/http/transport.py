"""One connection to one checked address, under one deadline.

``requests`` limits the time between two bytes, not the time of an answer: a server that sends a byte now and then holds
it for ever, in the headers as in the body. Here every read of the socket first asks how much of the request's whole
time is left. And ``requests`` resolves a name again when it connects: here the address is given.
"""

import http.client
import logging
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, disable_warnings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import InsecureRequestWarning, NewConnectionError
from urllib3.util.ssl_ import create_urllib3_context

from tasks.web.http.address import Target
from tasks.web.http.failures import FloodError

# A header line that no parser takes is the server's, and the page counts; a traceback tells nobody anything.
logging.getLogger("urllib3.connection").setLevel(logging.CRITICAL)


@dataclass(slots=True)
class Dial:
    """How to connect: where to, until when (monotonic seconds), and the limits of a connect and of a read.

    ``room`` is how many bytes may come in all, headers and framing included: the libraries above read a chunk's length
    and its trailers without any limit of their own. ``peer`` becomes the address that took the connection.
    """

    target: Target
    deadline: float
    connect_timeout: float
    read_timeout: float
    room: int
    peer: str = ""

    def left(self, limit: float) -> float:
        """Seconds the next step may take. Raises :class:`TimeoutError` once the deadline has passed."""
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("this request took longer than it may")
        return min(limit, remaining)

    def count(self, received: int) -> int:
        """Take note of bytes received. Raises :class:`FloodError` beyond ``room``."""
        self.room -= received
        if self.room < 0:
            raise FloodError("the answer has more bytes than it may")
        return received


class _TimedSocket(socket.socket):
    """A socket whose every read is limited by the deadline too, and counted."""

    dial: Dial

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.dial.left(self.dial.read_timeout))
        return self.dial.count(super().recv_into(*args, **kwargs))


class _TimedTLSSocket(ssl.SSLSocket):
    """The same under TLS. The handshake needs no care: Python limits it as a whole by the socket's timeout."""

    dial: Dial

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.dial.left(self.dial.read_timeout))
        return self.dial.count(super().recv_into(*args, **kwargs))


class _Response(http.client.HTTPResponse):
    """An answer behind any number of interim ones: RFC 9110 15.2 wants 102 and 103 skipped as 100 is.

    How many there may be is a matter of the deadline and of :attr:`Dial.room`.
    """

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            line: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
            if not 102 <= line[1] < 200:
                return line
            http.client.parse_headers(self.fp)


def _connect(connection: HTTPConnection, dial: Dial) -> socket.socket:
    """A connection to the first checked address that takes one."""
    failure: OSError = OSError("no address")
    for address in dial.target.addresses:
        try:
            plain = socket.create_connection((address, dial.target.port), dial.left(dial.connect_timeout))
        except OSError as error:
            failure = error
            continue
        timed = _TimedSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
        timed.dial, dial.peer = dial, address
        timed.settimeout(dial.left(dial.connect_timeout))
        timed.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return timed
    raise NewConnectionError(connection, f"{connection.host}: {failure}") from failure


class _Connection(HTTPConnection):
    response_class = _Response

    def __init__(self, *args: Any, dial: Dial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        return _connect(self, self._dial)


class _TLSConnection(HTTPSConnection):
    response_class = _Response

    def __init__(self, *args: Any, dial: Dial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        return _connect(self, self._dial)

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, _TimedTLSSocket):
            self.sock.dial = self._dial


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


@lru_cache(maxsize=2)
def _tls_context(verify: bool) -> ssl.SSLContext:
    """Certificates and host names are verified against the list that comes with requests, or not at all."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if verify else ssl.CERT_NONE)
    context.check_hostname = verify
    if verify:
        context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    else:
        disable_warnings(InsecureRequestWarning)  # once a request; the row of each fetch says it instead
    context.sslsocket_class = _TimedTLSSocket
    return context


class PinnedAdapter(HTTPAdapter):
    """A requests adapter for one request. The pool knows the name (Host, SNI, certificate), the socket the address.

    ``verify`` is false where the operator said of a source that its certificate is not to be checked.
    """

    def __init__(self, scheme: str, host: str, port: int, dial: Dial, verify: bool = True) -> None:
        super().__init__(max_retries=0)
        common: dict[str, Any] = {"maxsize": 1, "retries": False, "dial": dial}
        needs = "CERT_REQUIRED" if verify else "CERT_NONE"
        self._pool: HTTPConnectionPool = (
            _TLSPool(host, port, ssl_context=_tls_context(verify), cert_reqs=needs, **common)
            if scheme == "https"
            else _Pool(host, port, **common)
        )

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,
        cert: Any = None,
    ) -> HTTPConnectionPool:
        """The one pool, whatever is asked for."""
        return self._pool

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to decide here: the pool's own context verifies."""

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()
        super().close()
