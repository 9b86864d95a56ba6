"""Imports: pages that somebody else has archived, as WARC files or behind a CDX server.

In: files or an address, and the sources. Out: the pages of a source and a run's window, as fetched pages.
The files of others are only read.
"""

from tasks.web.imports.cdx import survey_listing, take_capture
from tasks.web.imports.owners import Owners
from tasks.web.imports.warc_index import WarcIndex
from tasks.web.imports.warcs import find_warcs

__all__ = ["Owners", "WarcIndex", "find_warcs", "survey_listing", "take_capture"]
