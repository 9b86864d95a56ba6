"""One guarded request: only to public addresses, within limits of time and size, one at a time for each host.

In: an address and a request policy. Out: an ``Response``, or a ``FetchError`` with its reason, never an exception.
This is the only room that opens a connection.
"""

from tasks.web.http.client import Client
from tasks.web.http.request_policy import RequestPolicy
from tasks.web.http.response import FetchError, Response

__all__ = ["Client", "FetchError", "RequestPolicy", "Response"]
