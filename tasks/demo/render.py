"""The demo site as bytes: each page, list, feed, sitemap and robots.txt rendered once, before the first request."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tasks.demo.content import Document, Outlet, Page, Site, templates_dir

#: Headlines beside an article.
OTHERS = 5


@dataclass(frozen=True, slots=True)
class Rendered:
    """One version of one resource, with its validators. ``etag`` is strong, a hash of the body, quotes included."""

    body: bytes
    media_type: str
    status: int
    etag: str
    modified: datetime


#: (host, decoded path) to the versions of what stands there, oldest first.
Resources = Mapping[tuple[str, str], tuple[Rendered, ...]]


def render_site(site: Site) -> Resources:
    """Everything the site answers with. Raises a jinja2 error for a missing template or one that names no field."""
    templates = _environment()
    resources: dict[tuple[str, str], tuple[Rendered, ...]] = {}
    for outlet in site.outlets:
        robots = templates.get_template("feeds/robots.txt.j2").render(outlet=outlet)
        resources[outlet.host, "/robots.txt"] = (_rendered(robots, "text/plain", site.built),)
        for document in outlet.documents:
            resources[outlet.host, document.path] = (_document(templates, site, outlet, document),)
    versions: dict[tuple[str, str], list[Rendered]] = defaultdict(list)
    for page in sorted(site.pages, key=lambda page: page.version):
        versions[page.outlet.host, page.path].append(_page(templates, site, page))
    return resources | {key: tuple(resource_versions) for key, resource_versions in versions.items()}


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["rfc822"] = format_datetime
    return environment


def _document(templates: Environment, site: Site, outlet: Outlet, document: Document) -> Rendered:
    listed = site.listed(outlet, document.lists)
    text = templates.get_template(document.template).render(
        outlet=outlet, document=document, title=document.title, pages=listed, others=listed[:OTHERS], built=site.built
    )
    return _rendered(text, document.media_type, site.built)


def _page(templates: Environment, site: Site, page: Page) -> Rendered:
    listed = tuple(candidate for candidate in site.listed(page.outlet, "section") if candidate.path != page.path)
    text = templates.get_template(f"{page.outlet.id}/{page.kind}.html.j2").render(
        outlet=page.outlet, page=page, title=page.title, listed=listed, others=listed[:OTHERS], built=site.built
    )
    return _rendered(text, "text/html", page.changed(site.built), page.status)


def _rendered(text: str, media_type: str, modified: datetime, status: int = 200) -> Rendered:
    body = text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Rendered(body, f"{media_type}; charset=utf-8", status, etag, modified)
