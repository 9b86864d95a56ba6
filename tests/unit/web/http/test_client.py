import gzip
import time
from collections.abc import Callable

import pytest

from schemas.outcome import Reason
from tasks.web.http.client import Client
from tasks.web.http.request_policy import OpenPolicy
from tasks.web.http.response import FetchError, Response
from tests.unit.web.conftest import MakeSettings
from tests.unit.web.server import Script, Server, Talk, answer, gzipped, redirect


def _fault(result: Response | FetchError) -> FetchError:
    assert isinstance(result, FetchError), result
    return result


def _answer(result: Response | FetchError) -> Response:
    assert isinstance(result, Response), result
    return result


def test_a_page_comes_whole_with_who_asked(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/"] = answer("<p>Дейр эз-Зор</p>".encode(), headers={"ETag": '"a"', "Set-Cookie": "id=1"})
    settings = make_settings(contact_url="https://example.org/bot", contact_email="desk@example.org")
    client = Client(settings)
    got = _answer(client.get(server.url("/")))
    assert (got.status, got.body.decode(), got.header("etag")) == (200, "<p>Дейр эз-Зор</p>", '"a"')
    assert (got.address, got.media_type, got.redirects) == ("127.0.0.1", "text/html", ())
    client.get(server.url("/"))
    heard = server.heard[1].headers
    assert heard["user-agent"] == "firstdraft/0.1 (+https://example.org/bot; desk@example.org)"
    assert heard["accept-encoding"] == "gzip"
    assert "cookie" not in heard


def test_a_mapped_name_keeps_its_name(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/"] = answer(b"x")
    got = _answer(Client(make_settings()).get("http://news.firstdraft.test/"))
    assert got.final_url == "http://news.firstdraft.test/"
    assert server.heard[0].headers["host"] == "news.firstdraft.test"


@pytest.mark.parametrize(
    "changes", [{"allow_loopback": False}, {"connect_to": {"news.firstdraft.test": "10.0.0.1:80"}}]
)
def test_names_are_mapped_to_loopback_only_where_allowed(
    server: Server, make_settings: MakeSettings, changes: dict[str, object]
) -> None:
    client = Client(make_settings(**changes), resolve=lambda _host, _port: ["127.0.0.1"])
    assert _fault(client.get("http://news.firstdraft.test/")).reason is Reason.ADDRESS
    assert server.connections == 0


def test_neither_netrc_nor_proxies_of_the_environment_are_used(
    server: Server, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w") as file:  # noqa: PTH123
        file.write("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", netrc)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.routes["/"] = answer(b"x")
    assert _answer(Client(make_settings()).get(server.url())).status == 200
    assert "authorization" not in server.heard[0].headers


# Time -------------------------------------------------------------------------------------------------------------


def _dribbled_body(talk: Talk) -> None:
    talk.say(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    talk.dribble(b"x" * 1000)


def _dribbled_headers(talk: Talk) -> None:
    talk.dribble(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000)


def _dribbled_chunks(talk: Talk) -> None:
    talk.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    talk.dribble(b"1\r\nx\r\n" * 1000)


def _endless_continue(talk: Talk) -> None:
    talk.dribble(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


@pytest.mark.parametrize("script", [_dribbled_body, _dribbled_headers, _dribbled_chunks, _endless_continue])
def test_a_dribbling_server_is_cut_off_at_the_total_limit(
    server: Server, make_settings: MakeSettings, script: Callable[[Talk], None]
) -> None:
    server.routes["/"] = script
    started = time.monotonic()
    fault = _fault(Client(make_settings(total_timeout=0.15)).get(server.url()))
    assert fault.reason is Reason.TOTAL_TIMEOUT
    assert time.monotonic() - started < 0.45
    assert 100 < fault.elapsed_ms < 450


def test_the_total_limit_spans_redirects(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/"] = lambda talk: talk.dribble(redirect("/"), pause=0.001)
    started = time.monotonic()
    assert _fault(Client(make_settings(total_timeout=0.25)).get(server.url())).reason is Reason.TOTAL_TIMEOUT
    assert time.monotonic() - started < 0.6


def test_silence_is_a_timeout(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/"] = Talk.wait
    assert _fault(Client(make_settings(read_timeout=0.05)).get(server.url())).reason is Reason.TIMEOUT


def test_a_resolver_that_hangs_is_left_behind(make_settings: MakeSettings) -> None:
    def never(_host: str, _port: int) -> list[str]:
        time.sleep(0.3)
        return []

    started = time.monotonic()
    fault = _fault(Client(make_settings(connect_timeout=0.05), resolve=never).get("http://slow.example/"))
    assert fault.reason is Reason.UNREACHABLE
    assert time.monotonic() - started < 0.25


# Bodies -----------------------------------------------------------------------------------------------------------


def test_a_gzip_body_is_decoded_and_kept_as_sent(server: Server, make_settings: MakeSettings) -> None:
    text = b"<html>" + b"word " * 1000
    server.routes["/"] = gzipped(text)
    got = _answer(Client(make_settings()).get(server.url()))
    assert got.body == text
    assert got.raw == gzip.compress(text) or gzip.decompress(got.raw) == text
    assert len(got.raw) < len(text)


def test_two_gzip_members_are_one_body(server: Server, make_settings: MakeSettings) -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0padding"
    server.routes["/"] = answer(body, headers={"Content-Encoding": "x-gzip"})
    assert _answer(Client(make_settings()).get(server.url())).body == b"one two"


def _cut_chunks(talk: Talk) -> None:
    talk.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwo")


BODIES: list[tuple[str, Script, Reason]] = [
    ("gzip bomb", gzipped(bytes(5_000_000)), Reason.TOO_LARGE),
    ("announced too large", answer(b"x", headers={"Content-Length": "100001"}), Reason.TOO_LARGE),
    ("too large unannounced", b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_001, Reason.TOO_LARGE),
    ("gzip cut short", gzipped(b"news " * 5000, cut=60), Reason.TRUNCATED),
    ("gzip without its last byte", gzipped(b"news " * 5000, cut=-1), Reason.TRUNCATED),
    ("length not kept", answer(b"short", headers={"Content-Length": "1000"}), Reason.TRUNCATED),
    ("chunks cut short", _cut_chunks, Reason.TRUNCATED),
    ("not gzip", answer(b"plain", headers={"Content-Encoding": "gzip"}), Reason.ENCODING),
    ("brotli unasked", answer(b"\xff" * 9, headers={"Content-Encoding": "br"}), Reason.ENCODING),
    ("gzip of gzip", answer(b"x", headers={"Content-Encoding": "gzip, gzip"}), Reason.ENCODING),
    ("no HTTP", b"SSH-2.0-OpenSSH_9.7\r\n", Reason.PROTOCOL),
    ("two lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", Reason.PROTOCOL),
    ("150 headers", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 150 + b"\r\n", Reason.PROTOCOL),
    ("a long header", b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000 + b"\r\n\r\n", Reason.PROTOCOL),
    ("closed at once", b"", Reason.UNREACHABLE),
]


@pytest.mark.parametrize(("script", "reason"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES])
def test_a_bad_body_has_its_reason(server: Server, make_settings: MakeSettings, script: Script, reason: Reason) -> None:
    server.routes["/"] = script
    assert _fault(Client(make_settings()).get(server.url())).reason is reason


def test_bodies_of_redirects_and_errors_are_never_read(server: Server, make_settings: MakeSettings) -> None:
    bomb = gzip.compress(bytes(5_000_000))
    server.routes["/"] = answer(bomb, 302, {"Location": "/gone", "Content-Encoding": "gzip"})
    server.routes["/gone"] = answer(bomb, 410, {"Content-Encoding": "gzip"})
    got = _answer(Client(make_settings()).get(server.url()))
    assert (got.status, got.body, got.raw) == (410, b"", b"")


def test_a_redirect_whose_body_never_comes_is_followed_at_once(server: Server, make_settings: MakeSettings) -> None:
    def promise(talk: Talk) -> None:
        talk.say(b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 1000\r\n\r\n")
        talk.wait()

    server.routes |= {"/": promise, "/there": answer(b"here")}
    assert _answer(Client(make_settings()).get(server.url())).body == b"here"


def test_a_caller_may_have_the_beginning_only(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/"] = answer(b"x" * 5000)
    got = _answer(Client(make_settings()).get(server.url(), cut_at=1000))
    assert (len(got.body), got.cut) == (1000, True)


# Redirects --------------------------------------------------------------------------------------------------------


def test_redirects_are_followed_and_named(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/a"] = redirect("/b", 301)
    server.routes["/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"] = answer(b"here")
    server.routes["/b"] = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + "/новости".encode() + b"\r\n\r\n"
    got = _answer(Client(make_settings()).get(server.url("/a")))
    assert got.body == b"here"
    assert got.redirects == (server.url("/a"), server.url("/b"))
    assert (got.url, got.final_url) == (server.url("/a"), server.url("/новости"))


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/loop", Reason.REDIRECTS),
        ("file:///etc/passwd", Reason.SCHEME),
        ("javascript:alert(1)", Reason.SCHEME),
        ("data:text/html,x", Reason.SCHEME),
        ("ftp://example.org/x", Reason.SCHEME),
        ("http://[::1", Reason.PROTOCOL),
        ("http://.example.com/", Reason.PROTOCOL),
        ("http://user:secret@127.0.0.1/", Reason.PROTOCOL),
        ("http://127.0.0.1:22/", Reason.PORT),
        ("http://10.0.0.1/", Reason.ADDRESS),
        ("http://169.254.169.254/latest/meta-data", Reason.ADDRESS),
    ],
)
def test_a_redirect_is_checked_like_a_first_request(
    server: Server, make_settings: MakeSettings, location: str, reason: Reason
) -> None:
    server.routes["/loop"] = redirect(location)
    fault = _fault(Client(make_settings(max_redirects=3)).get(server.url("/loop")))
    assert fault.reason is reason
    assert len(server.heard) == (4 if location == "/loop" else 1)
    assert location == "/loop" or location in fault.detail


# Again ------------------------------------------------------------------------------------------------------------


class _CountingGate(OpenPolicy):
    def __init__(self) -> None:
        self.pauses: list[FetchError] = []
        self.ends: list[FetchError | None] = []

    def pause(self, url: str, attempt: int, fault: FetchError) -> bool:
        self.pauses.append(fault)
        return True

    def settle(self, url: str, fault: FetchError | None) -> None:
        self.ends.append(fault)


def test_a_passing_fault_is_tried_again(server: Server, make_settings: MakeSettings) -> None:
    answers = iter([answer(status=503, headers={"Retry-After": "7"}), b"", answer(b"back")])
    server.routes["/"] = lambda talk: talk.say(next(answers))
    gate = _CountingGate()
    assert _answer(Client(make_settings(retries=2)).get(server.url(), gate=gate)).body == b"back"
    assert [(fault.reason, fault.retry_after) for fault in gate.pauses] == [
        (Reason.SERVER_ERROR, 7.0),
        (Reason.UNREACHABLE, None),
    ]
    assert gate.ends == [None]


@pytest.mark.parametrize("status", [404, 410, 403, 501])
def test_a_lasting_answer_is_not(server: Server, make_settings: MakeSettings, status: int) -> None:
    server.routes["/"] = answer(status=status)
    assert _answer(Client(make_settings(retries=3)).get(server.url())).status == status
    assert len(server.heard) == 1


def test_a_refused_connection_is_not(make_settings: MakeSettings) -> None:
    with Server() as closed:
        pass
    gate = _CountingGate()
    settings = make_settings(retries=3, allowed_ports=(closed.port,))
    assert _fault(Client(settings).get(closed.url(), gate=gate)).reason is Reason.UNREACHABLE
    assert gate.pauses == []


def test_a_conditional_request_may_be_answered_by_304(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/"] = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
    got = _answer(Client(make_settings()).get(server.url(), etag='"a"', last_modified="Mon, 11 Dec 2023 10:00:00 GMT"))
    assert got.status == 304
    heard = server.heard[0].headers
    assert (heard["if-none-match"], heard["if-modified-since"]) == ('"a"', "Mon, 11 Dec 2023 10:00:00 GMT")


def test_a_validator_cannot_smuggle_a_header(server: Server, make_settings: MakeSettings) -> None:
    server.routes["/"] = answer(b"x")
    _answer(Client(make_settings()).get(server.url(), etag='"a"\r\nX-Evil: 1'))
    assert not {"if-none-match", "x-evil"} & set(server.heard[0].headers)
