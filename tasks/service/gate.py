"""Who is let in to a server that speaks HTTP: by the name it is called by, and by the page a browser asks from."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

#: What a machine calls itself.
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


def guarded(app: ASGIApp, hosts: Sequence[str]) -> ASGIApp:
    """The application, for requests to one of these host names (and this machine's own) from its own pages alone.

    A name that another site points at this machine is not among them, so that the site's pages are strangers here
    too. Programs say no origin, and are let in; what they may do is for the application's password to say.
    """
    return TrustedHostMiddleware(_OwnPages(app), allowed_hosts=[*LOOPBACK, *hosts], www_redirect=False)


class _OwnPages:
    """Refuses a request that a browser makes for a page of another origin: another host, or another port."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or one connection of a WebSocket."""
        if scope["type"] in ("http", "websocket") and _is_foreign(Headers(scope=scope)):
            refusal = PlainTextResponse("only pages of this server may ask it\n", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    """Return True if an origin is named that is not the address asked; ``null``, of a page in a sandbox, is foreign."""
    return any(
        urlsplit(origin).netloc.lower() != headers.get("host", "").lower() for origin in headers.getlist("origin")
    )
