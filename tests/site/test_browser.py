"""The site in Chromium, read from disk: it opens, filters, finds, leads to the sentence, and runs no foreign code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.site.material import AGREED, DENIED, EVIL, HOSTILE, LONG, SENTENCE, VAGUE

pytestmark = pytest.mark.long

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: The folders of pages there are many of.
KINDS = ("event", "article", "source")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def page_of(event_id: str) -> str:
    bare = event_id.removeprefix("evt_")
    return f"event/{bare[:2]}/{bare}.html"


class Seen:
    """A page, and all it complained of or asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda told: self.wrong.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: self.wrong.append(f"dialog {dialog.message}"))
        page.on("requestfailed", self._failed)
        page.on("request", lambda request: self.asked.append(request.url))

    def _failed(self, request: Request) -> None:
        """Note what could not be loaded; what a page still asked for when it was left is no fault of it."""
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"failed {request.url}")

    def open(self, site: Path, path: str) -> Page:
        file, _, fragment = path.partition("#")
        self.page.goto((site / file).as_uri() + (f"#{fragment}" if fragment else ""))
        self.page.wait_for_load_state()
        return self.page


@pytest.fixture
def seen(browser: Browser) -> Iterator[Seen]:
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")  # type: ignore[arg-type]
    yield Seen(context.new_page())
    context.close()


