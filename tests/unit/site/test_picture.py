"""The picture of an event beside a link to it."""

import io
from datetime import date

from PIL import Image

from tasks.site.kinds.picture import SIZE, event_picture, pictured
from tests.unit.site.test_headlines import a_row

DAY: dict[str, object] = {
    "event_type": "Battles", "date_start": date(2024, 5, 3), "date_end": None, "date_precision": 1, "source_count": 2,
}  # fmt: skip


def opened(**changes: object) -> Image.Image:
    image = Image.open(io.BytesIO(event_picture(a_row(**DAY | changes))))
    image.load()
    return image


def test_it_is_a_small_picture_in_the_colour_of_its_kind() -> None:
    assert opened().size == SIZE
    assert opened().convert("RGB").getpixel((10, 300)) == (0xB3, 0x26, 0x1E)
    assert opened(event_type="Protests").convert("RGB").getpixel((10, 300)) == (0x1F, 0x6F, 0xB2)
    assert len(event_picture(a_row(**DAY))) < 20_000


def test_it_is_drawn_anew_when_what_it_shows_is_new_only() -> None:
    row = a_row(**DAY)
    assert pictured(row | {"changed_run_id": "run_2", "reports": "[]"}) == pictured(row)
    assert event_picture(row) == event_picture(dict(row))
    assert event_picture(row | {"killed_low": 3, "killed_best": 3, "killed_high": 3}) != event_picture(row)


def test_letters_the_font_lacks_leave_the_kind_of_event() -> None:
    """What it cannot draw would stand there as boxes."""
    assert opened(place_name="أريحا").tobytes() == opened(place_name="حلب").tobytes()
    assert opened(place_name="أريحا").tobytes() != opened(place_name="Ariha").tobytes()


def test_a_headline_as_long_as_a_page_stays_on_it() -> None:
    image = opened(initiator="the Committee for the Liberation of the Lakes", object="warehouse of the railway company",
                   place_name="Very" * 90).convert("L")  # fmt: skip
    assert set(image.crop((0, 450, 1200, 475)).crop((60, 0, 1200, 25)).tobytes()) == {255}
