"""JSON Feed: items as they are, dates never invented, and nothing else taken for a feed."""

import json

import pytest

from tasks.web.readers import feeds
from tasks.web.readers.jsonfeed import MAX_BYTES, MAX_ENTRIES, NOT_A_FEED, read_json_feed

V = "https://jsonfeed.org/version/1.1"


def feed(*items: object, **more: object) -> bytes:
    return json.dumps({"version": V, "title": "N", "items": list(items), **more}).encode()


def test_items_in_order_with_their_dates() -> None:
    reading = read_json_feed(
        feed(
            {
                "id": "1",
                "url": "https://e.org/a",
                "title": " Two\n lines ",
                "date_published": "2023-12-11T10:00:00+03:00",
            },
            {"id": "2", "url": "https://e.org/b", "date_modified": "2023-12-12T00:00:00Z"},
        )
    )
    first, second = reading.entries
    assert (first.url, first.title, first.published.raw) == (
        "https://e.org/a",
        "Two lines",
        "2023-12-11T10:00:00+03:00",
    )
    assert str(first.published.instant) == "2023-12-11 07:00:00+00:00"
    assert (second.published.day, str(second.modified.day)) == (None, "2023-12-12")
    assert (reading.error, reading.partial, reading.detail) == (None, False, "")


@pytest.mark.parametrize("date", [1702281600, "yesterday", "12:00", None, ["2023-12-11"], True])
def test_a_date_is_never_invented(date: object) -> None:
    (entry,) = read_json_feed(feed({"url": "https://e.org/a", "date_published": date})).entries
    assert (entry.published.instant, entry.published.day) == (None, None)


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"url": "/a", "external_url": "https://o.org/"}, "/a"),
        ({"external_url": "https://o.org/x"}, "https://o.org/x"),
        ({"id": "https://e.org/7"}, "https://e.org/7"),
        ({"id": "tag:e.org,7"}, ""),
        ({"id": 7, "url": 7}, ""),
    ],
)
def test_where_an_item_leads(item: dict[str, object], url: str) -> None:
    assert [entry.url for entry in read_json_feed(feed(item)).entries] == [url]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"version": "1", "items": []}',
        json.dumps({"version": V}).encode(),
        json.dumps({"version": V, "items": {}}).encode(),
        feed()[:-3],
        b"[" * 100_000,
        b'{"version": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe{",
        b'{"error": "checking your browser"}',
    ],
)
def test_what_is_no_feed_is_an_error(data: bytes) -> None:
    reading = read_json_feed(data)
    assert (reading.error, reading.entries) == (NOT_A_FEED, ())
    assert reading.detail


def test_an_empty_feed_is_a_feed_and_a_byte_order_mark_does_no_harm() -> None:
    reading = read_json_feed(b"\xef\xbb\xbf" + feed())
    assert (reading.error, reading.entries) == (None, ())


def test_what_is_lost_is_said() -> None:
    reading = read_json_feed(feed("text", {"url": "https://e.org/a"}, None))
    assert (len(reading.entries), reading.partial, reading.detail) == (1, True, "2 items are no objects")
    many = read_json_feed(feed(*({"url": f"https://e.org/{n}"} for n in range(MAX_ENTRIES + 1))))
    assert (len(many.entries), many.partial) == (MAX_ENTRIES, True)
    assert str(MAX_ENTRIES) in many.detail


def test_a_feed_above_the_cap_is_not_parsed() -> None:
    reading = read_json_feed(feed({"title": "x" * MAX_BYTES}))
    assert reading.error == NOT_A_FEED
    assert str(MAX_BYTES) in reading.detail


def test_titles_can_be_stored() -> None:
    (entry,) = read_json_feed(b'{"version": "%s", "items": [{"title": "a\\ud800\\u0000b"}]}' % V.encode()).entries
    assert entry.title == "a b"


def test_the_words_and_limits_are_those_of_other_feeds() -> None:
    assert (MAX_ENTRIES, NOT_A_FEED) == (feeds.MAX_ENTRIES, feeds.NOT_A_FEED)
