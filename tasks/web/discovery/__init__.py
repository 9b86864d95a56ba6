"""Discovery: what a source offers now, and which of its links are worth a request.

In: a source and a run. Out: links, those left out with their reason, and one probe for each address asked.
``finder`` and ``checkup`` do the same for a source that is not in the list yet, or is doubted.
"""

from tasks.web.discovery.checkup import check_source
from tasks.web.discovery.finder import find_source
from tasks.web.discovery.survey import Survey

__all__ = ["Survey", "check_source", "find_source"]
