"""Patterns of paths that sites write: ``*`` for any characters, ``$`` at the end (RFC 9309 2.2.3).

They are matched with ``str.find``, never by a regular expression: ``*a*a*a*a*b`` as one backtracks for minutes.
"""


def fits(pattern: str, path: str) -> bool:
    """Whether a path begins with what a pattern describes, or is all of it where the pattern ends with ``$``.

    Takes the first place where each piece between two stars fits, which leaves most for the pieces after it, so no
    choice is ever taken back: the time grows with the length of the path.

    >>> [fits("/press/*.pdf$", path) for path in ("/press/a.pdf", "/press/a.pdf?x", "/a/press/a.pdf")]
    [True, False, False]
    >>> fits("*a*b", "/cab"), fits("/a$", "/ab"), fits("*", "/"), fits("/*/$", "/")
    (True, False, True, False)
    """
    ended = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not pieces:
        return not ended or at == len(path)
    last = pieces.pop() if ended else ""
    for piece in pieces:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return path.endswith(last) and len(path) - len(last) >= at if ended else True
