"""The picture of an event that others show beside a link to it (Open Graph): its headline, day, place and counts."""

import io
from collections.abc import Mapping
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from tasks.site import pages
from tasks.site.wording import words
from tasks.site.wording.headlines import headline

SIZE = (1200, 630)
_INK, _PAPER = 20, 255
#: The palette: this many greys, and the colour of the bar at the side. Two bits a point keep the file at 10 kB.
_GREYS = 3
#: The colours of ``site.css`` for the kinds of events, in the order of :data:`pages.KINDS`, others last.
_KINDS = ("#b3261e", "#c25700", "#7b2d8e", "#1f6fb2", "#035446", "#56606e", "#77736a")
_LEFT, _WIDE = 90, 1040
_MOST_LINES = 4
_DRAWN = {
    "event_type", "sub_event_type", "weapon", "initiator", "target", "target_kind", "object", "place_name",
    "place_precision", "admin1", "country", "disputed", "deniers", "date_start", "date_end", "date_precision",
    "source_count",
}  # fmt: skip
_COUNTS = ("killed_", "injured_", "detained_", "displaced_")
#: The font comes with Pillow and has Latin letters alone: the last code it draws.
_LATIN = 0x24F


def pictured(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a picture is made of: with anything else of the event new, it stays as it is."""
    return {name: value for name, value in row.items() if name in _DRAWN or name.startswith(_COUNTS)}


def event_picture(row: Mapping[str, Any]) -> bytes:
    """A PNG of a row of ``site_event_pages``, the same bytes for the same row."""
    image = Image.new("L", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((_LEFT, 60), "firstdraft, as the sources report it", font=_font(30), fill=_INK)
    for number, line in enumerate(_lines(_latin(headline(row)) or row["sub_event_type"])):
        draw.text((_LEFT, 130 + 78 * number), line, font=_font(62), fill=_INK)
    when = words.days(row["date_start"], row["date_end"], row["date_precision"])
    where = words.place_line(row["place_name"], row["admin1"], row["country"])
    sources = words.count(row["source_count"], "source") + ("; disputed" if row["disputed"] else "")
    draw.text((_LEFT, 480), f"{when}, {_latin(where) or row['country'] or ''}"[:70], font=_font(34), fill=_INK)
    draw.text((_LEFT, 535), sources, font=_font(34), fill=_INK)
    image = image.point([round(grey * (_GREYS - 1) / 255) for grey in range(256)])
    ImageDraw.Draw(image).rectangle((0, 0, 28, SIZE[1]), fill=_GREYS)
    image.putpalette(_palette(pages.kind_number(row["event_type"])))
    file = io.BytesIO()
    image.save(file, "PNG", bits=2)
    return file.getvalue()


@cache
def _palette(kind: int) -> bytes:
    greys = [bytes(3 * [round(step * 255 / (_GREYS - 1))]) for step in range(_GREYS)]
    return b"".join([*greys, bytes.fromhex(_KINDS[kind][1:])])


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101 - without FreeType no Pillow of the index is built
    return font


def _latin(text: str) -> str:
    """The text for a title, or nothing where the font would draw boxes."""
    plain = words.plain(text).replace("\u2013", "-").replace("\u2019", "'").replace("\u2018", "'")
    return plain if all(ord(letter) <= _LATIN or letter == "\u2026" for letter in plain) else ""


def _lines(text: str) -> list[str]:
    """The words of a headline in lines that fit; what is more than fits ends in an ellipsis."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _font(62).getlength(longer) <= _WIDE:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]} ..."]
