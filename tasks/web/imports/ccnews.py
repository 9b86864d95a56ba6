"""What CC-NEWS files hold of a run's days: read in part, for a file is a gigabyte, and filtered by words.

Of each file as many bytes are asked for as the night's share allows, in ranges (RFC 9110 14.2), one after another and
through the finder's gate. What they hold is read as any WARC file of others is (``warcs.py``); pages that speak of one
of the words of the search stay, each a holding that is taken over like those of a backfill.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from schemas.backfill import Holding, WarcFile
from schemas.discovery import SourceProbe
from schemas.run import Run, Window
from schemas.source import Source
from tasks.web.fetching.session import Web
from tasks.web.fetching.verdicts import judge_fault, judge_status
from tasks.web.http.response import FetchError
from tasks.web.imports.owners import Owners, Taken, newest_within
from tasks.web.imports.warcs import survey_file, take_record

#: Bytes of one range, and of a file at least: so that a small share still reads some hundred pages of it.
_RANGE = 8 << 20
#: Every page, whatever it speaks of.
EVERYTHING = "*"


class _Anybody(Owners):
    """Every page is the finder's, until it is known whose site it stands on."""

    def __init__(self, finder: Source) -> None:
        super().__init__(())
        self._finder = finder

    def of(self, url: str) -> Source | None:
        """The finder."""
        return self._finder


@dataclass(slots=True)
class _Piece:
    """What was read of a file: ``whole`` if that is all of it; ``error`` and ``detail`` say why it ended early."""

    path: Path
    size: int = 0
    whole: bool = False
    status: int | None = None
    error: str | None = None
    detail: str = ""


def read_files(
    web: Web, run: Run, finder: Source, urls: Sequence[str], window: Window, folder: Path
) -> Iterator[tuple[SourceProbe, tuple[Holding, ...]]]:
    """The pages of each file that was read, behind how that went; files are spread over the days where not all fit.

    Ends when the bytes or the records of a night are used up. The files stay in ``folder`` until they are taken over.
    """
    most, records = web.settings.ccnews_bytes, web.settings.ccnews_records
    step = max(1, -(-len(urls) * min(_RANGE, most) // most))
    chosen = urls[::step]
    unread = f"{len(urls) - len(chosen)} other files not read: {most} bytes a night (FIRSTDRAFT_CCNEWS_BYTES)"
    for number, url in enumerate(chosen):
        asked_at = datetime.now(UTC)
        piece = _download(web, finder, url, most // len(chosen), folder / url.rpartition("/")[2])
        holdings, told = _pages(piece, finder, window, web.settings.max_body_bytes, records) if piece.size else ((), "")
        records -= len(holdings)
        detail = "; ".join(part for part in (piece.detail, told, unread if number == 0 and step > 1 else "") if part)
        probe = SourceProbe(
            run.run_id, finder.id, "ccnews", url, asked_at, piece.status, len(holdings), piece.error, detail[:500]
        )
        yield probe, holdings
        if records <= 0:
            return


def _download(web: Web, finder: Source, url: str, most: int, path: Path) -> _Piece:
    """The first bytes of a file, range by range, on disk."""
    piece = _Piece(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        while piece.size < most and not piece.whole:
            count = min(_RANGE, most - piece.size)
            answer = web.client.get(url, gate=web.feed_gate(finder), cut_at=count, begin=piece.size)
            if isinstance(answer, FetchError) or answer.status not in {200, 206, 416}:
                verdict = judge_fault(answer) if isinstance(answer, FetchError) else judge_status(answer, known=False)
                piece.status = None if isinstance(answer, FetchError) else answer.status
                piece.error, piece.detail = (verdict[1].value, verdict[2]) if verdict else ("status", str(piece.status))
                break
            piece.status = answer.status
            if answer.status == 200 and piece.size:
                piece.detail = "the server gives no ranges: only the first was read"
                break
            file.write(answer.body)
            piece.size += len(answer.body)
            piece.whole = len(answer.body) < count
    piece.detail = piece.detail or f"{'all' if piece.whole else 'the first'} {piece.size} bytes read"
    return piece


def _pages(piece: _Piece, finder: Source, window: Window, limit: int, most: int) -> tuple[tuple[Holding, ...], str]:
    """The pages of a file's bytes that were captured in the window and speak of the search's words; and all counted."""
    survey = survey_file(WarcFile(piece.path, 0, piece.size), _Anybody(finder), frozenset({finder.id}))
    holdings = survey.holdings if piece.whole else survey.holdings[:-1]  # the last is cut
    newest, _ = newest_within(holdings, window)
    words = [word.strip(' "').casefold() for search in finder.searches for word in search.query.split(" OR ")]
    chosen: list[Holding] = []
    apart: Counter[str] = Counter()
    for holding in newest:
        if len(chosen) >= most:
            apart["over the records of a night (FIRSTDRAFT_CCNEWS_RECORDS)"] += 1
        elif EVERYTHING in words or _speaks_of(holding, words, limit):
            chosen.append(replace(holding, older=()))
        else:
            apart["without the words"] += 1
    counted = ", ".join(f"{count} {why}" for why, count in apart.items())
    return tuple(chosen), "; ".join(part for part in (survey.told(), counted) if part)


def _speaks_of(holding: Holding, words: Sequence[str], limit: int) -> bool:
    page = take_record(holding, limit, holding.archived_at)
    if not isinstance(page, Taken):
        return False
    text = page.answer.body.decode("utf-8", "replace").casefold()
    return any(word in text for word in words)
