"""The verb that asks a source: one that is paused is left alone, and named."""

from datetime import UTC, date, datetime, timedelta

from schemas.memory import Memory, SourceState
from schemas.run import Run, Window
from schemas.settings import Settings
from schemas.source import Source

RUN = Run("nightly", Window(date(2024, 3, 3), date(2024, 3, 6)), datetime(2024, 3, 6, 2, tzinfo=UTC), "0.1.0")
NORTH = Source.model_validate(
    {"id": "north", "name": "N", "family": "n", "country": "SY", "language": "en", "homepage": "https://north.test/"}
    | {"feeds": [{"url": "http://127.0.0.1:9/feed"}], "delay_seconds": 0}
)


def test_a_paused_source_is_asked_only_by_name(settings: Settings) -> None:
    from tasks.discover import discover  # noqa: PLC0415 - prefect comes last

    state = SourceState("north", paused_until=RUN.started_at + timedelta(hours=9), pause_reason="15 failure points")
    memory = Memory(states={"north": state})
    rested = discover.fn(RUN, NORTH, memory, settings)
    assert (rested.probes, len(rested), rested.reached) == ((), 0, False)
    assert rested.paused == "paused until 2024-03-06 11:00 UTC: 15 failure points"
    asked = discover.fn(RUN, NORTH, memory, settings.model_copy(update={"ask_paused": True}))
    assert (asked.paused, [probe.error for probe in asked.probes]) == ("", ["port"])
