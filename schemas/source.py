"""A source: one outlet in one language, as ``seeds/sources.yml`` describes it."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feed(_Strict):
    """An RSS, Atom or JSON feed. ``verified_on`` is the day somebody saw it answer, ``None`` if nobody did."""

    url: str
    verified_on: date | None = None


class Section(_Strict):
    """A page that lists articles, and the CSS selector of the links to them."""

    url: str
    selector: str


class Source(_Strict):
    """One outlet in one language. ``family`` names the owner: corroboration counts families, not feeds.

    ``delay_seconds`` lies between two requests to one host; robots.txt may lengthen it, nothing shortens it.
    ``timezone`` is an IANA name, used where the outlet's pages give a time without one.
    ``day_first`` settles 03/04/2024 where the outlet is known to write so; ``None``: ambiguous dates stay unread.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    family: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    homepage: str
    region: str = ""
    alignment: str = ""
    timezone: str = "UTC"
    day_first: bool | None = None
    feeds: tuple[Feed, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    delay_seconds: float = Field(default=5.0, ge=0)
    enabled: bool = True
    notes: str = ""
