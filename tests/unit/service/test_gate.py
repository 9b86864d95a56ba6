"""Who is let in to the server: by the name it is called by, and by the origin of the page that asks."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from tasks.service.gate import guarded


@pytest.fixture
def client() -> Iterator[TestClient]:
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    async def answer(_: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"]), WebSocketRoute("/talk", talk)])
    with TestClient(guarded(app, ["desk.test"]), base_url="http://127.0.0.1:4200") as found:
        yield found


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:4200", None, 200),
        ("localhost:4200", None, 200),
        ("[::1]:4200", None, 200),
        ("desk.test", None, 200),
        ("DESK.test:4200", None, 200),
        ("evil.test", None, 400),
        ("127.0.0.1.evil.test:4200", None, 400),
        ("192.0.2.1:4200", None, 400),
        ("", None, 400),
        ("127.0.0.1:4200", "http://127.0.0.1:4200", 200),
        ("desk.test", "https://desk.test", 200),
        ("127.0.0.1:4200", "http://evil.test", 403),
        ("127.0.0.1:4200", "http://127.0.0.1:8000", 403),
        ("127.0.0.1:4200", "http://localhost:4200", 403),
        ("127.0.0.1:4200", "http://127.0.0.1:4200.evil.test", 403),
        ("127.0.0.1:4200", "http://evil@127.0.0.1:4200", 403),
        ("127.0.0.1:4200", "null", 403),
        ("evil.test", "http://evil.test", 400),
    ],
)
def test_only_its_own_names_and_its_own_pages(client: TestClient, host: str, origin: str | None, status: int) -> None:
    headers = {"host": host} | ({"origin": origin} if origin else {})
    assert client.post("/", headers=headers).status_code == status
    if status == 200:
        with client.websocket_connect("/talk", headers=headers) as socket:
            assert socket.receive_text() == "hello"
        return
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/talk", headers=headers):
        pass
    assert refused.value.status_code == status
