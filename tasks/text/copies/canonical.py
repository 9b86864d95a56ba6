"""Canonical addresses that many pages name, though they tell different stories: believed by none of them.

What one batch cannot know the warehouse does: under an address that another page brought it may hold another story.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from schemas.article import Article
from schemas.mention import CodedArticle
from schemas.outcome import Batch
from schemas.version import StandingStory
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


def settle_addresses(
    batch: Batch[CodedArticle],
    stories: Callable[[Iterable[str]], Mapping[str, StandingStory]],
    pages: Callable[[Iterable[str]], Mapping[str, Collection[str]]],
) -> Batch[CodedArticle]:
    """The batch with an address of its own for each article under whose address other pages brought another story.

    ``stories`` gives what stands under some ids of articles, ``pages`` the canonical addresses of the pages that
    brought it. An article that only claims the address gets its page's; to one whose page is there the day of the story
    is added. A page that brought the article before may change as it likes.
    """
    articles = [item.article for item in batch.items]
    standing = stories({one.article_id for article in articles for one in (article, _own(article))})
    by_id = {one.article_id: one for article in articles for one in (article, _own(article))}
    doubtful = [key for key, story in standing.items() if _differs(by_id[key], story)]
    brought = pages(doubtful) if doubtful else {}
    return replace(batch, items=tuple(_settled(item, standing, brought) for item in batch.items))


def _settled(
    item: CodedArticle, standing: Mapping[str, StandingStory], brought: Mapping[str, Collection[str]]
) -> CodedArticle:
    article = item.article
    if _is_anothers(article, standing, brought):
        article = _own(article)
    if _is_anothers(article, standing, brought):
        article = replace(article, reused_on=article.published.local_day or article.page.capture.seen_at.date())
    return item if article is item.article else rekeyed(item, article)


def rekeyed(item: CodedArticle, article: Article) -> CodedArticle:
    """A coded article under another id; its mentions follow it."""
    mentions = (
        replace(mention, article_id=article.article_id, version_id=article.version_id) for mention in item.mentions
    )
    return CodedArticle(article, tuple(mentions))


def _is_anothers(
    article: Article, standing: Mapping[str, StandingStory], brought: Mapping[str, Collection[str]]
) -> bool:
    """Whether another page brought another story under the article's id."""
    story = standing.get(article.article_id)
    if story is None or not _differs(article, story):
        return False
    return article.page.fetch.link.canonical_url not in brought.get(article.article_id, ())


def _differs(article: Article, story: StandingStory) -> bool:
    return similarity(story.fingerprint, article.fingerprint) < SAME_STORY