def all_pages(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_every_page_opens_in_peace(browser: Browser, site: Path, size: dict[str, int], scheme: str) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    seen = Seen(context.new_page())
    for path in all_pages(site):
        page = seen.open(site, path)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px wider than a screen of {size['width']}"
        assert page.title().endswith("· firstdraft")
        assert page.locator("h1").count() == 1, path
    assert seen.wrong == []
    assert [url for url in seen.asked if not url.startswith(("file:", "data:"))] == []
    context.close()


def test_the_charts_are_drawn(seen: Seen, site: Path) -> None:
    page = seen.open(site, "index.html")
    page.locator("#timeline").scroll_into_view_if_needed()
    page.locator("#timeline svg rect").first.wait_for()
    page.locator("#tolls").scroll_into_view_if_needed()
    page.locator("#tolls svg").wait_for()
    assert seen.wrong == []


def test_the_map_filters(seen: Seen, site: Path) -> None:
    page = seen.open(site, "index.html")
    told = page.locator("#told")
    assert "All 4 events" in told.inner_text()
    page.get_by_role("button", name="Battles").click()
    assert told.inner_text().startswith("2 events of 4")
    assert page.locator("#items > .item:visible").count() == 2
    page.get_by_role("button", name="Reset").click()
    page.locator("#told", has_text="All 4 events").wait_for()
    page.locator("#sure").select_option("disputed")
    assert told.inner_text().startswith("1 event of 4")


def test_the_map_shows_areas(seen: Seen, site: Path) -> None:
    page = seen.open(site, "index.html")
    # Drawn on a canvas: that something is there is seen by its pixels, what it is by the popup of a click.
    drawn = page.evaluate(
        """() => { const c = document.querySelector('#map canvas'); const d = c.getContext('2d')
            .getImageData(0, 0, c.width, c.height).data; return new Set(new Uint32Array(d.buffer)).size; }"""
    )
    assert drawn > 10
    page.evaluate("document.querySelector('#map').scrollIntoView({block: 'center'})")
    box = page.locator("#map").bounding_box()
    assert box is not None
    for x, y in ((0.5, 0.5), (0.42, 0.5), (0.58, 0.42), (0.5, 0.62)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        popup = page.locator(".leaflet-popup-content")
        if popup.count():
            assert "Killed" in popup.first.inner_text()
            return
    pytest.fail("no click in the country opened anything")


def test_the_search_finds_and_leads_to_the_sentence(seen: Seen, site: Path) -> None:
    page = seen.open(site, "events.html")
    page.locator("#told", has_text="All 4 events").wait_for()
    page.get_by_label("Search place, actor, source, kind").fill("rivertón south")
    page.locator("#told", has_text="1 event of 4").wait_for()
    page.locator("#items a").first.click()
    page.wait_for_load_state()
    assert page.url.endswith(page_of(AGREED))
    sentences = page.locator(".sentence").all_inner_texts()
    assert SENTENCE.replace("4", "5") in sentences
    assert page.locator(".sentence mark", has_text="killed").count()
    page.locator("summary", has_text="Down to the bytes").first.click()
    assert len(page.locator("code.hash").first.inner_text()) == 64
    links = [link.get_attribute("href") for link in page.locator(".headline a").all()]
    assert sorted(map(str, links)) == ["https://north.test/first", "https://south.test/second"]


def test_a_search_can_be_linked_to(seen: Seen, site: Path) -> None:
    page = seen.open(site, "events.html#only=disputed")
    page.locator("#told", has_text="1 event of 4").wait_for()
    assert page.locator("#items .badge.disputed").count() == 1
    page.get_by_role("button", name="Reset").click()
    page.locator("#told", has_text="All 4 events").wait_for()
    assert "#" not in page.url


def test_numbers_are_told_as_they_are_known(seen: Seen, site: Path) -> None:
    facts = seen.open(site, page_of(AGREED)).locator(".facts").inner_text()
    assert "5–6" in facts
    assert "best estimate 5" in facts
    assert "83 or more" in seen.open(site, page_of(VAGUE)).locator(".facts").inner_text()
    assert "some day in February 2024" in seen.page.locator(".facts").inner_text()
    page = seen.open(site, page_of(DENIED))
    assert "no report gives a count" in page.locator(".facts").inner_text()
    assert page.locator(".badge.disputed").count() == 1


def test_a_correction_is_shown_with_its_words(seen: Seen, site: Path) -> None:
    page = seen.open(site, page_of(AGREED))
    assert "2 versions" in page.locator(".history").inner_text()
    assert "gave: 4 killed" in page.locator(".history").inner_text()
    page.get_by_role("link", name="What changed").click()
    assert page.locator("del").all_inner_texts()[-1] == "4"
    assert page.locator("ins").all_inner_texts()[-1] == "5"
    assert "five, not four" in page.locator(".change").inner_text()


def test_the_silent_are_named_before_the_counts(seen: Seen, site: Path) -> None:
    coverage = seen.open(site, "index.html").locator(".coverage").inner_text()
    assert "3 of 4 sources" in coverage
    assert "The East Post" in coverage
    assert "Down" in coverage


def test_malice_stays_text(seen: Seen, site: Path) -> None:
    for path in ("index.html", "events.html", page_of(HOSTILE), "sources.html", "source/evil.html"):
        page = seen.open(site, path)
        if path == "events.html":
            page.locator("#told", has_text="All 4 events").wait_for()
        assert page.evaluate("window.pwned") is None, path
        assert page.locator("a[href^='javascript'], [onerror], [onclick], main img").count() == 0, path
        assert "\u202e" not in page.title()
    page = seen.open(site, page_of(HOSTILE))
    assert "<script>window.pwned=2</script>" in page.locator("blockquote").inner_text()
    assert LONG in page.locator("h1").inner_text()
    assert seen.wrong == []


def test_without_scripts_the_figures_are_there(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert "3 of 4 sources" in page.locator(".coverage").inner_text()
    assert page.locator("table.wide tbody tr").count() >= 2
    assert page.locator("#items .item").count() == 4
    context.close()


def one_of_each_kind(site: Path) -> list[str]:
    """The pages there is one of, and of the others the two that say most and one of the least."""
    several = {name: sorted(Path(site / name).rglob("*.html"), key=lambda path: path.stat().st_size) for name in KINDS}
    found = [path for paths in several.values() for path in {*paths[-2:], *paths[:1]}]
    single = list(site.glob("*.html"))
    return sorted(path.relative_to(site).as_posix() for path in [*single, *found])


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")])
def test_wcag_aa(browser: Browser, site: Path, size: dict[str, int], scheme: str) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    axe = AXE.read_text(encoding="utf-8")
    found: list[str] = []
    for path in one_of_each_kind(site):
        page.goto((site / path).as_uri())
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.evaluate(axe)
        result = page.evaluate(f"axe.run(document, {{runOnly: {[*WCAG, 'best-practice']}}})")
        found += [f"{path}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]
    assert found == []
    context.close()


def test_nothing_is_wider_than_the_smallest_screen(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    for path in one_of_each_kind(site):
        page.goto((site / path).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        lines = page.evaluate("document.querySelector('.top ul')?.getBoundingClientRect().height ?? 0")
        assert lines < 50, f"{path}: the menu, where there is one, stands on one line"
    context.close()


def test_paper_is_light_and_has_the_charts(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport=DESKTOP, color_scheme="dark")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.locator("#theme").click()
    page.locator("#theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator("#timeline svg").wait_for(state="attached")  # without anybody having scrolled there
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("(({color, backgroundColor}) => [color, backgroundColor])(getComputedStyle(document.body))")
    assert colours == ["rgb(28, 29, 32)", "rgb(255, 255, 255)"]
    assert page.locator("#theme").is_hidden()
    context.close()


def test_the_filters_go_by_the_keyboard(seen: Seen, site: Path) -> None:
    page = seen.open(site, "index.html")
    told = page.locator("#told")
    page.get_by_role("button", name="Battles").focus()
    page.keyboard.press("Space")
    assert told.inner_text().startswith("2 events of 4")
    assert page.get_by_role("button", name="Battles").get_attribute("aria-pressed") == "false"
    page.keyboard.press("Enter")
    assert "All 4 events" in told.inner_text()
    while page.evaluate("document.activeElement.id") != "sure":
        page.keyboard.press("Tab")
    page.keyboard.press("d")
    assert page.locator("#sure").input_value() == "disputed"
    assert told.inner_text().startswith("1 event of 4")
    assert page.locator("#items > .item:visible").count() == 1
    while page.evaluate("document.activeElement.type") != "reset":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#told", has_text="All 4 events").wait_for()
    while page.evaluate("document.activeElement.id") != "map":
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert seen.wrong == []


def test_the_list_below_the_map_is_filtered_with_it(seen: Seen, site: Path) -> None:
    page = seen.open(site, "index.html")
    page.locator("#to").fill("2024-01-01")
    page.locator("#told", has_text="0 events of 4").wait_for()
    assert page.locator("#items > .item:visible").count() == 0
    assert page.locator("#nolatest").is_visible()


def test_the_keyboard_reaches_the_content(seen: Seen, site: Path) -> None:
    page = seen.open(site, "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_theme_can_be_chosen(seen: Seen, site: Path) -> None:
    page = seen.open(site, "index.html")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    seen.open(site, "events.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_evil_is_what_it_says() -> None:
    assert "<script>" in EVIL
