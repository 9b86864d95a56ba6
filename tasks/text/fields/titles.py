"""The title of an article among what a page offers, without the name of the site."""

import re

from tasks.text.page.characters import clean_line, same
from tasks.text.page.declared import Declared, visible_text
from tasks.text.page.html import Tree
from tasks.text.page.jsonld import types

_SEPARATORS = re.compile(r"\s+(?:[|\-–—·•»›:~]|--)\s+|\s*[|｜：]\s*")
_LONGEST = 400
#: Declared titles of fewer words are compared with no heading: scripts without spaces, and names.
_FEWEST_WORDS = 4
_LEAST_SHARED = 0.3
_FLAT = str.maketrans("‘’“”„«»–—‑", '\'\'"""""---')


def read_title(
    heading: str | None, declared: Declared, site: str | None, hint: str | None, hosts: frozenset[str] = frozenset()
) -> str | None:
    """The title: Open Graph's where a newsroom declares a headline too, else the page's main heading, else others
    declared. ``benchmarks.origins --titles`` counts how often each is right.

    A site's name at its end (or beginning) goes; ``hosts`` are labels of its address. Where the first choice is cut
    short, or only names the site, the next is taken. A heading that shares next to nothing with what is declared is
    that of a box.
    """
    edited = (declared.first("og:title"), declared.stated("headline"))
    own = heading if heading and _tells(heading, declared) and not _precedes(heading, declared) else None
    # Where no newsroom declares a headline, the Open Graph title is often written for search engines: the page's own is
    # better. It also is where JSON-LD has the same, and the document's title has not.
    in_news = all(edited) and any("News" in name for name in types(declared.article))
    shown = own and (not in_news or (_alike(own, edited[1]) and not _begins(declared.title, own)))
    candidates = (
        *((own, *edited) if shown else edited),
        declared.first("twitter:title", "title", "dc.title", "sailthru.title", "headline"),
        own,
        declared.title,
        heading,
        hint,
    )
    titles = [without_site(line, site, heading, hosts) for text in candidates if (line := clean_line(text))]
    titles = [title for title in titles if title and title != site and len(title) <= _LONGEST]
    return _spaced(_whole(titles), titles)


def _tells(heading: str, declared: Declared) -> bool:
    """Whether a heading has enough words of a title that is declared, where one is and has words to compare."""
    titles = (declared.first("og:title") or declared.title, declared.stated("headline"), declared.title)
    wanted = [_words(title or "") for title in titles]
    mine = _words(heading)
    return len(wanted[0]) < _FEWEST_WORDS or any(
        len(mine & words) >= _LEAST_SHARED * len(words) > 0 for words in wanted
    )


def _precedes(heading: str, declared: Declared) -> bool:
    """Whether a heading is the name a site puts before its titles: "Name: Title" of a page whose title is "Title"."""
    title, edited = clean_line(declared.title), clean_line(declared.first("og:title"))
    return bool(
        title and edited and any(same(title, f"{heading}{dash}{edited}") for dash in (": ", " | ", " - ", " – "))
    )


def _alike(first: str | None, second: str | None) -> bool:
    """Whether two titles differ in case, white space, quotation marks and dashes only."""
    mine, theirs = clean_line(first), clean_line(second)
    return bool(mine and theirs and same(mine.translate(_FLAT), theirs.translate(_FLAT)))


def _begins(title: str | None, heading: str) -> bool:
    """Whether the document's title is the heading, with a name behind it or without."""
    line = clean_line(title) or ""
    return line.translate(_FLAT).casefold().startswith(heading.translate(_FLAT).casefold())


def _spaced(title: str | None, titles: list[str]) -> str | None:
    """The title as another candidate spaces it, where that has fewer spaces: elements in a heading tear words apart."""
    if title is None:
        return None
    joined = title.replace(" ", "")
    return min((candidate for candidate in titles if candidate.replace(" ", "") == joined), key=len, default=title)


def main_heading(tree: Tree, declared: Declared) -> str | None:
    """The text of the ``h1`` that shares most words with what the page declares as its title; of the only one, where
    there is one.
    """
    heading = _main(tree, _declared_words(declared))
    return clean_line(visible_text(heading)) if heading is not None else None


def headline(tree: Tree, declared: Declared) -> Tree | None:
    """The element of the headline: the main ``h1``, or a smaller heading that says the title where no ``h1`` does."""
    wanted = _declared_words(declared)
    main = _main(tree, wanted)
    if main is not None and (not wanted or _shared(main, wanted) > 0):
        return main
    smaller = [element for element in tree.iter("h2", "h3", "h4") if _shared(element, wanted) > 0.6]
    return max(smaller, key=lambda element: _shared(element, wanted), default=main)


def _main(tree: Tree, wanted: set[str]) -> Tree | None:
    headings = [element for element in tree.iter("h1") if visible_text(element)]
    if len(headings) < 2:
        return headings[0] if headings else None
    return max(headings, key=lambda element: _shared(element, wanted))


def _declared_words(declared: Declared) -> set[str]:
    return _words(declared.first("og:title") or declared.title or "")


def _shared(element: Tree, wanted: set[str]) -> float:
    words = _words(visible_text(element))
    return len(words & wanted) / (len(words) + 1)


def without_site(title: str, site: str | None, heading: str | None, hosts: frozenset[str] = frozenset()) -> str:
    """A title without the site's name. What is cut must name the site, leave just the page's heading, or stand behind
    a vertical bar and be the shorter part: a section's name.
    """
    for match in reversed(list(_SEPARATORS.finditer(title))):
        head, tail = title[: match.start()], title[match.end() :]
        behind_bar = "|" in match.group() and len(tail) < len(head)
        if behind_bar or _names_site(tail, site) or _names_host(tail, hosts) or (heading and same(head, heading)):
            return without_site(head, site, heading, hosts)
        if _names_site(head, site) or (heading and same(tail, heading) and len(tail) > len(head)):
            return tail
    return title


def _names_site(part: str, site: str | None) -> bool:
    if not site:
        return False
    mine, theirs = _key(part), _key(site)
    return bool(mine) and (mine == theirs or (len(mine) > 3 and mine in (theirs.removeprefix("the"), "the" + theirs)))


def _names_host(part: str, hosts: frozenset[str]) -> bool:
    """Whether a part is a label of the address written out: "White Coat Investor" of whitecoatinvestor.com."""
    key = _key(part)
    return len(key) > 3 and any(key == host or (len(host) > 3 and key.startswith(host)) for host in hosts)


def _key(text: str) -> str:
    """A name as letters and digits only, without the ending of a domain: ``Example News`` is ``examplenews.org``."""
    bare = re.sub(r"(?:^https?://)?(?:^www\.)?", "", text.casefold().strip())
    bare = re.sub(r"\.(?:com|org|net|de|fr|info|news|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})$", "", bare)
    return "".join(char for char in bare if char.isalnum())


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _whole(titles: list[str]) -> str | None:
    """The first title, or the one it is a cut-off beginning of."""
    if not titles:
        return None
    first = titles[0]
    stem = re.sub(r"\s*(?:\.\.\.|…)$", "", first)
    if stem != first:
        return next((title for title in titles if title.startswith(stem) and len(title) > len(first)), first)
    return first
