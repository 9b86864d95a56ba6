"""A browser, and the site of a small warehouse, both made once."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schemas.settings import Settings
from tasks.site.build import build_site
from tasks.site.files.shelf import Options, Shelf
from tasks.text.copies.worddiff import differences
from tasks.warehouse.publish.export import export_views
from tasks.warehouse.store.connect import open_reader
from tasks.warehouse.store.queries import fetch_rows
from tests.site.material import make

if TYPE_CHECKING:
    from playwright.sync_api import Browser

playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need Playwright")


def publish(settings: Settings, folder: Path, options: Options | None = None) -> Path:
    """Build the site of a warehouse, exports and all."""
    with open_reader(settings, external=True) as con:
        exports = export_views(con, ("acled", "events_overview", "daily_tolls"), settings.exports_dir)
        build_site(Shelf(partial(fetch_rows, con), differences, tuple(exports), settings.exports_dir), folder, options)
    return folder


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the small warehouse."""
    settings = Settings(data_dir=Path(tmp_path_factory.mktemp("warehouse")))
    make(settings)
    return settings


@pytest.fixture(scope="session")
def site(warehouse: Settings) -> Path:
    """Its site."""
    return publish(warehouse, warehouse.site_dir)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Debian's Chromium, without a window."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with playwright.sync_playwright() as running:
        # Without its sandbox: in containers, as root, it has none. It opens our own files only.
        browser = running.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
