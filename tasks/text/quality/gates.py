"""Gates: pages that are no article, each refused with its reason; and how much of an article a page gave.

A gate closes on what most of a short text is, never on a word in passing: four sentences of wire copy are an article.
"""

from collections.abc import Iterator

from schemas.article import Completeness
from schemas.outcome import Outcome, Reason, Refusal
from tasks.reference.words.agencies import plain
from tasks.text.page.declared import Declared, visible_text
from tasks.text.page.encodings import mojibake
from tasks.text.page.html import Page, Tree
from tasks.text.page.language import is_other_language
from tasks.text.page.phrases import phrases
from tasks.text.quality.teasers import teaser_share

#: A wall has little to say: longer texts are read, whatever they speak of (a page on cookies, a ruling on log-ins).
_WALL = 1_500
#: Where nothing says the page is an article, a text this short is a caption or a notice. Ideographs say more in less.
_SHORT, _SHORT_DECLARED = 160, 60
#: Paragraphs of articles; teasers are shorter.
_LONG_LINE = 400
#: A stub: what papers show of an article they sell.
_STUB = 2_500
#: How a sentence ends in the scripts news is written in; a few words (a name, a source) may follow.
_ENDS = frozenset(".!?…。！？؟۔।\"'”’»)]:")
_AFTER_END = 60
_ORDER = (Reason.BOT_CHALLENGE, Reason.SOFT_404, Reason.LOGIN, Reason.COOKIE_WALL)


def refuse(page: Page, declared: Declared, title: str | None, text: str, dated: bool) -> Refusal | None:
    """Why this page is no article to keep, or ``None`` where it is one. ``dated``: whether it declares a date."""
    declares = dated and declared.is_article
    return _walled(page, declared, title, text, declares) or _unreadable(page, declared, text, declares, dated)


def _walled(page: Page, declared: Declared, title: str | None, text: str, declares: bool) -> Refusal | None:
    """Something that stands in front of an article, or where one was."""
    shown = text or _whole_page(page.tree)
    headings = (heading for heading in (declared.title, title, _only_heading(page.tree)) if heading)
    titles = [part for heading in headings for part in _parts(heading)]
    for reason in _ORDER:
        if detail := _wall(reason, titles, shown, declares):
            return Refusal(Outcome.REJECTED, reason, detail)
    if _password(page.tree) and len(text) < _SHORT * 2 and not declared.is_article and not declares:
        return Refusal(Outcome.REJECTED, Reason.LOGIN, "a password field and hardly any text")
    return None


def _unreadable(page: Page, declared: Declared, text: str, declares: bool, dated: bool) -> Refusal | None:
    """No text, too little of it, or that of other articles."""
    if not text:
        return Refusal(Outcome.REJECTED, Reason.NO_TEXT, "the extractor found no text")
    if detail := mojibake(text):
        return Refusal(Outcome.QUARANTINED, Reason.ENCODING, detail)
    if detail := _index(page.tree, text, declares):
        return Refusal(Outcome.REJECTED, Reason.INDEX_PAGE, detail)
    least = _SHORT_DECLARED if declared.is_article or dated else _SHORT
    if _weight(text) < least:
        return Refusal(Outcome.REJECTED, Reason.TOO_SHORT, f"{len(text)} characters, fewer than {least}")
    return None


def refuse_language(wanted: str, language: str, text: str) -> Refusal | None:
    """Why a text is not one its source writes, ``None`` where it is, or where that is not sure."""
    if not is_other_language(text, language, wanted):
        return None
    return Refusal(Outcome.REJECTED, Reason.LANGUAGE, f"the text is in {language}, the source writes {wanted}")


def read_completeness(page: Page, declared: Declared, text: str, partial: bool = False) -> Completeness:
    """Whether the text is all of it: partial where its reader says so (``partial``), behind a paywall, where the
    parser's depth limit cut it, or where the document has no end and its text none either.
    """
    if (
        partial
        or page.depth_cut
        or _paywalled(declared, text)
        or (not page.closed and _ENDS.isdisjoint(text[-_AFTER_END:]))
    ):
        return Completeness.PARTIAL
    return Completeness.LIVE_BLOG if declared.is_live else Completeness.FULL


def _wall(reason: Reason, parts: list[str], text: str, declared: bool) -> str | None:
    """What gives a wall away: its title in so many words, or its phrases in half of a short text."""
    titles, texts = phrases().gates[reason]
    named = next((part for part in parts if part in titles), None)
    if len(text) > _WALL:
        # Soft 404s and log-ins offer other articles below: there the title decides, if nothing says it is an article.
        return f"titled {named!r}" if named and not declared and reason is not Reason.COOKIE_WALL else None
    if named and not declared:
        return f"titled {named!r}"
    lines = [line for line in text.split("\n") if line]
    matching = [line for line in lines if texts.search(line)]
    if sum(map(len, matching)) * 2 < sum(map(len, lines)) or not matching:
        return None
    distinct = {match.group().casefold() for line in matching for match in texts.finditer(line)}
    # One phrase in a single paragraph may be news; a page that declares itself dated news needs two.
    needed = 2 if declared or len(text) > 300 else 1
    return f"says {min(distinct)!r}" if len(distinct) >= needed or named else None


def _parts(heading: str) -> Iterator[str]:
    """A title whole, and its parts between bars and dashes, without final points."""
    whole = plain(heading)
    yield whole.rstrip(" .!…")
    for separator in (" | ", " - ", " – ", " — ", ": ", " · ", " » "):
        for part in whole.split(separator):
            yield part.strip(" .!…")


def _only_heading(tree: Tree) -> str | None:
    """The ``h1`` where there is one: a page with several has them for its boxes too (a log-in form's, a menu's)."""
    headings = list(tree.iter("h1"))
    return visible_text(headings[0]) if len(headings) == 1 else None


def _whole_page(tree: Tree) -> str:
    body = tree.find("body")
    return visible_text(body)[: _WALL * 2] if body is not None else ""


def _index(tree: Tree, text: str, declared_article: bool) -> str | None:
    """A list of teasers: at least half of the text stands in boxes under linked headlines (most of it, if declared)."""
    lines = text.split("\n")
    if sum(len(line) for line in lines if len(line) > _LONG_LINE) * 2 > len(text):
        return None
    boxes, share = teaser_share(tree, text)
    if boxes >= (10 if declared_article else 5) and share >= (0.9 if declared_article else 0.65):
        return f"{boxes} teasers hold {share:.0%} of the text"
    return None


def _password(tree: Tree) -> bool:
    return any((element.get("type") or "").lower() == "password" for element in tree.iter("input"))


def _weight(text: str) -> int:
    """Characters, those of scripts that write a word in one or two counted threefold."""
    return len(text) + 2 * sum("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in text[:_SHORT])


def _paywalled(declared: Declared, text: str) -> bool:
    ending = "\n".join(text.split("\n")[-3:])[-600:]
    if len(text) < _STUB and phrases().paywall.search(ending):
        return True
    if str(declared.article.get("isAccessibleForFree", "")).rsplit("/", 1)[-1].lower() != "false":
        return False
    words = declared.article.get("wordCount")
    if isinstance(words, int | str) and str(words).isdecimal():
        return len(text.split()) < int(words) * 0.6
    return len(text) < _STUB // 2
