"""Over the demo's site and the real article in it: no column but quotations holds the name of a private person."""

from tasks.events.actors.privacy import NAMELESS, public_part
from tasks.events.actors.quoted import is_description
from tasks.warehouse.store.connect import open_reader
from tests.flows.conftest import Demo

WHO = ("killed_who", "injured_who", "detained_who", "displaced_who")


def test_no_column_names_a_private_victim(demo: Demo) -> None:
    told = ["SELECT name FROM mention_actors WHERE role = 'target'", *(f"SELECT {who} FROM mentions" for who in WHO)]
    with open_reader(demo.settings) as con:
        names = {name for sql in told for (name,) in con.execute(sql).fetchall() if name is not None}
    assert len(names) > 10
    named = {name for name in names if name != NAMELESS and public_part(name) != name}
    assert {name for name in named if not is_description(name, "ar")} == set()
