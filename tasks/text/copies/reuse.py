"""An address that tells another story than before: another article, not a new version.

All of it must be so: hardly a word in common, another title, another day of publication, and no live blog, which grows
out of its beginnings. A rewritten story keeps its title or its day; then it is a version, as every doubtful case is.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from schemas.article import Article, Completeness
from schemas.mention import CodedArticle
from schemas.outcome import Batch
from schemas.version import StandingStory
from tasks.text.copies.canonical import rekeyed
from tasks.text.copies.fingerprint import similarity

#: Two reports of one event share a few runs of words; two stories none. The estimate errs by 0.03 down here.
_MOST_SHARED = 0.08
#: Share of the words of both titles that stand in both.
_MOST_TITLE = 0.25
#: Publication days differ by a day for zones alone.
_LEAST_APART = timedelta(days=2)
_WORD = re.compile(r"\w{2,}")


def is_other_story(standing: StandingStory, article: Article) -> bool:
    """Whether a page tells another story than the article that stands under its address."""
    day, before = article.published.local_day, standing.published_day
    if day is None or before is None or abs(day - before) < _LEAST_APART:
        return False
    if Completeness.LIVE_BLOG in (article.completeness, standing.completeness) or article.correction_note:
        return False
    if similarity(standing.fingerprint, article.fingerprint) > _MOST_SHARED:
        return False
    return _shared(standing.title or "", article.title or "") <= _MOST_TITLE


def apart(batch: Batch[CodedArticle], standing: Mapping[str, StandingStory]) -> Batch[CodedArticle]:
    """The batch with an id of its own for each article whose address told another story before; mentions follow it."""
    return replace(batch, items=tuple(_apart(item, standing.get(item.article.article_id)) for item in batch.items))


def _apart(item: CodedArticle, standing: StandingStory | None) -> CodedArticle:
    if standing is None or not is_other_story(standing, item.article):
        return item
    article = replace(item.article, reused_on=item.article.published.local_day)
    return rekeyed(item, article)


def _shared(first: str, second: str) -> float:
    mine, theirs = (set(_WORD.findall(title.casefold())) for title in (first, second))
    return len(mine & theirs) / max(1, len(mine | theirs))
