"""Patterns of paths: what fits, and that none takes long."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from tasks.web.fetching.reservations import Rule, rule_for
from tasks.web.urls.patterns import fits

#: Letters few enough that patterns and paths meet.
_PATH = st.text("ab/", max_size=12).map(lambda rest: f"/{rest}")


@given(st.text("ab/*$", max_size=10), _PATH)
def test_it_fits_what_the_same_words_as_an_expression_fit(pattern: str, path: str) -> None:
    ended = pattern.endswith("$")
    pieces = [re.escape(piece) for piece in pattern.removesuffix("$").split("*")]
    expression = ".*".join(pieces) + ("$" if ended else "")
    assert fits(pattern, path) == (re.match(expression, path, re.DOTALL) is not None)


@pytest.mark.parametrize(
    "pattern", ["*a*a*a*a*a*a*a*ab", "*a" * 1000 + "b", "*" * 2000 + "b$", "/" + "a*" * 900 + "b", "*aaaaaaaab" * 200]
)
@pytest.mark.parametrize("path", ["/" + "a" * 4000, "/" + "ab" * 2000, "/" + "a" * 3999 + "b"])
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    """As a backtracking expression the first of these took minutes over a link of 3,000 letters."""
    begun = time.process_time()
    fits(pattern, path)
    rule_for((Rule(pattern, True),), path)
    robots = Protego.parse(f"User-agent: *\nDisallow: {pattern}\n")
    robots.can_fetch(f"http://news.firstdraft.test{path}", "firstdraft")
    assert time.process_time() - begun < 1


def test_the_library_for_robots_agrees_with_it() -> None:
    for pattern in ("/a*b", "/*.pdf$", "/private", "*c", "/$"):
        robots = Protego.parse(f"User-agent: *\nDisallow: {pattern}\n")
        for path in ("/", "/a", "/ab", "/axxb", "/x.pdf", "/x.pdf?y", "/private/x", "/xc", "/xcx"):
            allowed = robots.can_fetch(f"http://news.firstdraft.test{path}", "firstdraft")
            assert allowed != fits(pattern, path), (pattern, path)


def test_a_site_cannot_hang_the_look_at_its_reservation() -> None:
    rules = tuple(Rule("*a" * 500 + f"b{number}", True) for number in range(1000))
    begun = time.process_time()
    assert rule_for(rules, "/" + "a" * 3000) is None
    assert time.process_time() - begun < 5
