"""Names of authors: without those they write for, and where a page marks them by an id."""

import pytest

from tests.unit.text.build import article, html


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Lina Haddad For The Daily Post", ("Lina Haddad",)),
        ("Lina Haddad FOR THE DAILY POST", ("Lina Haddad",)),
        ("Lina Haddad for Outlet", ("Lina Haddad",)),
        ("Lina Haddad", ("Lina Haddad",)),
        # No person writes for somebody here.
        ("Center for Rural Studies", ("Center for Rural Studies",)),
    ],
)
def test_for_whom_somebody_writes_is_no_part_of_the_name(byline: str, authors: tuple[str, ...]) -> None:
    page = html(body=f'<p class="byline">By <a class="author" href="/a">{byline}</a></p>')
    assert article(page).authors == authors


@pytest.mark.parametrize("name", ["author", "byline"])
def test_an_agency_in_an_element_with_the_id_of_an_author(name: str) -> None:
    assert article(html(body=f'<div><span id="{name}">The Canadian Press</span></div>')).authors == (
        "The Canadian Press",
    )
