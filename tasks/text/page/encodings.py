"""Text that was decoded wrongly before it reached us: told by what it becomes when the mistake is undone."""

import re

#: What UTF-8 is most often taken for, by the language of the page.
_MISTAKEN = ("cp1252", "latin-1", "cp1251", "cp1256", "cp1254")
_SAMPLE = 4_000
_TRIED = 40
#: Fewer characters beyond ASCII prove nothing.
_FEWEST = 12
_ACCENTED = re.compile("[À-ÖØ-öø-ÿ]")
_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ]")
#: Of the letters of Vietnamese, the most accented language in Latin script, a third are; of Cyrillic read as Latin all.
_MOST_ACCENTED = 0.6
_MOST_REPLACED = 0.01
#: English keeps its sense with broken quotation marks; where letters break, they do so in a tenth of the words.
_FEWEST_WORDS = 0.08


def mojibake(text: str) -> str | None:
    """What went wrong with the characters of a text, ``None`` where they look right.

    >>> mojibake("dÃ©clarÃ© un tÃ©moin Ã©coutÃ© aprÃ¨s la priÃ¨re")
    'UTF-8 read as cp1252'
    """
    if (bad := text.count("\ufffd")) > len(text) * _MOST_REPLACED:
        return f"{bad} of {len(text)} characters cannot be decoded"
    sample = text[:_SAMPLE]
    if len(sample) - len(sample.encode("ascii", "ignore")) < _FEWEST:
        return None
    words = [word for word in sample.split() if not word.isascii()]
    if len(words) < _FEWEST_WORDS * len(sample.split()):
        return None
    words = words[:_TRIED]
    for encoding in _MISTAKEN:
        if _undone(words, encoding):
            return f"UTF-8 read as {encoding}"
    letters = len(_LATIN.findall(sample))
    if letters > sum(map(str.isalpha, sample)) / 2 and len(_ACCENTED.findall(sample)) > letters * _MOST_ACCENTED:
        return "letters of another alphabet read as Latin"
    return None


def _undone(words: list[str], encoding: str) -> bool:
    """Whether most words beyond ASCII are valid UTF-8, and shorter, once encoded back."""
    unchanged, most = 0, len(words) // 2 + len(words) % 2
    for word in words:
        try:
            unchanged += len(word.encode(encoding).decode("utf-8")) >= len(word)
        except UnicodeError:
            unchanged += 1
        if unchanged >= most:
            return False
    return True
