"""The language of a text: by its letters where they decide it, else by py3langid; the same text, the same answer."""

import re

import py3langid

#: Letters only one language of its script writes, and how often they must stand there, in characters per thousand.
_SORANI = re.compile("[ڕڵێۆە]")
_PERSIAN_OR_URDU = re.compile("[پچژگ]")
_URDU = re.compile("[ٹڈڑےں]")
_ARABIC_SCRIPT = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_KURMANJI = re.compile(r"\b(?:û|ku|ji|li|bi|ên|ya|yên|de|di|vê|wê|jî|hat|dike|kir)\b")
_KURMANJI_LETTERS = re.compile("[êîû]")
#: More says nothing new and costs time.
_ENOUGH = 700
UNDETERMINED = "und"
#: A source of many languages.
MANY = "mul"
#: Languages of one source that are told apart only by long texts, or that its readers read alike.
_KIN = tuple(
    map(
        frozenset,
        (
            ("no", "nb", "nn", "da", "sv"),
            ("hr", "sr", "bs", "sl", "mk", "bg"),
            ("id", "ms", "jv"),
            ("cs", "sk"),
            ("es", "pt", "gl", "ca", "an", "oc", "it"),
            ("ru", "uk", "be"),
            ("ku", "kmr", "ckb"),
            ("fa", "prs", "tg"),
            ("he", "iw"),
            ("tr", "az"),
            ("hi", "mr", "ne"),
            ("nl", "af"),
        ),
    )
)
#: Shorter texts are too often names and quotations.
_SURE = 300
#: Natural logarithm of how much likelier one language must be than the other over the sample.
_MARGIN = 60.0


def read_language(text: str, declared: str | None = None) -> str:
    """ISO 639 code (two letters, ``ckb`` for Sorani) of a text; ``declared`` decides only where there are no words.

    ``und`` where nothing can be said.
    """
    sample = text[:_ENOUGH]
    if not any(char.isalpha() for char in sample):
        return _declared(declared)
    if by_letters := _by_letters(sample):
        return by_letters
    code, _ = py3langid.classify(sample)
    return str(code)


def is_other_language(text: str, language: str, wanted: str) -> bool:
    """Whether a text is surely not in the language wanted; ``mul`` and ``und`` want any."""
    if {language, wanted} & {MANY, UNDETERMINED} or language == wanted or len(text) < _SURE:
        return False
    if any({language, wanted} <= kin for kin in _KIN):
        return False
    scores = dict(py3langid.rank(text[:_ENOUGH]))
    if language not in scores or wanted not in scores or _by_letters(text[:_ENOUGH]):
        return _by_letters(text[:_ENOUGH]) is not None or _arabic(text) != (wanted in _ARABIC)
    return bool(scores[language] - scores[wanted] > _MARGIN)


#: Languages written in Arabic letters.
_ARABIC = frozenset(("ar", "fa", "ckb", "ur", "ps", "ug", "sd", "prs"))


def _arabic(text: str) -> bool:
    sample = text[:_ENOUGH]
    return len(_ARABIC_SCRIPT.findall(sample)) * 2 > sum(map(str.isalpha, sample))


def _declared(code: str | None) -> str:
    primary = re.split(r"[-_]", (code or "").strip().lower())[0]
    return primary if re.fullmatch(r"[a-z]{2,3}", primary) else UNDETERMINED


def _by_letters(sample: str) -> str | None:
    letters = sum(map(str.isalpha, sample))
    arabic = len(_ARABIC_SCRIPT.findall(sample))
    if arabic * 2 > letters:
        if len(_SORANI.findall(sample)) * 20 > arabic:
            return "ckb"
        if len(_URDU.findall(sample)) * 50 > arabic:
            return "ur"
        return "fa" if len(_PERSIAN_OR_URDU.findall(sample)) * 80 > arabic else None
    lowered = sample.casefold()
    if len(_KURMANJI_LETTERS.findall(lowered)) * 40 > letters and len(_KURMANJI.findall(lowered)) * 60 > letters:
        return "ku"
    return None
