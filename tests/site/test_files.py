"""What the site writes beside pages, and what all pages must have; no browser needed."""

import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

from schemas.settings import Settings
from tasks.site.files.shelf import Options
from tasks.warehouse.store.connect import open_writer
from tests.site.conftest import publish
from tests.site.material import AGREED, HOSTILE, VAGUE

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_atom_with_the_new_and_the_changed(site: Path) -> None:
    feed = ElementTree.parse(site / "feed.atom").getroot()
    entries = {str(entry.findtext(f"{ATOM}id")): entry for entry in feed.findall(f"{ATOM}entry")}
    assert len(entries) == 4
    changed = entries[f"urn:firstdraft:{AGREED}"]
    assert [one.get("term") for one in changed.findall(f"{ATOM}category")] == ["Battles", "changed"]
    assert "Killed: 5–6" in str(changed.findtext(f"{ATOM}summary"))
    for entry in entries.values():
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert (site / str(link.get("href"))).exists()


def test_geojson_says_how_far_to_trust_a_point(site: Path) -> None:
    features = {one["id"]: one for one in json.loads((site / "feed.geojson").read_text())["features"]}
    assert features[AGREED]["properties"]["radius_km"] == 25
    assert features[VAGUE]["properties"]["radius_km"] is None
    assert "country" in features[VAGUE]["properties"]["place_meaning"]
    assert features[HOSTILE]["geometry"]["coordinates"] == [38.25, 34.5]


def test_every_page_has_the_policy_and_stays_small(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 10
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in unescape(text), path
        assert len(text) < 500_000
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text), path
        assert not re.search(r'(?:href|src)="(?!https?://|[\w./#-]|#)', text), path


def test_links_within_the_site_lead_somewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        for found in re.findall(r'(?:href|src)="([^"]+)"', path.read_text(encoding="utf-8")):
            target = found.split("#")[0]
            if target and not target.startswith(("http:", "https:")):
                assert (path.parent / target).exists(), f"{path}: {found}"


def test_a_second_build_writes_nothing(warehouse: Settings, site: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*.html")}
    publish(warehouse, site)
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*.html")} == before


def test_own_tiles_are_named_in_the_policy_of_maps_alone(warehouse: Settings, tmp_path: Path) -> None:
    options = Options(
        tiles="https://tiles.example.org/{z}/{x}/{y}.png", tiles_credit="<b>Us</b>", base_url="https://a.test/x"
    )
    site = publish(warehouse, tmp_path / "site", options)
    assert "https://tiles.example.org;" in (site / "index.html").read_text()
    assert "tiles.example.org" not in (site / "sources.html").read_text()
    assert 'href="https://a.test/x/event/' in (site / "feed.atom").read_text()


def test_before_the_first_run_there_is_a_page_that_says_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with open_writer(settings):
        pass
    site = publish(settings, settings.site_dir)
    assert "No run has finished" in (site / "index.html").read_text()
    assert len(list(site.rglob("*.html"))) == 1
