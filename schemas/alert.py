"""An alert: a saved query over the events, how often it is asked, and who is told."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Alert(BaseModel):
    """One entry of ``seeds/alerts.yml``. ``where`` is a condition on ``events_overview``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    about: str = Field(min_length=1)
    where: str = Field(min_length=1)
    every: Literal["run", "day"] = "run"
    to: tuple[str, ...] = ()


class Alerts(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alerts: tuple[Alert, ...]
