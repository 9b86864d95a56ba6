"""What the reader was taught beside its weights: the labels in their order, and where its probabilities are cut."""

import json
from functools import cache

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import SeedError
from schemas.mention import Status
from tasks.events.reader.folder import model_folder, of_the_model

_FILE = "reader.json"


class Thresholds(BaseModel):
    """Probabilities at which something counts, chosen on folds of the training articles.

    ``telling``: words tell of an incident; ``together``: two groups of words are one incident; ``actor``: a piece names
    an actor; ``silence`` by field: how many times likelier than silence the best value must be; ``total``: a figure
    sums up; ``kept``: a mention is kept at all; ``counted``: it counts as an event that happened.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    telling: float
    together: float
    actor: float
    silence: dict[str, float]
    total: float
    kept: float
    counted: float


class Taught(BaseModel):
    """``seeds/models/reader/reader.json``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sub_types: tuple[str, ...]
    statuses: tuple[Status, ...]
    thresholds: Thresholds


@of_the_model
@cache
def taught() -> Taught:
    """The shipped labels and thresholds. Raises :class:`SeedError`."""
    try:
        return Taught.model_validate(json.loads((model_folder() / _FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise SeedError(f"{_FILE}: {error}; make it again with benchmarks/train_reader.py") from error
