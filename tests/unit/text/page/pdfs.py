"""PDF files of our own making: pages of lines, as small as they can be."""

from collections.abc import Sequence

#: A line: where it stands, its size, and its words.
Line = tuple[float, float, float, str]


def paragraph(words: Sequence[str], top: float = 700.0, left: float = 72.0, size: float = 11.0) -> list[Line]:
    """Lines one below the other, near enough to be one box."""
    return [(left, top - number * size * 1.2, size, line) for number, line in enumerate(words)]


def pdf(pages: Sequence[Sequence[Line]], picture: bool = False, **info: str) -> bytes:
    """A file with these pages; ``picture``: each shows a picture instead."""
    objects: dict[int, bytes] = {1: b"<</Type/Catalog/Pages 2 0 R>>", 3: _FONT, 4: _PICTURE}
    kids = []
    for number, lines in enumerate(pages):
        place = 6 + number * 2
        kids.append(f"{place} 0 R")
        drawn = "".join(f"BT /F1 {size} Tf {x} {y} Td ({_escaped(text)}) Tj ET\n" for x, y, size, text in lines)
        shown = "q 500 0 0 700 50 50 cm /Im1 Do Q" if picture else drawn
        objects[place] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>/XObject<</Im1 4 0 R>>>>"
            + f"/Contents {place + 1} 0 R>>".encode()
        )
        objects[place + 1] = _stream(b"", shown.encode("latin-1"))
    objects[2] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    objects[5] = f"<<{''.join(f'/{name}({_escaped(value)})' for name, value in info.items())}>>".encode("latin-1")
    return _written(objects)


_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def _stream(head: bytes, data: bytes) -> bytes:
    return b"<<" + head + f"/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


_PICTURE = _stream(b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", b"\x00")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _written(objects: dict[int, bytes]) -> bytes:
    data, places = b"%PDF-1.4\n", {}
    for number, told in sorted(objects.items()):
        places[number] = len(data)
        data += f"{number} 0 obj\n".encode() + told + b"\nendobj\n"
    table = b"".join(f"{places[number]:010d} 00000 n \n".encode() for number in sorted(objects))
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    tail = f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info 5 0 R>>\nstartxref\n{len(data)}\n%%EOF\n".encode()
    return data + head + table + tail
