"""Hostile pages read in a child: each ends, and the next page is read."""

from collections.abc import Iterator

import pytest

from schemas.article import Article
from schemas.outcome import Refusal
from tasks.pool.pool import Answered, Failed, FailureKind, Limits, Pool
from tasks.text.article import read_article
from tasks.web.urls.canonical import canonical_url
from tests.unit.text.build import SOURCE, fetched, html

LIMITS = Limits(20.0, 1 << 30)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(1)
    yield made
    made.close()


def job(page: str) -> tuple[object, ...]:
    body = page.encode()
    return fetched(body), body, SOURCE, canonical_url


@pytest.mark.parametrize(
    "page",
    [
        "<p>one</p>" * 100_000,
        "<p>one" * 100_000,
        "<div " + " ".join(f"a{number}=1" for number in range(100_000)) + ">",
        "<div>" * 100_000 + "deep",
        "<table>" + "<tr><td>cell" * 100_000,
    ],
    ids=["paragraphs", "unclosed", "attributes", "nested", "rows"],
)
def test_a_page_built_to_be_slow_ends_soon_and_the_next_is_read(pool: Pool, page: str) -> None:
    bad, good = pool.map(read_article, [job(page), job(html())], LIMITS)
    assert isinstance(bad, Answered | Failed)
    assert not isinstance(bad, Answered) or isinstance(bad.value, Refusal)
    assert isinstance(good, Answered)
    assert isinstance(good.value, Article)


def test_children_read_what_this_process_reads(pool: Pool) -> None:
    jobs = [job(html(paragraphs=number)) for number in (2, 3, 4)]
    assert pool.map(read_article, jobs, LIMITS) == Pool(0).map(read_article, jobs, LIMITS)


def test_a_page_past_its_time_or_memory_is_told_apart(pool: Pool) -> None:
    slow = pool.call(read_article, job(html()), Limits(0.001, 1 << 30))
    assert isinstance(slow, Answered | Failed)
    large = "<html><body>" + "<p>some words of a long page</p>" * 30_000 + "</body></html>"
    starved = pool.call(read_article, job(large), Limits(20.0, 64 << 20))
    assert isinstance(starved, Failed)
    assert starved.fault is FailureKind.MEMORY
