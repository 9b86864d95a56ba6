"""One running demo site for the folder, and a client that reaches its hosts."""

from collections.abc import Callable, Iterator

import pytest
import requests

from tasks.demo.content import Site, load_site
from tasks.demo.server import DemoSite, serve_demo

Ask = Callable[..., requests.Response]


@pytest.fixture(scope="session")
def site() -> Site:
    return load_site()


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoSite]:
    with serve_demo() as running:
        yield running


@pytest.fixture(scope="session")
def ask(demo: DemoSite) -> Iterator[Ask]:
    """``ask(url, **headers)`` through ``connect_to``, as the fetch client does."""
    with requests.Session() as session:
        session.trust_env = False

        def get(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> requests.Response:
            host, _, path = url.removeprefix("http://").partition("/")
            target = f"http://{demo.connect_to.get(host, f'127.0.0.1:{demo.port}')}/{path}"
            return session.request(method, target, headers={"Host": host, **(headers or {})}, timeout=5)

        yield get
