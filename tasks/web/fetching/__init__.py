"""Fetching: one link is asked for, judged and kept; robots.txt and reservations of rights are obeyed.

In: a batch of links and a ``Web``, which a run shares. Out: a fetched page, or the outcome of the link.
Every page is in the archive and in the ledger before it is passed on.
"""

from tasks.web.fetching.session import Web, web_for
from tasks.web.fetching.verdicts import Verdict
from tasks.web.fetching.visit import visit_batch

__all__ = ["Verdict", "Web", "visit_batch", "web_for"]
