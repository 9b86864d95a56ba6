"""CC-NEWS, Common Crawl's daily archive of news sites: the WARC files of some days, by its index of paths.

Every month has one (``crawl-data/CC-NEWS/2024/03/warc.paths.gz``): a path a line, gzip. A file's name says when it was
begun (``CC-NEWS-20240301004512-00017.warc.gz``), and it holds what was fetched from then on. Here the files are named;
what is in them is read by ``imports/ccnews.py``.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from schemas.apart import Apart, here
from schemas.run import Window
from schemas.source import Search
from tasks.web.http.decode import gunzip
from tasks.web.http.response import FetchError
from tasks.web.readers.entries import Entry, Reading
from tasks.web.readers.paging import Ask, Page, read_page
from tasks.web.readers.stamps import NO_STAMP, Stamp

NOT_PATHS = "not_cc_news_paths"
#: Bytes of an unpacked index; a month has some 800 files, a line of 70 characters each.
_MAX_INDEX = 8 << 20
_FILE = re.compile(r"crawl-data/CC-NEWS/\d{4}/\d{2}/CC-NEWS-(\d{14})-\d+\.warc\.gz")


def index_url(base: str, month: date) -> str:
    """The address of a month's index.

    >>> index_url("https://data.commoncrawl.org/", date(2024, 3, 1))
    'https://data.commoncrawl.org/crawl-data/CC-NEWS/2024/03/warc.paths.gz'
    """
    return f"{base.rstrip('/')}/crawl-data/CC-NEWS/{month:%Y/%m}/warc.paths.gz"


def read_index(ask: Ask, search: Search, window: Window, apart: Apart = here) -> Iterator[Page]:
    """The index of each month of a window in turn; its entries are the WARC files begun within the window.

    Ends with the first index that cannot be read.
    """
    month = window.start.replace(day=1)
    while month <= window.end:
        url = index_url(search.url, month)
        answer = ask(url)
        page = Page(url, answer, read_page(answer, partial(read_paths, base=search.url, window=window), apart))
        yield page
        if not page.readable:
            return
        month = (month + timedelta(days=31)).replace(day=1)


def read_paths(data: bytes, base: str, window: Window) -> Reading:
    """The files of an index that were begun on the days of a window, the earliest first."""
    plain = gunzip(data, _MAX_INDEX)
    if isinstance(plain, FetchError):
        return Reading(error=NOT_PATHS, detail=f"no gzip of paths: {plain.detail}"[:200])
    lines = plain.decode("utf-8", "replace").split()
    matches = [match for line in lines if (match := _FILE.fullmatch(line))]
    if not matches:
        return Reading(error=NOT_PATHS, detail=f"{len(lines)} lines, none the path of a CC-NEWS file")
    entries = [Entry(f"{base.rstrip('/')}/{match.group()}", modified=_begun(match[1])) for match in matches]
    within = [entry for entry in entries if entry.modified.day and window.start <= entry.modified.day <= window.end]
    lost = len(lines) - len(matches)
    reading = Reading(tuple(sorted(within, key=lambda entry: entry.url)))
    return reading.noting(f"{lost} of {len(lines)} lines are no path", partial=True) if lost else reading


def _begun(digits: str) -> Stamp:
    """The instant of a file's name; :data:`NO_STAMP` for digits that are none."""
    try:
        begun = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return NO_STAMP
    return replace(NO_STAMP, instant=begun, day=begun.date(), raw=digits)
