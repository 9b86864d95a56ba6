"""Whether the address that a page gives as its own can be that of an article."""

import re
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from tasks.reference.seeds import seed_path

#: Names of files that content systems give to every page.
_EVERY_PAGE = {"", "amp", "article", "default", "home", "index", "main", "news", "print", "read", "story", "view"}
#: Names that stand behind an article's address for another view of it.
_VIEWS = {"full", "mobile", "page", "pdf", "single"}
_EXTENSION = re.compile(r"\.[a-z]{2,5}$")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
#: Digits in a row that number articles; fewer are years, parts of names and numbers of lists.
_NUMBER = re.compile(r"\d{5,}")
_NUMBER_IN_QUERY = re.compile(r"\d{3,}")
#: A year and a month, and something behind them.
_DATED = re.compile(r"/(?:19|20)\d\d/\d{1,2}/[^/]")
#: Words in the name of an article; of one whose own page has a number or a day, which its canonical address has not.
_FEWEST_WORDS, _FEWEST_UNNUMBERED = 3, 5
#: Letters in a row that are a headline: scripts that put no spaces between words.
_UNSPACED = 25


def names_article(theirs: str, ours: str) -> bool:
    """Whether ``theirs``, given by the page at ``ours``, can be the address of an article. Both are canonical.

    Not a list's: one with a list's word in it, one above the page's own, or one with too plain a name. A page whose
    address is refused here keeps its own, which costs at most a second row for a copy; one believed wrongly would
    make one article of many.

    >>> names_article("https://e.org/2024/03/levee-breaks", "https://e.org/?p=81234")
    True
    >>> [names_article(f"https://e.org{path}", "https://e.org/local/levee-breaks-81234") for path in (
    ...     "/local", "/tag/levee-breaks-in-the-valley", "/world-news", "/levee-81234", "/print/levee-breaks-81234")]
    [False, False, False, True, True]
    >>> names_article("https://e.org/world/levee-breaks-81234", "https://e.org/world/levee-breaks-81234/print")
    True
    """
    if theirs == ours:
        return True
    if is_list(theirs, ours):
        return False
    mine, name = _name(ours), _name(theirs)
    if name == mine and name not in _EVERY_PAGE:
        return True
    if _is_numbered(theirs):
        return True
    words = [word for word in _BETWEEN_WORDS.split(name) if word]
    fewest = _FEWEST_UNNUMBERED if _is_numbered(ours) else _FEWEST_WORDS
    return len(words) >= fewest or (not name.isascii() and max(map(len, words), default=0) >= _UNSPACED)


def is_list(theirs: str, ours: str) -> bool:
    """Whether an address surely is a list's: the front page, one with a list's word, one above the page's own."""
    there, own_address = urlsplit(theirs), urlsplit(ours)
    parts = [unquote(part).lower() for part in there.path.split("/") if part]
    query = parse_qsl(there.query, keep_blank_values=True)
    if not parts and not query:
        return True
    if _list_words() & {*parts, *(name.lower() for name, _ in query)}:
        return True
    mine = [unquote(part).lower() for part in own_address.path.split("/") if part]
    below = mine[len(parts) :] if mine[: len(parts)] == parts else []
    return not query and any(not (part.isdecimal() or part in _EVERY_PAGE | _VIEWS) for part in below)


def _is_numbered(url: str) -> bool:
    parts = urlsplit(url)
    return bool(
        _DATED.search(parts.path) or _NUMBER.search(_name(url)) or _NUMBER_IN_QUERY.search(unquote(parts.query))
    )


def _name(url: str) -> str:
    """The last part of a path without its ending."""
    return _EXTENSION.sub("", unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].lower())


@cache
def _list_words() -> frozenset[str]:
    """The words of ``seeds/list_addresses.txt``."""
    lines = seed_path("list_addresses.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
