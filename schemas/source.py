"""A source: one outlet in one language, as a file of ``seeds/sources/`` describes it."""

import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

#: What an archive pattern may hold: a page's number, or the parts of a day, with leading zeros.
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OF_A_DAY = {"year", "month", "day"}
#: The family of outlets nobody has looked at: whoever owns them, they are no second voice for anybody.
UNKNOWN_FAMILY = "unknown"


def _web_address(value: str) -> str:
    if not re.match(r"https?://[^/\s]", value) or re.search(r"\s", value):
        raise ValueError("give a full address: http:// or https://, then a host, without spaces")
    return value


def _zone_name(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"{value!r} is not an IANA time zone; a time zone looks like Asia/Damascus") from error
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feed(_Strict):
    """An RSS, Atom or JSON feed. ``verified_on`` is the day somebody saw it answer, ``None`` if nobody did."""

    url: WebAddress
    verified_on: date | None = None


class Section(_Strict):
    """A page that lists articles, and the CSS selector of the links to them.

    ``archive`` is the pattern of its older pages, for backfills: numbered (``.../page/{page}/``, counted from
    ``first_page``, newest first) or by date (``.../{year}/{month}/{day}/``, digits with leading zeros; a month's page
    if ``{day}`` is left out).
    """

    url: WebAddress
    selector: str
    archive: str | None = None
    first_page: int = Field(default=1, ge=0)

    @model_validator(mode="after")
    def _pattern_can_be_filled(self) -> "Section":
        if self.archive is None:
            return self
        _web_address(self.archive)
        names = set(_PLACEHOLDER.findall(self.archive))
        dated = "year" in names and ("day" not in names or "month" in names)
        if names - _OF_A_DAY - {"page"} or re.search(r"[{}]", _PLACEHOLDER.sub("", self.archive)):
            raise ValueError("archive: only {page}, {year}, {month} and {day} can be filled in")
        if "page" not in names and not dated:
            raise ValueError("archive: name {page}, or {year} with {month} and {day} below it")
        return self

    @property
    def by_day(self) -> bool:
        """Return True if the archive is addressed by date."""
        return self.archive is not None and "{year}" in self.archive

    @property
    def by_page(self) -> bool:
        """Return True if the archive, or each of its days, is cut into numbered pages."""
        return self.archive is not None and "{page}" in self.archive

    def archive_url(self, day: date, page: int) -> str | None:
        """The archive's page for a day and a number, each used only if the pattern names it.

        >>> Section(url="https://e.org/", selector="a", archive="https://e.org/{year}/{month}/").archive_url(
        ...     date(2024, 3, 5), 1)
        'https://e.org/2024/03/'
        """
        if self.archive is None:
            return None
        parts = {"year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}", "page": str(page)}
        return _PLACEHOLDER.sub(lambda match: parts[match[1]], self.archive)


class Search(_Strict):
    """A service that is asked for pages of any outlet, and the query it is asked with, in its own words.

    ``gdelt`` is a GDELT DOC 2.0 API, ``mediacloud`` a Media Cloud API (``collections`` are its numbers), ``feed`` a
    feed of search results: its ``url`` holds ``{query}``, and may hold ``{start}`` and ``{end}``, the days asked about.
    ``ccnews`` is Common Crawl's CC-NEWS, whose pages are taken from its archive: the query is words with `` OR ``
    between, of which a page has to hold one, or ``*``.
    """

    kind: Literal["gdelt", "mediacloud", "feed", "ccnews"]
    url: WebAddress
    query: str = Field(min_length=1)
    collections: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _can_be_asked(self) -> "Search":
        if self.kind == "feed" and "{query}" not in self.url:
            raise ValueError("url: a feed of search results says where its {query} goes")
        return self


class Expected(_Strict):
    """New items a source is expected to offer on an ordinary day; ``None`` if nobody has counted."""

    min: float | None = Field(default=None, ge=0)
    max: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _min_below_max(self) -> "Expected":
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is above max")
        return self


