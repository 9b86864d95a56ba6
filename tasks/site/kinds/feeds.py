"""Feeds of new and changed events: Atom (RFC 4287) for readers, GeoJSON (RFC 7946) for maps."""

from collections.abc import Sequence
from typing import Any

from tasks.site import pages
from tasks.site.files.shelf import Row
from tasks.site.kinds.front import listed
from tasks.site.wording import words

#: Entries of a feed.
ENTRIES = 200


def latest(rows: Sequence[Row]) -> list[Row]:
    """The events that came or changed last, the newest first."""
    return sorted(rows, key=lambda row: (row["changed_at"], row["event_id"]), reverse=True)[:ENTRIES]


def atom(rows: Sequence[Row], standing: Row, base_url: str, alert: str = "", about: str = "") -> str:
    """The Atom feed of all events, or of an ``alert``. Without a base address its links are relative to the feed."""
    entries = [listed(row) | {"change": _change(row)} for row in rows]
    base = base_url.rstrip("/") + "/" if words.web_link(base_url) else "../" if alert else ""
    template = pages.environment().get_template("feed.atom.j2")
    return template.render(entries=entries, standing=standing, base=base, alert=alert, about=about)


def geojson(rows: Sequence[Row], base_url: str) -> str:
    """The same events as features; one without a position has a null geometry, as the standard says."""
    base = base_url.rstrip("/") + "/" if words.web_link(base_url) else ""
    return pages.dumps({"type": "FeatureCollection", "features": [_feature(row, base) for row in rows]}) + "\n"


def _feature(row: Row, base: str) -> dict[str, Any]:
    precision = row["place_precision"]
    meaning, radius = words.PLACE_PRECISION.get(precision or 0, ("", 0))
    has_point = row["latitude"] is not None
    return {
        "type": "Feature",
        "id": row["event_id"],
        "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]} if has_point else None,
        "properties": {
            "event_type": row["event_type"],
            "sub_event_type": row["sub_event_type"],
            "date_start": row["date_start"],
            "date_end": row["date_end"],
            "date_precision": row["date_precision"],
            "place": row["place_name"],
            "admin1": row["admin1"],
            "country": row["country"],
            "place_precision": precision,
            "place_meaning": meaning or None,
            "radius_km": radius or None,
            "initiators": row["initiators"],
            "targets": row["targets"],
            **{
                f"{what}_{bound}": row[f"{what}_{bound}"]
                for what in ("killed", "injured", "detained", "displaced")
                for bound in ("low", "best", "high", "open")
            },
            "disputed": bool(row["disputed"]),
            "differs": row["differs"],
            "independent_sources": row["family_count"],
            "change": _change(row),
            "changed_at": row["changed_at"].isoformat(),
            "url": base + pages.event_path(row["event_id"]),
        },
    }


def _change(row: Row) -> str:
    return "new" if row["created_run_id"] == row["changed_run_id"] else "changed"
