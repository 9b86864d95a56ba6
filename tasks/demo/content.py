"""What the demo site holds, read from ``seeds/demo``: the outlets, and a Markdown file with a YAML head for each page.

The files are seeds, so what is wrong in one is named with file and field (:class:`SeedError`).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import quote

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from schemas.errors import SeedError
from tasks.reference.seeds import read_yaml_seed, seed_path, validated

DEMO_DIR = "demo"
_HEAD = "---\n"


class Kind(StrEnum):
    """What a page is; with its outlet it names the template."""

    ARTICLE = "article"
    INDEX = "index"
    COOKIE_WALL = "cookie_wall"
    BOT_CHALLENGE = "bot_challenge"
    SOFT_404 = "soft_404"
    GONE = "gone"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MenuItem(_Strict):
    """One entry of an outlet's menu."""

    label: str
    path: str


class Document(_Strict):
    """A feed, a sitemap or a list of links. ``lists`` is the word a page's ``listed_in`` holds to stand in it."""

    path: str
    template: str
    title: str
    lists: str = ""
    media_type: str = "text/html"


class Outlet(_Strict):
    """One virtual host."""

    id: str
    host: str = Field(pattern=r"^[a-z]+\.firstdraft\.test$")
    name: str
    tagline: str
    language: str
    disallow: tuple[str, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    documents: tuple[Document, ...]

    def url(self, path: str) -> str:
        """The absolute address of a path, percent-encoded; it holds no port, whichever the server has."""
        return f"http://{self.host}{quote(path)}"


class Page(_Strict):
    """One version of one page. ``version`` 2 is what a client gets that holds version 1."""

    outlet: Outlet
    path: str = Field(pattern=r"^/")
    title: str
    kind: Kind = Kind.ARTICLE
    status: int = 200
    version: int = Field(default=1, ge=1, le=2)
    published: AwareDatetime | None = None
    modified: AwareDatetime | None = None
    author: str = ""
    section: str = ""
    listed_in: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address, absolute and percent-encoded."""
        return self.outlet.url(self.path)

    def changed(self, built: datetime) -> datetime:
        """When this version was put online: ``built``, the site's own day, if the page gives no date."""
        return self.modified or self.published or built


class Site(_Strict):
    """All outlets and pages. ``built`` is the Last-Modified of whatever has no date of its own."""

    built: AwareDatetime
    outlets: tuple[Outlet, ...]
    pages: tuple[Page, ...] = ()

    @model_validator(mode="after")
    def _no_version_twice(self) -> Self:
        keys = [(page.url, page.version) for page in self.pages]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"the same version of a page occurs twice: {twice}")
        return self

    def listed(self, outlet: Outlet, word: str) -> tuple[Page, ...]:
        """The first versions of the pages an outlet lists under a word, newest first, undated ones last."""
        pages = [p for p in self.pages if p.outlet.id == outlet.id and p.version == 1 and word in p.listed_in]
        oldest = datetime.min.replace(tzinfo=UTC)
        return tuple(sorted(pages, key=lambda page: (page.published or oldest, page.path), reverse=True))


def load_site() -> Site:
    """The bundled site. Raises :class:`SeedError` for a malformed file, an unknown outlet, or a page given twice."""
    base = seed_path(DEMO_DIR)
    bare = validated(Site, read_yaml_seed(base / "outlets.yml"), str(base / "outlets.yml"))
    pages = _read_pages(sorted((base / "pages").glob("*.md")), {outlet.id: outlet for outlet in bare.outlets})
    return validated(Site, {"built": bare.built, "outlets": bare.outlets, "pages": pages}, str(base / "pages"))


def templates_dir() -> Path:
    """The folder of the page templates."""
    return seed_path(DEMO_DIR) / "templates"


def _read_pages(files: Iterable[Path], outlets: dict[str, Outlet]) -> tuple[Page, ...]:
    return tuple(_read_page(file, outlets) for file in files)


def _read_page(file: Path, outlets: dict[str, Outlet]) -> Page:
    opening, _, rest = file.read_text(encoding="utf-8").partition(_HEAD)
    head, fence, body = rest.partition("\n" + _HEAD)
    if opening or not fence:
        raise SeedError(f"{file}: the file must begin with a YAML header between two lines of ---")
    fields = _read_head(file, head)
    outlet = outlets.get(str(fields.get("outlet")))
    if outlet is None:
        raise SeedError(f"{file}: outlet: {fields.get('outlet')!r} is not in outlets.yml")
    paragraphs = tuple(part.strip() for part in body.split("\n\n") if part.strip())
    return validated(Page, {**fields, "outlet": outlet, "paragraphs": paragraphs}, str(file))


def _read_head(file: Path, head: str) -> dict[str, object]:
    try:
        fields = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise SeedError(f"{file}: the header is not YAML: {error}") from error
    if not isinstance(fields, dict):
        raise SeedError(f"{file}: the header must hold one field on each line, such as `title: ...`")
    return fields
