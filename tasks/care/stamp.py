"""Stamp: the ledger's head after a run, by an authority or calendars; its pages to another archive, if asked."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.errors import StampError
from schemas.ledger import Captured, RunOpened
from schemas.settings import Settings
from schemas.stamp import Stamp
from tasks.ledger.chain import read_chain
from tasks.ledger.handing_over import hand_over
from tasks.ledger.lines import Line
from tasks.ledger.stamping import hand_to_calendar, head_of, stamp

#: Access key and secret of archive.org, as ``access:secret``; never kept.
WAYBACK_KEY = "FIRSTDRAFT_WAYBACK_KEY"


@dataclass(frozen=True, slots=True)
class Stamped:
    """What was done: the stamp, ``None`` if no authority is set, and the pages the archive was asked to save.

    ``promises`` are what calendars of OpenTimestamps took, one each.
    """

    run_id: str
    stamp: Stamp | None
    saved: int
    promises: tuple[Stamp, ...] = ()


def stamp_run(settings: Settings, run_id: str) -> Stamped:
    """Stamp a run's head, and hand its pages over if the settings say so. Raises :class:`StampError`."""
    if not (settings.stamp_url or settings.stamp_calendars or settings.wayback_save):
        raise StampError(
            "set FIRSTDRAFT_STAMP_URL to a time-stamping authority (RFC 3161), FIRSTDRAFT_STAMP_CALENDARS to calendars"
            " of OpenTimestamps, or FIRSTDRAFT_WAYBACK_SAVE"
        )
    whole, _ = head_of(settings.ledger_dir, run_id)
    made = stamp(settings.stamps_dir, settings.ledger_dir, whole, settings.stamp_url) if settings.stamp_url else None
    promises = tuple(
        hand_to_calendar(settings.stamps_dir, settings.ledger_dir, whole, calendar)
        for calendar in settings.stamp_calendars
    )
    saved = 0
    if settings.wayback_save:
        saved_list = settings.stamps_dir / f"{whole}.saved.jsonl"
        key = os.environ.get(WAYBACK_KEY, "")
        saved = hand_over(
            _pages(settings, whole), saved_list, settings.wayback_url, key, settings.wayback_delay_seconds
        )
    return Stamped(whole, made, saved, promises)


def _pages(settings: Settings, run_id: str) -> Iterator[str]:
    """The addresses a run kept pages of, in the order in which it met them."""
    ours = False
    for line in read_chain(settings.ledger_dir):
        if not isinstance(line, Line) or line.kind not in (RunOpened.kind, Captured.kind):
            continue
        entry = line.entry
        if isinstance(entry, RunOpened):
            ours = entry.run.run_id == run_id
        elif isinstance(entry, Captured) and ours:
            yield entry.page.fetch.link.canonical_url
