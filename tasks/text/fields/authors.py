"""Who wrote an article: names of people and agencies, one each, as the page declares or prints them."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from lxml import etree

from tasks.text.fields.titles import headline
from tasks.text.page.characters import clean_line
from tasks.text.page.declared import Declared, visible_text
from tasks.text.page.html import Tree, from_element
from tasks.text.page.jsonld import resolved, text_of
from tasks.text.page.phrases import phrases
from tasks.text.page.whose import belongs_elsewhere, own_part

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|(?<!\w)@\w+")
_LETTER = re.compile(r"[^\W\d_]")
_BYLINE_CLASS = re.compile(
    r"(?:^| )(?:author|byline|authors)(?: |$)|author[-_]name|[aA]uthorName|byline__name|byline-name"
)
#: Every byline is among these: the tree is searched in C, and few are looked at closely.
_LIKELY = etree.XPath("//@*[contains(., 'uthor') or contains(., 'byline')]/..")
_BYLINE_IDS = frozenset(("author", "byline", "article-author", "post-author"))
#: "Levi Parsons For Daily Mail", "Ada Byrne, for The Local": for whom somebody writes is no part of the name.
_FOR_OUTLET = re.compile(r"\s+(?:For|FOR|for)\s+(?P<outlet>[^\W\d_].*)$")
#: A name is short; longer is a biography.
_LONGEST_NAME = 60
_MOST = 12
#: Elements below the headline in which a line may name the author, and its longest with a date behind the name.
_BELOW = 60
_LONGEST_LINE = 120
#: What stands within names without a capital.
_PARTICLES = frozenset("de da di du del della der den van von la le el al bin ibn ben y e dos das af av zu".split())  # noqa: SIM905
_MOST_BYLINES = 8


def read_authors(tree: Tree, declared: Declared, site: frozenset[str]) -> tuple[str, ...]:
    """The authors: JSON-LD's, else those of meta elements, else of a byline on the page. Order kept, no doubles.

    A house in the place of its authors (``sites``: its names) counts only where nobody else is named.
    """
    sites = {_key(name) for name in site}
    houses: tuple[str, ...] = ()
    for step in (_from_article, _from_meta, _from_page, _from_text):
        names = _distinct(_without_outlet(name, sites) for name in step(tree, declared))
        people = tuple(name for name in names if _key(name) not in sites)
        if people:
            return names if step is _from_article else people
        houses = houses or names
    return houses


def split_names(text: str) -> list[str]:
    """The names in a byline: introductions, addresses and functions dropped, lists taken apart.

    >>> split_names("By Lina Haddad and Omar Saleh")
    ['Lina Haddad', 'Omar Saleh']
    """
    line = clean_line(_ADDRESS.sub(" ", text)) or ""
    words = phrases()
    line = words.byline_start.sub("", line)
    line = re.sub(r"\s*\([^)]*\)?", "", line)
    parts = [part.strip(" .,;:|/–—-•·\"'") for part in words.byline_between.split(line)]
    return [part for part in parts if _is_name(part)]


def _is_name(part: str) -> bool:
    if not 2 <= len(part) <= _LONGEST_NAME or not _LETTER.search(part) or len(part.split()) > 7:
        return False
    return part.casefold() not in phrases().not_authors


def _from_article(_: Tree, declared: Declared) -> Iterator[str]:
    value = declared.article.get("author") or declared.article.get("creator")
    for item in value if isinstance(value, list) else [value]:
        yield from _person(resolved(item, declared.nodes))


def _person(item: Any) -> Iterator[str]:
    if isinstance(item, dict) and not item.get("name") and item.get("familyName"):
        parts = (text_of(item.get("givenName")), text_of(item.get("familyName")))
        yield from split_names(" ".join(part for part in parts if part))
        return
    names = item.get("name") if isinstance(item, dict) else item
    for name in names if isinstance(names, list) else [names]:
        if text := text_of(name):
            yield from split_names(text)


def _from_meta(_: Tree, declared: Declared) -> Iterator[str]:
    for key in (
        "author",
        "article:author",
        "byl",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
    ):
        names = [name for value in declared.meta.get(key, ()) for name in split_names(value)]
        if names:
            yield from names
            return
    yield from _from_labels(declared)


def _from_labels(declared: Declared) -> Iterator[str]:
    """The value Open Graph plug-ins label "Written by" for cards: ``twitter:label1`` and ``twitter:data1``."""
    for number in "12":
        label, value = declared.first(f"twitter:label{number}"), declared.first(f"twitter:data{number}")
        if label and value and phrases().byline_start.fullmatch(f"{label} "):
            yield from split_names(value)


def _without_outlet(name: str, sites: set[str]) -> str:
    """A person's name without "for" whom: an outlet in capitals, or the site itself in any case."""
    match = _FOR_OUTLET.search(name)
    if match is None or not _is_full_name(name[: match.start()]):
        return name
    outlet = match["outlet"]
    named = outlet[0].isupper() and not name[match.start() :].lstrip().startswith("for")
    return name[: match.start()] if named or _key(outlet) in sites else name


