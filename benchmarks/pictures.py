"""Take the pictures of the site that the documents show, from the demo's site: after `make demo` and `make test`,

    .venv/bin/python -m benchmarks.pictures data/demo/site docs/pictures

It needs Chromium. Of the kinds of page there are many of, the longest is shown. Those of Prefect's pages are taken by
tests/flows/test_worker.py, where PICTURES_DIR names a folder.
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

#: Name of the picture, page or folder of pages, width and height in pixels, colour scheme.
_PICTURES = (
    ("site-front", "index.html", 1280, 1400, "light"),
    ("site-front-dark", "index.html", 1280, 1400, "dark"),
    ("site-front-phone", "index.html", 390, 1688, "light"),
    ("site-events", "events.html", 1280, 1000, "light"),
    ("site-event", "event", 1280, 1300, "light"),
    ("site-event-phone", "event", 390, 1688, "light"),
    ("site-article", "article", 1280, 1000, "light"),
    ("site-source", "source", 1280, 1000, "light"),
    ("site-data", "data.html", 1280, 1000, "light"),
)


def main(site: Path, folder: Path) -> None:
    """Write all pictures into a folder, in 256 colours."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, path, width, height, scheme in _PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            page.set_default_timeout(180_000)
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(_page(site, path).absolute().as_uri())
            page.wait_for_load_state("networkidle")
            if page.locator(".chart").count():
                page.locator(".chart").first.scroll_into_view_if_needed()
                page.locator(".chart svg").first.wait_for()
                page.evaluate("scrollTo(0, 0)")
            image = Image.open(BytesIO(page.screenshot())).convert("RGB")
            image.quantize(256, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
            page.close()
        browser.close()


def _page(site: Path, path: str) -> Path:
    if path.endswith(".html"):
        return site / path
    return max((site / path).rglob("*.html"), key=lambda file: (file.stat().st_size, file.name))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
