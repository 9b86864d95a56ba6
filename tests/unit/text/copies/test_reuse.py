"""Addresses that many pages name, and addresses used again for another story."""

from dataclasses import replace
from datetime import date

import pytest

from schemas.article import Article, Completeness
from schemas.mention import CodedArticle
from schemas.outcome import Batch
from schemas.version import StandingStory
from tasks.text.copies.canonical import with_own_addresses
from tasks.text.copies.fingerprint import fingerprint
from tasks.text.copies.reuse import apart, is_other_story
from tests.unit.text.build import article, fetched, html

FLOOD = (
    "The river rose by two metres in one night and took the small bridge of the mill away. Farmers led their animals to"
    " the hill, and the school was opened for those whose houses stood in water. Nobody was hurt, the mayor said."
)


def news() -> Article:
    return article(html(head='<meta property="article:published_time" content="2023-12-11T10:00:00+03:00">'))


def flood(day: str = "2024-02-05") -> Article:
    made = news()
    published = replace(made.published, local_day=date.fromisoformat(day))
    return replace(
        made, title="Bridge lost in the flood", text=FLOOD, fingerprint=fingerprint(FLOOD), published=published
    )


def standing(of: Article) -> StandingStory:
    return StandingStory(of.title, of.published.local_day, of.completeness, of.fingerprint)


def test_another_text_title_and_day_are_another_story() -> None:
    assert is_other_story(standing(news()), flood())


@pytest.mark.parametrize(
    "changed",
    [
        flood("2023-12-12"),
        replace(flood(), title=news().title),
        replace(flood(), completeness=Completeness.LIVE_BLOG),
        replace(flood(), correction_note="Correction: the whole report was rewritten."),
        replace(news(), published=flood().published, title="Another headline altogether"),
        replace(flood(), published=replace(flood().published, local_day=None)),
    ],
    ids=["same day", "same title", "live blog", "correction", "same text", "undated"],
)
def test_every_doubtful_case_is_a_version(changed: Article) -> None:
    assert not is_other_story(standing(news()), changed)


def test_a_toll_that_changed_is_a_version_and_never_merged() -> None:
    old = replace(news(), text="Shelling killed 12 people.", fingerprint=fingerprint("Shelling killed 12 people."))
    new = replace(news(), text="Shelling killed 14 people.", fingerprint=fingerprint("Shelling killed 14 people."))
    assert not is_other_story(standing(old), new)
    assert old.article_id == new.article_id
    assert old.version_id != new.version_id


def test_the_other_story_has_an_id_of_its_own_each_night() -> None:
    known = {news().article_id: standing(news())}
    (item,) = apart(Batch("outlet", 0, (CodedArticle(flood(), ()),)), known).items
    assert item.article.reused_on == date(2024, 2, 5)
    assert item.article.article_id not in (news().article_id, flood().article_id)
    (again,) = apart(Batch("outlet", 3, (CodedArticle(flood(), ()),)), known).items
    assert again.article.version_id == item.article.version_id
    (same,) = apart(Batch("outlet", 0, (CodedArticle(news(), ()),)), known).items
    assert same.article == news()


def named(slug: str, made: Article) -> Article:
    """An article of one address that names the section's as its canonical one."""
    page = fetched(b"page", url=f"https://outlet.example/{slug}")
    return replace(made, page=page, canonical_url="https://outlet.example/news")


def test_an_address_named_by_different_pages_is_believed_by_none() -> None:
    got = with_own_addresses([named("one", news()), named("two", flood()), news()])
    assert [item.canonical_url.rsplit("/", 1)[1] for item in got] == ["one", "two", "story-one"]


def test_copies_of_one_text_keep_the_address_they_share() -> None:
    got = with_own_addresses([named("one", news()), named("print/one", news())])
    assert {item.canonical_url for item in got} == {"https://outlet.example/news"}
