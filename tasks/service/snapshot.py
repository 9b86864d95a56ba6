"""The published snapshot for other programs, by HTTP: read-only, a bounded number of rows an answer.

What is asked for is handed in as a function, so that nothing here knows where rows come from. The page of OpenAPI is
``/docs``, its description ``/openapi.json``.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Protocol

from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request, status
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel

from schemas.errors import FirstdraftError, UnknownIdError, WarehouseError

Rows = list[dict[str, Any]]
MOST = 500
_ID = r"^evt_[0-9a-f]{20}$"


class Ask(Protocol):
    """Answers a named query of ``schemas/sql/queries``."""

    def __call__(self, name: str, parameters: Mapping[str, object]) -> Rows:
        """The rows."""
        ...


class Page(BaseModel):
    """Rows of an answer. ``as_of`` is the run they stand as of; ``next`` is what to pass as ``after`` for more."""

    as_of: str
    rows: list[dict[str, Any]]
    next: str | None = None


class Told(BaseModel):
    """What went wrong, in words."""

    detail: str


Limit = Annotated[int, Query(ge=1, le=MOST, description="At most so many rows.")]
After = Annotated[str | None, Query(max_length=200, description="The `next` of the page before.")]
EventId = Annotated[str, Path(pattern=_ID, description="An event's id.")]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    401: {"model": Told, "description": "The user or the password is wrong, or missing."},
    404: {"model": Told, "description": "There is none."},
    429: {"model": Told, "description": "Too many requests of this address in this minute."},
    503: {"model": Told, "description": "Nothing is published yet."},
}


def snapshot_api(
    run_query: Ask,
    changes: Callable[[str], Rows],
    known_as: tuple[str, str] | None = None,
    version: str = "0",
    per_minute: int = 600,
) -> FastAPI:
    """The application. ``changes`` are the events that moved since a run or a day; ``known_as``: user and password.

    ``per_minute``: how many requests one address may make, those with a wrong password too.
    """
    app = FastAPI(
        title="firstdraft",
        version=version,
        summary="Conflict events coded by machine from news pages, each with the words it was read from.",
        responses=_ANSWERS,
        dependencies=[Depends(_pace(per_minute)), *([Depends(_guard(known_as))] if known_as else [])],
    )
    app.add_exception_handler(WarehouseError, _unpublished)
    _add_events(app, run_query)
    _add_rest(app, run_query, changes)
    return app


def _pace(per_minute: int) -> Callable[[Request], None]:
    asked: Counter[tuple[str, int]] = Counter()

    def count(request: Request) -> None:
        now = time.monotonic()
        address = (request.client.host if request.client else "", int(now // 60))
        if any(minute != address[1] for _, minute in asked):
            asked.clear()
        asked[address] += 1
        if asked[address] > per_minute:
            wait = {"Retry-After": str(60 - int(now % 60))}
            raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, f"at most {per_minute} requests a minute", wait)

    return count


def _guard(known_as: tuple[str, str]) -> Callable[[HTTPBasicCredentials], None]:
    basic = HTTPBasic()

    def check(given: Annotated[HTTPBasicCredentials, Depends(basic)]) -> None:
        both = zip((given.username, given.password), known_as, strict=True)
        alike = [
            secrets.compare_digest(given_part.encode(), expected_part.encode()) for given_part, expected_part in both
        ]
        if not all(alike):
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, "wrong user or password", {"WWW-Authenticate": "Basic"})

    return check


async def _unpublished(_: Request, error: Exception) -> JSONResponse:

    return JSONResponse({"detail": str(error)}, status.HTTP_503_SERVICE_UNAVAILABLE)


def _page(run_query: Ask, rows: Rows, key: str = "", limit: int = 0) -> Page:
    standing = run_query("site_standing", {})
    more = str(rows[-1][key]) if key and len(rows) == limit else None
    return Page(as_of=standing[0]["run_id"] if standing else "", rows=rows, next=more)


def _add_events(app: FastAPI, run_query: Ask) -> None:
    @app.get("/events", tags=["events"])
    def list_events(
        since: date | None = None,
        until: date | None = None,
        country: Annotated[str | None, Query(pattern="^[A-Z]{2}$", description="ISO 3166 alpha-2.")] = None,
        event_type: Annotated[str | None, Query(max_length=60)] = None,
        disputed: bool | None = None,
        killed: Annotated[int | None, Query(ge=0, le=10_000_000, description="At least so many killed.")] = None,
        after: After = None,
        limit: Limit = 100,
    ) -> Page:
        """Events that may have happened in some days, in the order of their ids."""
        query_params = {
            "since": since,
            "until": until,
            "country": country,
            "event_type": event_type,
            "disputed": disputed,
        }
        rows = run_query("api_events", query_params | {"killed": killed, "after": after, "most": limit})
        return _page(run_query, rows, "event_id", limit)

    @app.get("/events/{event_id}", tags=["events"])
    def one_event(event_id: EventId) -> Page:
        """One event with its actors and victims; 404 says where an id went that ended."""
        rows = run_query("api_event", {"event_id": event_id})
        if not rows:
            raise HTTPException(status.HTTP_404_NOT_FOUND, _ended(run_query, event_id))
        return _page(run_query, rows)

    @app.get("/events/{event_id}/mentions", tags=["events"])
    def mentions_of(event_id: EventId, limit: Limit = 100) -> Page:
        """The reports behind an event, each with its sentence."""
        return _page(run_query, run_query("api_mentions", {"event_id": event_id, "most": limit}))

    @app.get("/events/{event_id}/claims", tags=["events"])
    def claims_of(event_id: EventId, limit: Limit = 100) -> Page:
        """Who says what of it."""
        return _page(run_query, run_query("api_claims", {"event_id": event_id, "most": limit}))


def _ended(run_query: Ask, event_id: str) -> str:
    alias = run_query("event_alias", {"event_id": event_id})
    if not alias:
        return f"no event has the id {event_id}"
    went = alias[0].get("event_id")
    return f"{event_id} is {went} now" if went else f"{event_id} was withdrawn"


def _add_rest(app: FastAPI, run_query: Ask, changes: Callable[[str], Rows]) -> None:
    @app.get("/changes", tags=["changes"])
    def changes_since(
        since: Annotated[
            str, Query(pattern=r"^(run_[0-9a-f]{4,20}|[0-9]{4}-[0-9]{2}-[0-9]{2})$", description="A run or a day.")
        ],
        after: After = None,
        limit: Limit = 100,
    ) -> Page:
        """Events added, changed or removed since a run or a day."""
        try:
            changed = [row for row in changes(since) if after is None or row["event_id"] > after]
        except UnknownIdError as error:
            raise HTTPException(status.HTTP_404_NOT_FOUND, str(error)) from error
        except (FirstdraftError, ValueError) as error:
            raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, str(error)) from error
        return _page(run_query, changed[:limit], "event_id", limit)

    @app.get("/sources", tags=["sources"])
    def list_sources(after: After = None, limit: Limit = 100) -> Page:
        """The sources, and how each fares."""
        return _page(run_query, run_query("api_sources", {"after": after, "most": limit}), "source_id", limit)

    @app.get("/health", tags=["health"])
    def health() -> dict[str, str]:
        """The run the snapshot stands as of."""
        standing = run_query("site_standing", {})
        return {"as_of": standing[0]["run_id"] if standing else ""}