def _from_page(tree: Tree, declared: Declared) -> Iterable[str]:
    """Of the article's own bylines the first that gives names; those like it beside it are its co-authors."""
    elements = islice(filter(_is_byline, _LIKELY(tree)), _MOST_BYLINES)
    first = next(elements, None)
    if first is None:
        return ()
    article_part = own_part(headline(tree, declared))
    for element in chain((first,), elements):
        if belongs_elsewhere(element, article_part):
            continue
        if names := _printed(element):
            mates = [sibling for sibling in element.itersiblings() if sibling.get("class") == element.get("class")]
            return [*names, *(name for sibling in mates for name in _printed(sibling))]
    return ()


def _from_text(tree: Tree, declared: Declared) -> Iterable[str]:
    """Of the short elements below the headline the first that says "By" somebody with a name of several words."""
    if (heading := headline(tree, declared)) is None:
        return ()
    article_part = own_part(heading)
    for element in islice(from_element(heading), 1, _BELOW):
        first = next((text for text in element.itertext() if not text.isspace()), "")
        if not phrases().byline_start.match(f"{first} ") or len(element.text_content()) > _LONGEST_LINE:
            continue
        words = visible_text(element)
        if not phrases().byline_start.match(words) or belongs_elsewhere(element, article_part):
            continue
        if names := [name for name in split_names(words) if _is_full_name(name)]:
            return names
    return ()


def _is_full_name(name: str) -> bool:
    words = name.split()
    small = [word for word in words if word[0].islower() and word not in _PARTICLES]
    return (
        2 <= len(words) <= 4
        and not small
        and words[0] != "The"
        and not any(map(str.isdigit, name))
        and not words[-1].islower()
    )


def _is_byline(element: Tree) -> bool:
    named = (
        element.get("rel") == "author"
        or "author" in element.get("itemprop", "")
        or element.get("data-testid") == "author-name"
        or (element.get("id") in _BYLINE_IDS and len(element) == 0)
        or _is_byline_class(element.get("class", ""))
    )
    return bool(named)


def _is_byline_class(words: str) -> bool:
    likely = "uthor" in words or "byline" in words
    return likely and _BYLINE_CLASS.search(" ".join(words.split())) is not None


def _printed(element: Tree) -> list[str]:
    """The names an element shows; what holds digits is a date or a count beside them."""
    names = split_names(visible_text(element)[:200])
    return [name for name in names if not any(map(str.isdigit, name))]


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names without those that differ in case or blanks only; the first spelling stays."""
    spellings: dict[str, str] = {}
    for name in names:
        spellings.setdefault(_key(name), name)
    return tuple(spellings.values())[:_MOST]


def _key(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
