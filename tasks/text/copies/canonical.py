"""Canonical addresses that many pages name, though they tell different stories: believed by none of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from schemas.article import Article
from tasks.text.copies.fingerprint import SAME_STORY, similarity


def with_own_addresses(articles: Sequence[Article]) -> list[Article]:
    """The articles, in their order; where pages of different addresses and texts name one canonical address, each has
    its own. Copies of one text (a print view, a mobile host) keep the address they share.
    """
    claims: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        claims[article.canonical_url].append(article)
    shared = {url for url, claimed in claims.items() if _is_shared_by_different(claimed)}
    return [_own(article) if article.canonical_url in shared else article for article in articles]


def _is_shared_by_different(claimed: Sequence[Article]) -> bool:
    if len({article.page.fetch.link.canonical_url for article in claimed}) < 2:
        return False
    first = claimed[0]
    return any(similarity(first.fingerprint, other.fingerprint) < SAME_STORY for other in claimed[1:])


def _own(article: Article) -> Article:
    return replace(article, canonical_url=article.page.fetch.link.canonical_url)