class Source(_Strict):
    """One outlet in one language. ``family`` names the owner: corroboration counts families, not feeds.

    Where it is read:

    * ``feeds``, ``sitemaps``, ``sections`` and ``wordpress`` in every run; ``archive_sitemaps`` (whole sites) only in
      backfills. ``wordpress`` is the base of a REST API, as in ``https://example.org/wp-json/``;
    * ``url_lists`` are addresses of plain lists, or files: absolute, or under ``seeds/``;
    * ``searches`` make it a finder: what it finds belongs to the outlets on whose sites it stands. A finder has no
      pages of its own; ``country`` and ``language`` are those of the outlets it is the first to name.

    ``discovered_by`` is the finder that an outlet is known by, as long as nobody has reviewed it; empty for all others.

    Manners:

    * ``delay_seconds`` lies between two requests to one host; robots.txt may lengthen it, nothing shortens it;
    * ``robots`` is ``obey`` and can be nothing else: who gives a permission gives it there, to our agent's name;
    * ``tdm`` says what a reservation of rights on a page means (``X-Robots-Tag: noarchive`` or ``noindex``,
      ``tdm-reservation: 1``): ``respect`` leaves the page out, ``note`` keeps it and records the reservation. The
      latter is for those whom the law permits it (EU directive 2019/790, article 3: research organisations);
    * ``tls: unverified`` takes any certificate and needs ``tls_reason``: what is read may then come from anybody.

    What to make of it:

    * ``timezone`` is an IANA name, used if the outlet's pages give a time without one;
    * ``day_first`` settles 03/04/2024 if the outlet is known to write so; ``None``: ambiguous dates stay unread;
    * ``expected`` are new items a day; ``max_age_days`` how old its newest item may be before it counts as silent.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str
    family: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    homepage: str
    region: str = ""
    alignment: str = ""
    timezone: Annotated[str, AfterValidator(_zone_name)] = "UTC"
    day_first: bool | None = None
    feeds: tuple[Feed, ...] = ()
    sitemaps: tuple[WebAddress, ...] = ()
    archive_sitemaps: tuple[WebAddress, ...] = ()
    sections: tuple[Section, ...] = ()
    wordpress: WebAddress | None = None
    url_lists: tuple[str, ...] = ()
    searches: tuple[Search, ...] = ()
    delay_seconds: float = Field(default=5.0, ge=0)
    robots: Literal["obey"] = "obey"
    tdm: Literal["respect", "note"] = "respect"
    tls: Literal["verify", "unverified"] = "verify"
    tls_reason: str = ""
    expected: Expected = Expected()
    max_age_days: int = Field(default=14, gt=0)
    enabled: bool = True
    verified_on: date | None = None
    discovered_by: str = ""
    notes: str = ""

    @model_validator(mode="after")
    def _exceptions_say_why(self) -> "Source":
        if (self.tls == "unverified") != bool(self.tls_reason.strip()):
            raise ValueError(
                "tls: unverified and tls_reason need each other; say why the certificate cannot be checked"
            )
        return self

    @model_validator(mode="after")
    def _finders_only_find(self) -> "Source":
        if self.searches and (self.addresses or self.url_lists):
            raise ValueError("searches: a finder has no feeds, sitemaps, sections or lists; give those an entry apart")
        if self.reads_archive and {search.kind for search in self.searches} != {"ccnews"}:
            raise ValueError("searches: ccnews reads an archive; give the searches of other kinds an entry apart")
        return self

    @property
    def reads_archive(self) -> bool:
        """Return True for a finder whose pages are taken from an archive instead of asked from their outlets."""
        return any(search.kind == "ccnews" for search in self.searches)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address on the web that the entry names, in order; local lists left out."""
        apart = (*(feed.url for feed in self.feeds), *self.sitemaps, *self.archive_sitemaps)
        lists = (url_list for url_list in self.url_lists if url_list.startswith(("http://", "https://")))
        api = (self.wordpress,) if self.wordpress else ()
        return (*apart, *(section.url for section in self.sections), *api, *lists)

    @property
    def last_verified(self) -> date | None:
        """The latest day somebody saw one of its addresses answer (``verified_on`` speaks of all but the feeds)."""
        days = [day for day in (*(feed.verified_on for feed in self.feeds), self.verified_on) if day]
        return max(days, default=None)
