"""What keeps a night's cost from growing: key filters, the kept connection, the kept reports."""

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from schemas.settings import Settings
from tasks.warehouse.publish.snapshot import publish
from tasks.warehouse.store.connect import keep_open, open_reader, open_writer
from tasks.warehouse.store.filters import maybe_held
from tasks.warehouse.store.views import our_views
from tasks.warehouse.store.write import Row, insert_new, insert_only, upsert
from tests.warehouse.build import a_run
from tests.warehouse.conftest import fill


@pytest.fixture
def con(writer: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    make_table(writer)
    return writer


def make_table(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE TABLE things (thing VARCHAR, colour VARCHAR)")
    con.execute("INSERT INTO table_keys VALUES ('things', ['thing'], NULL, [], [], [], [], false)")


def rows(*things: str, colour: str = "red") -> list[Row]:
    return [{"thing": thing, "colour": colour} for thing in things]


def held(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("SELECT thing, colour FROM things ORDER BY thing").fetchall())


def test_a_filter_knows_what_is_held_and_what_was_inserted_since(con: duckdb.DuckDBPyConnection) -> None:
    upsert(con, "things", rows("a", "b"))
    assert maybe_held(con, "things", "thing", ["a", "b", "c"]) == {"a", "b"}
    insert_new(con, "things", rows("c"))
    assert maybe_held(con, "things", "thing", ["a", "b", "c", "d"]) == {"a", "b", "c"}


def test_a_filter_notices_what_another_connection_inserted(con: duckdb.DuckDBPyConnection) -> None:
    upsert(con, "things", rows("a"))
    other = con.cursor()
    upsert(other, "things", rows("b"))
    assert upsert(con, "things", rows("b", colour="blue")) == {"inserted": 0, "updated": 1, "unchanged": 0}
    assert held(con) == {"a": "red", "b": "blue"}


def test_what_was_rolled_back_is_inserted_again(con: duckdb.DuckDBPyConnection) -> None:
    con.begin()
    upsert(con, "things", rows("a"))
    con.rollback()
    assert upsert(con, "things", rows("a"))["inserted"] == 1
    assert held(con) == {"a": "red"}


def test_new_rows_are_one_a_key_too(con: duckdb.DuckDBPyConnection) -> None:
    assert insert_new(con, "things", [*rows("a"), *rows("a", colour="blue"), *rows("b")])["inserted"] == 2
    assert held(con) == {"a": "blue", "b": "red"}


@pytest.mark.parametrize("key", ["https://me:pw@a.test/feed?token=abc", "a\ud800b"])
def test_a_key_that_is_not_stored_as_it_came_is_one_key(con: duckdb.DuckDBPyConnection, key: str) -> None:
    """Secrets are masked and lone surrogates replaced on the way into the table."""
    assert upsert(con, "things", rows(key))["inserted"] == 1
    assert upsert(con, "things", rows(key)) == {"inserted": 0, "updated": 0, "unchanged": 1}
    (stored,) = held(con)
    assert stored != key


batches = st.lists(
    st.tuples(
        st.sampled_from(["upsert", "insert_only"]),
        st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["red", "blue"])), min_size=1, max_size=6),
    ),
    max_size=6,
)


@given(batches)
@bounded(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_with_one_key_holds_what_a_dict_would(
    con: duckdb.DuckDBPyConnection, told: list[tuple[str, list[tuple[str, str]]]]
) -> None:
    con.execute("DELETE FROM things")
    expected: dict[str, str] = {}
    for how, pairs in told:
        given_rows = [{"thing": thing, "colour": colour} for thing, colour in pairs]
        chosen = {thing: min(c for t, c in pairs if t == thing) for thing, _ in pairs}
        if how == "upsert":
            upsert(con, "things", given_rows)
            expected |= chosen
        else:
            insert_only(con, "things", given_rows)
            expected = chosen | expected
    assert held(con) == expected


def test_a_kept_connection_is_the_same_until_the_block_ends(made: Settings) -> None:
    with keep_open(made):
        with open_writer(made) as first:
            make_table(first)
        with open_writer(made) as second, open_writer(made) as nested:
            assert second is first
            assert nested is first
            upsert(second, "things", rows("a"))
    with pytest.raises(duckdb.Error):
        first.execute("SELECT 1")
    with open_writer(made) as later:
        assert later is not first
        assert held(later) == {"a": "red"}


def test_after_an_error_the_next_one_is_another(made: Settings) -> None:
    with keep_open(made):
        with pytest.raises(RuntimeError), open_writer(made) as first:
            raise RuntimeError
        with open_writer(made) as second:
            assert second is not first


def test_a_snapshot_can_be_published_while_the_warehouse_is_kept_open(made: Settings) -> None:
    with keep_open(made):
        with open_writer(made) as con:
            fill(con, a_run())
        publish(made)
        with open_writer(made) as con:
            con.execute("SELECT 1")
    assert made.published_path.exists()


@pytest.fixture(scope="module")
def published(filled: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    publish(filled)
    with open_reader(filled) as con:
        yield con


@pytest.mark.parametrize("name", [view.name for view in our_views() if view.kept])
def test_a_kept_report_says_what_its_view_says(
    published: duckdb.DuckDBPyConnection, filled: Settings, name: str
) -> None:
    with open_writer(filled) as con:
        asked = con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall()
    assert published.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() == asked
    assert published.execute(f"SELECT count(*) FROM view_rows.{name}").fetchall() == [(len(asked),)]
    about = "SELECT comment FROM duckdb_views() WHERE view_name = ?"
    assert published.execute(about, [name]).fetchall() != [(None,)]
