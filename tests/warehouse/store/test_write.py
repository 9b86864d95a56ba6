import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from tasks.warehouse.store.connect import transaction
from tasks.warehouse.store.write import Row, insert_only, sync, upsert

COLUMNS = "thing VARCHAR, part INTEGER, colour VARCHAR, tags VARCHAR[], first INTEGER, seen INTEGER, etag VARCHAR"


@pytest.fixture
def con(writer: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    make_table(writer)
    return writer


def make_table(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"CREATE TABLE things ({COLUMNS}, maker VARCHAR, born VARCHAR)")
    con.execute(
        "INSERT INTO table_keys VALUES ('things', ['thing', 'part'], 'seen', ['first'], ['seen', 'etag'],"
        " ['maker'], ['born'], false)"
    )


def a_thing(thing: str = "a", *, colour: str | None = "red", seen: int = 1, run: str = "r1", etag: str = "e") -> Row:
    return {
        "thing": thing,
        "part": 0,
        "colour": colour,
        "tags": ["x"],
        "first": seen,
        "seen": seen,
        "etag": etag,
        "maker": run,
        "born": run,
    }


def stored(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute("SELECT thing, colour, first, seen, etag, maker, born FROM things ORDER BY ALL").fetchall()


def test_new_changed_and_unchanged_rows_are_told_apart(con: duckdb.DuckDBPyConnection) -> None:
    assert upsert(con, "things", [a_thing("a"), a_thing("b")]) == {"inserted": 2, "updated": 0, "unchanged": 0}
    again = [
        a_thing("a", seen=2, run="r2"),
        a_thing("b", colour="blue", seen=2, run="r2"),
        a_thing("c", seen=2, run="r2"),
    ]
    assert upsert(con, "things", again) == {"inserted": 1, "updated": 1, "unchanged": 1}
    assert stored(con) == [
        ("a", "red", 1, 2, "e", "r1", "r1"),
        ("b", "blue", 1, 2, "e", "r2", "r1"),
        ("c", "red", 2, 2, "e", "r2", "r2"),
    ]


def test_null_is_a_value_like_others(con: duckdb.DuckDBPyConnection) -> None:
    upsert(con, "things", [a_thing(colour=None)])
    assert upsert(con, "things", [a_thing(colour=None)])["unchanged"] == 1
    assert upsert(con, "things", [a_thing(colour="red")])["updated"] == 1
    assert upsert(con, "things", [a_thing(colour=None)])["updated"] == 1


def test_an_older_sighting_changes_nothing_but_the_first_stamp(con: duckdb.DuckDBPyConnection) -> None:
    upsert(con, "things", [a_thing(seen=5, etag="new")])
    assert upsert(con, "things", [a_thing(colour="blue", seen=3, etag="old", run="r2")])["unchanged"] == 1
    assert stored(con) == [("a", "red", 3, 5, "new", "r1", "r1")]


def test_the_newest_sighting_of_a_batch_wins_and_the_first_is_kept(con: duckdb.DuckDBPyConnection) -> None:
    upsert(con, "things", [a_thing(seen=2), a_thing(colour="blue", seen=7, run="r2"), a_thing(seen=4)])
    assert stored(con) == [("a", "blue", 2, 7, "e", "r2", "r2")]


def test_insert_only_never_touches_what_is_stored(con: duckdb.DuckDBPyConnection) -> None:
    upsert(con, "things", [a_thing("a")])
    counted = insert_only(con, "things", [a_thing("a", colour="blue", seen=9), a_thing("b")])
    assert counted == {"inserted": 1, "updated": 0, "unchanged": 1}
    assert stored(con)[0] == ("a", "red", 1, 1, "e", "r1", "r1")


def test_sync_deletes_what_vanished_within_its_scope(con: duckdb.DuckDBPyConnection) -> None:
    upsert(con, "things", [a_thing("a"), a_thing("b"), a_thing("c")])
    counted = sync(con, "things", [a_thing("a", colour="blue")], "thing", ["a", "b"])
    assert counted == {"inserted": 0, "updated": 1, "unchanged": 0, "deleted": 1}
    assert [row[0] for row in stored(con)] == ["a", "c"]
    assert sync(con, "things", [])["deleted"] == 2


def test_a_row_with_other_columns_than_the_table_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match=r"does not have the columns of the table: \['shape'\]"):
        upsert(con, "things", [{**a_thing(), "shape": "round"}])
    with pytest.raises(ValueError, match=r"\['etag'\]"):
        upsert(con, "things", [{key: value for key, value in a_thing().items() if key != "etag"}])


def test_a_lone_surrogate_is_replaced(con: duckdb.DuckDBPyConnection) -> None:
    upsert(con, "things", [a_thing(colour="bad \udce9")])
    assert stored(con)[0][1] == "bad ?"


def test_a_transaction_that_fails_leaves_nothing(con: duckdb.DuckDBPyConnection) -> None:
    def fail_half_way() -> None:
        with transaction(con):
            upsert(con, "things", [a_thing()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert stored(con) == []


THINGS = st.builds(
    a_thing,
    st.sampled_from("abc"),
    colour=st.sampled_from(["red", "blue", None]),
    seen=st.integers(1, 3),
    etag=st.sampled_from("ef"),
)
QUICK = bounded(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(st.lists(THINGS, min_size=1, max_size=8))
def test_writing_twice_is_writing_once(con: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    con.execute("DELETE FROM things").fetchall()
    once = upsert(con, "things", rows)
    state = stored(con)
    twice = upsert(con, "things", rows)
    assert stored(con) == state
    assert twice == {"inserted": 0, "updated": 0, "unchanged": once["inserted"]}
    assert len({row[0] for row in state}) == len(state) == once["inserted"]


@QUICK
@given(st.lists(THINGS, min_size=2, max_size=8).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_a_batch_says_nothing(con: duckdb.DuckDBPyConnection, orders: tuple[list[Row], list[Row]]) -> None:
    rows, permuted = orders
    con.execute("DELETE FROM things").fetchall()
    upsert(con, "things", rows)
    state = stored(con)
    con.execute("DELETE FROM things").fetchall()
    upsert(con, "things", permuted)
    assert stored(con) == state
