"""One guarded request: only to public addresses, within limits of time and size, one at a time for each host.

In: an address and a request policy. Out: an ``Answer``, or a ``Fault`` with its reason, never an exception.
This is the only room that opens a connection.
"""

from tasks.web.http.answer import Answer, Fault
from tasks.web.http.client import Client
from tasks.web.http.request_policy import Gate

__all__ = ["Answer", "Client", "Fault", "Gate"]
