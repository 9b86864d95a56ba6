"""The bytes of a feed made ready to be read: as UTF-8 whatever they claim to be, cut to size, checked for structure."""

import re
from xml.parsers import expat

from charset_normalizer import from_bytes

from tasks.reference.machine.charsets import codec_of

#: What no honest feed has and every parser suffers from. Far above any feed seen, far below what hurts.
MAX_TAGS = 200_000
MAX_DEPTH = 100
MAX_ATTRIBUTES = 500
MAX_ENTITIES = 200
MAX_ENTITY = 1_000

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,300}\?>", re.ASCII)
_DECLARED = re.compile(rb"^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
#: Characters that XML 1.0 does not allow.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: A character by its number, however often its ampersand was escaped.
_REFERENCE = re.compile(r"&(?:amp;){0,9}#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_ITEM_END = re.compile(rb"</(?:\w{1,20}:)?(?:item|entry)\s*>")
_LONG_TAG = re.compile(rb"<[^<>]{20000,}")
#: Of the characters beyond ASCII, how many may be no UTF-8 in what still is UTF-8 with a flaw.
_FLAWED = 0.05
_GUESSED_FROM = 65_536


def as_utf8(data: bytes, content_type: str | None = None) -> tuple[bytes, str]:
    """A document in UTF-8 with a declaration that says so, and what was not as declared (for people; ``""``: nothing).

    Strict UTF-8 is believed before any label, for nothing else looks like it by chance; then the label; then a guess.
    """
    text, note = _decoded(data, content_type)
    clean = _REFERENCE.sub(_if_legal, _CONTROL.sub("", text.lstrip("\ufeff \t\r\n\0")))
    if len(clean) < len(text.strip("\ufeff \t\r\n\0")):
        note = "; ".join(part for part in (note, "control characters left out") if part)
    body = _DECLARATION.sub("", clean, count=1) if clean.startswith("<?xml") else clean
    return b'<?xml version="1.0" encoding="utf-8"?>' + body.encode("utf-8", "replace"), note


def _if_legal(reference: re.Match[str]) -> str:
    """A reference as it is; nothing for one to a character that no XML holds: the parser would raise on the whole feed.

    >>> _REFERENCE.sub(_if_legal, "a&#xD800;b&amp;#56320;c&#0;d&#99999999;e&#233;f&#x9;")
    'abcde&#233;f&#x9;'
    """
    digits = (reference[1] or reference[2]).lstrip("0")
    number = int(digits or "0", 16 if reference[1] else 10) if len(digits) < 8 else -1
    legal = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0xFFFF < number < 0x110000
    return reference[0] if legal else ""


def _decoded(data: bytes, content_type: str | None) -> tuple[str, str]:
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return data.decode(codec, "replace"), ""
    declared = _label(data, content_type)
    if b"\x1b" not in data:  # ISO-2022 is all ASCII, and then no UTF-8
        try:
            return data.decode("utf-8"), "" if _is_utf8(declared) else f"declared {declared}, is UTF-8"
        except UnicodeDecodeError:
            pass
    named = codec_of(declared) if declared and not _is_utf8(declared) else None
    if named is not None:
        try:
            return data.decode(named), ""
        except UnicodeDecodeError:
            pass
    return _guessed(data, declared)


def _guessed(data: bytes, declared: str) -> tuple[str, str]:
    """The text of bytes that are not what they are said to be."""
    text = data.decode("utf-8", "replace")
    lost, beyond = text.count("\ufffd"), sum(byte > 127 for byte in data)
    if lost <= max(1, beyond * _FLAWED):
        return text, f"{lost} characters are no UTF-8"
    best = from_bytes(data[:_GUESSED_FROM]).best()
    codec = best.encoding if best else "latin-1"
    return data.decode(codec, "replace"), f"declared {declared or 'nothing'}, read as {codec}"


def _label(data: bytes, content_type: str | None) -> str:
    """The encoding the document names, else the one its header names."""
    named = _DECLARED.match(data[:500])
    if named:
        return named[1].decode("ascii").lower()
    header = _CHARSET.search(content_type or "")
    return header[1].lower() if header else ""


def _is_utf8(label: str) -> bool:
    return label in ("", "utf-8", "utf8", "us-ascii", "ascii")


def first_items(data: bytes, most: int) -> tuple[bytes, bool]:
    """A document without what follows its first so many items, and whether there was any."""
    for number, item_end in enumerate(_ITEM_END.finditer(data), 1):
        if number == most + 1:
            return data[: item_end.start()], True
    return data, False


class _TooMuchError(Exception):
    """The structure is beyond a limit; the text says which."""


def excess(data: bytes) -> str:
    """What in a feed's structure no honest feed has, found by parsers that take linear time; ``""`` where nothing."""
    if data.count(b"<") > MAX_TAGS:
        return f"more than {MAX_TAGS} tags"
    if any(tag.group().count(b"=") > MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(data)):
        return f"a tag with more than {MAX_ATTRIBUTES} attributes"
    try:
        _counting_parser().Parse(data, True)
    except expat.ExpatError:
        return ""  # broken XML is feedparser's to mend
    except _TooMuchError as error:
        return str(error)
    return ""


def _counting_parser() -> "expat.XMLParserType":
    depth = entities = 0

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise _TooMuchError(f"elements nested deeper than {MAX_DEPTH}")
        if len(attributes) > MAX_ATTRIBUTES:
            raise _TooMuchError(f"an element with more than {MAX_ATTRIBUTES} attributes")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(_name: str, _parameter: object, value: str | None, *_: object) -> None:
        nonlocal entities
        entities += 1
        if entities > MAX_ENTITIES or (value and (len(value) > MAX_ENTITY or re.search(r"[&%]\w+;", value))):
            raise _TooMuchError("entities that expand too much: nested, too many or too long")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, entity
    return parser
