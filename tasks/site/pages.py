"""What every page shares: the templates' words, the content security policy, where pages lie."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tasks.reference.machine.steering import HIDDEN, shown
from tasks.site.files.shelf import Options
from tasks.site.files.templating import Templates
from tasks.site.wording import words

HERE = Path(__file__).parent
#: What Observable Plot writes into each chart for its class name "plot"; allowed by this hash and nothing else is.
PLOT_STYLE = "'sha256-+TfQir1nvDucAdvE6XUQBt4ayUjpAWkbw2kCdSfekHM='"
#: ACLED's event types in the order of colours; others come last, in grey.
KINDS = (
    "Battles",
    "Explosions/Remote violence",
    "Violence against civilians",
    "Protests",
    "Riots",
    "Strategic developments",
)

#: Longer words may break anywhere, or they would be wider than a phone.
_SHORT = 16


_HIDDEN = re.compile(f"[{HIDDEN}]")


def render(template: str, root: str, page: str, **values: Any) -> str:
    """A page. ``root`` leads from it to the folder of the site ("" or "../"), ``page`` is its place in the menu."""
    return environment().get_template(template).render(root=root, page=page, **values)


@cache
def environment() -> Templates:
    """The environment, made once a process: everything escaped."""
    made = Templates(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "plain": words.plain,
        "instant": words.instant,
        "day": words.day,
        "link": words.web_link,
        "host": words.host,
        "whole": whole,
        "xml": words.xml_text,
        "data": data_block,
        "kind": kind_number,
    }
    made.globals |= {"count": words.count, "toll": words.toll, "days": words.days, "place_line": words.place_line}
    made.globals |= {"top": top, "KINDS": KINDS, "policy": policy()}
    return made


@cache
def top(root: str, page: str) -> Markup:
    """What stands above every page, made once for each place in the menu."""
    return Markup(environment().get_template("top.html.j2").render(root=root, page=page))  # noqa: S704 - escaped there


def map_values(options: Options) -> dict[str, str]:
    """What the templates of pages with a map need of the options."""
    return {"policy": policy(options.tiles), "tiles": options.tiles, "tiles_credit": options.tiles_credit}


def policy(tiles: str = "") -> str:
    """The content security policy: own scripts and styles, no foreign host, no frames, no forms.

    Pages with a map may name the origin of tiles of one's own, and nothing else.
    """
    parts = urlsplit(tiles)
    images = f" {parts.scheme}://{parts.netloc.replace('{s}', '*')}" if parts.scheme in ("http", "https") else ""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' {PLOT_STYLE}; img-src 'self' data:{images}; "
        "base-uri 'none'; form-action 'none'"
    )


def whole(text: object) -> Markup:
    """Text in which no short word is broken at its hyphens: names such as Deir ez-Zor, and days.

    >>> whole("in ez-Zor <b>")
    Markup('in <span class="whole">ez-Zor</span> &lt;b&gt;')
    """
    parts = ((escape(shown(part)), "-" in part and len(part) <= _SHORT) for part in str(text).split(" "))
    return Markup(" ").join(
        Markup('<span class="whole">{}</span>').format(part) if kept else part for part, kept in parts
    )


def kind_number(kind: str) -> int:
    """The number of an event type's colour."""
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def data_block(value: object) -> Markup:
    """JSON for a ``<script type="application/json">``: no character in it can end the element."""
    return Markup(dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def dumps(value: object) -> str:
    """Compact JSON that is also a JavaScript expression."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return _HIDDEN.sub(lambda found: f"\\\\u{ord(found[0]):04x}", text)  # as words: scripts show it to readers


def script(call: str, *values: object) -> str:
    """A script file that hands values over, since pages read from disk may not fetch: ``firstdraft.call(values)``."""
    return f"firstdraft.{call}({','.join(dumps(value) for value in values)});\n"


@cache
def made_with() -> str:
    """A hash of the code and templates pages are made with."""
    digest = hashlib.sha256()
    for path in sorted([*HERE.glob("*.py"), *(HERE / "templates").glob("*")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def short(event_id: str) -> str:
    """An event's id without its prefix, as lists and searches carry it."""
    return event_id.removeprefix("evt_")


def event_path(event_id: str) -> str:
    """Where an event's page is: 256 folders, so that none holds more than a file manager can show."""
    bare = short(event_id)
    return f"event/{bare[:2]}/{bare}.html"


def article_path(article_id: str) -> str:
    """Where an article's page is."""
    bare = article_id.removeprefix("art_")
    return f"article/{bare[:2]}/{bare}.html"


@cache
def source_path(source_id: str) -> str:
    """Where a source's page is; ids are file names already, anything else is made one."""
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in source_id).lstrip(".")
    return f"source/{safe or 'source'}.html"


def picture_path(event_id: str) -> str:
    """Where the picture of an event is, for those who show it beside a link."""
    return event_path(event_id).removesuffix("html") + "png"


def actor_path(actor_id: str) -> str:
    """Where the page of a known actor is."""
    return f"actor/{_safe(actor_id)}.html"


def place_path(place_id: str) -> str:
    """Where the page of a place is, or of a division: its key begins with ``adm``."""
    return f"place/{_safe(place_id)}.html"


def _safe(key: str) -> str:
    """A key as the name of a file: letters, digits and hyphens, told apart by a hash where that loses something."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c == "-") else "-" for c in key).strip("-") or "one"
    return safe if safe == key else f"{safe}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"


def run_line(standing: Mapping[str, Any]) -> str:
    """The run the site stands as of, in words."""
    return f"the run that finished {words.instant(standing['finished_at'])} ({standing['run_id']})"
