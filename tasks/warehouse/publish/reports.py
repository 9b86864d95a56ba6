"""The reporting views by name."""

import duckdb

from schemas.errors import UnknownIdError
from tasks.warehouse.publish.sql import Answer, answer
from tasks.warehouse.store.queries import quoted
from tasks.warehouse.store.views import our_views


def view_names() -> tuple[str, ...]:
    """The names of all reporting views, sorted."""
    return tuple(sorted(view.name for view in our_views()))


def view(con: duckdb.DuckDBPyConnection, name: str, limit: int | None = None) -> Answer:
    """The rows of a view, in its own order. Raises :class:`UnknownIdError` for a name no view has."""
    if name not in view_names():
        raise UnknownIdError(f"no view {name!r}; there are {', '.join(view_names())}")
    rows = "" if limit is None else f" LIMIT {int(limit)}"
    return answer(con, f"FROM {quoted(name)}{rows}")
