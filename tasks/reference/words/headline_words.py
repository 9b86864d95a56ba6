"""The words of headlines: what happened, by ACLED's sub-event type and the weapon."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.reference.seeds import read_csv_seed


class HeadlineWord(BaseModel):
    """A row of ``seeds/headline_words.csv``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sub_event_type: str
    weapon: str = ""
    act: str
    by: Literal["yes", "no"]
    on: str = ""


@cache
def _rows() -> dict[tuple[str, str], HeadlineWord]:
    return {(row.sub_event_type, row.weapon): row for row in read_csv_seed("headline_words.csv", HeadlineWord)}


def headline_word(sub_event_type: str, weapon: str | None) -> HeadlineWord:
    """How a headline names an event; a sub-type the seed lacks goes by its own name in lower case."""
    row = _rows().get((sub_event_type, weapon or "")) or _rows().get((sub_event_type, ""))
    return row or HeadlineWord(sub_event_type=sub_event_type, act=sub_event_type.lower(), by="no")
