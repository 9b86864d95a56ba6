"""The shapes of the small word lists under ``seeds/``."""

from pydantic import BaseModel, ConfigDict, Field


class PlaceWord(BaseModel):
    """A word that matters around a place name, and for what: see the head of seeds/place_words.csv."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    word: str
    use: str = Field(
        pattern=r"^(direction|cue|near|distance|connector|article|calendar|never|within|particle|ground verb|element"
        r"|adjective|plural|title|shot at|held|struck)$"
    )
