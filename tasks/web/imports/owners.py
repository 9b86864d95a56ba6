"""Pages of somebody else's archive as ours: whose they are, which of them a window takes, and taking them over."""

import base64
import binascii
import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from schemas.backfill import ArchiveSurvey, Holding
from schemas.discovery import Discovery, SourceProbe
from schemas.fetch import Fetch
from schemas.keys import sha256_hex
from schemas.link import FoundIn, Link
from schemas.memory import Memory
from schemas.outcome import Batch, Outcome, Reason, Settled, Stage
from schemas.page import Capture
from schemas.run import Run, Window
from schemas.source import Source
from tasks.reference.seeds.sources import load_sources
from tasks.web.fetching.reuse_policy import judge_policy, read_policy
from tasks.web.fetching.session import is_own
from tasks.web.fetching.verdicts import Verdict
from tasks.web.http.response import Response
from tasks.web.urls.canonical import canonical_url, host_of, looks_like_trap, site_of

log = logging.getLogger("firstdraft.web")

#: Older captures of one address that are tried where newer ones cannot be read.
_STAND_BY = 5
#: Characters kept of what is said of a capture's digest, and of those passed over.
_MAX_CHECK = 500
#: The digests archives state (WARC 1.1, 5.8 and 5.9: algorithm and value are the writer's choice).
_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512, "md5": hashlib.md5}


class Owners:
    """Which source a page belongs to, where several may share a site: the same host first, then the longest path.

    A page of two sources that nothing tells apart goes to the one whose id comes first.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = sorted(sources, key=lambda source: source.id)
        self._by_site: dict[str, list[Source]] = {}

    def of(self, url: str) -> Source | None:
        """The source of a URL; ``None`` where it is on nobody's site."""
        site = site_of(host_of(url))
        if site not in self._by_site:
            self._by_site[site] = [source for source in self._sources if is_own(url, source)]
        candidates = self._by_site[site]
        return max(candidates, key=lambda source: _nearness(url, source.homepage)) if candidates else None


def all_sources(chosen: tuple[Source, ...], file: Path | None) -> list[Source]:
    """The chosen sources as they are, and all others known: two may share a site."""
    named = {source.id for source in chosen}
    return [*chosen, *(source for source in load_sources(file) if source.id not in named)]


def _nearness(url: str, homepage: str) -> tuple[bool, int]:
    """Whether the host is the homepage's, and how much of its path the URL shares; a path that differs is none."""
    parts, home = urlsplit(url), urlsplit(homepage)
    path = home.path.rstrip("/") + "/"
    shared = len(path) if (parts.path.rstrip("/") + "/").startswith(path) else 0
    same = host_of(url).removeprefix("www.") == host_of(homepage).removeprefix("www.")
    return same and shared > 0, shared


def archived_link(source: Source, url: str, archive: str) -> Link | None:
    """The link of an archived page; ``None`` for an address that can be no page."""
    key = canonical_url(url)
    if key is None or looks_like_trap(key):
        return None
    return Link(source.id, url, key, FoundIn.CAPTURE, archive)


def newest_within(holdings: Iterable[Holding], window: Window | None) -> tuple[list[Holding], int]:
    """The newest capture of each address in a window (UTC days), by address, and how many older ones were left out.

    One address has one end in a run; smaller windows take more of its history. The newest of the older ones stand by,
    for a capture that turns out to be damaged.
    """
    captures: dict[str, list[Holding]] = {}
    for holding in holdings:
        if window is None or window.start <= holding.archived_at.date() <= window.end:
            captures.setdefault(holding.link.canonical_url, []).append(holding)
    older = sum(len(several) - 1 for several in captures.values())
    return [_newest(captures[key]) for key in sorted(captures)], older


def _newest(several: Sequence[Holding]) -> Holding:
    first, *others = sorted(several, key=_age, reverse=True)
    return replace(first, older=tuple(others[:_STAND_BY])) if others else first


def _age(holding: Holding) -> tuple[datetime, str, str, int]:
    return holding.archived_at, holding.archive, holding.record, holding.offset


def surveyed(source: Source, holdings: Sequence[Holding], probes: Iterable[SourceProbe], size: int) -> ArchiveSurvey:
    """Holdings in batches of ``size``, and the discovery that accounts for them."""
    batches = tuple(
        Batch(source.id, number, tuple(holdings[start : start + size]))
        for number, start in enumerate(range(0, len(holdings), size))
    )
    links = tuple(Batch(source.id, b.number, tuple(holding.link for holding in b.items)) for b in batches)
    return ArchiveSurvey(Discovery(source, links, tuple(probes)), batches)


@dataclass(frozen=True, slots=True)
class Taken:
    """A page as an archive gave it: its capture time by the archive's word, and what its digest says of the bytes."""

    answer: Response
    archived_at: datetime
    check: str


def first_whole(holding: Holding, take: Callable[[Holding], Taken | Verdict]) -> tuple[Holding, Taken | Verdict]:
    """The newest capture of an address that can be read, with those passed over named; else the end of the newest.

    An archive that is away is not asked for older ones.
    """
    passed: list[str] = []
    ended: Verdict | None = None
    for candidate in (holding, *holding.older):
        result = take(candidate)
        if isinstance(result, Taken):
            return candidate, replace(result, check="; ".join([result.check, *passed])[:_MAX_CHECK])
        ended = ended or result
        if result[0] is Outcome.DEFERRED:
            break
        passed.append(
            f"passed over the capture of {candidate.archived_at:%Y-%m-%d %H:%M:%S}: {result[1]} ({result[2]})"
        )
        log.warning("%s: %s", candidate.link.url, passed[-1])
    return holding, ended or (Outcome.QUARANTINED, Reason.CAPTURE_DAMAGED, "no capture")


def judge_taken(run: Run, source: Source, holding: Holding, capture: Taken, memory: Memory) -> Fetch | Settled:
    """The fetch a taken page is kept under; or its end: its publisher forbids that, it was erased, or we hold it."""
    answer, policy = capture.answer, read_policy(capture.answer)
    fetch = Fetch(
        run_id=run.run_id,
        link=holding.link,
        requested_at=answer.requested_at,
        elapsed_ms=answer.elapsed_ms,
        status=answer.status,
        final_url=holding.link.url,
        content_type=answer.header("Content-Type"),
        robots_tag=policy.robots_tag,
        tdm_reservation=policy.tdm_reservation,
    )
    verdict = judge_policy(policy, source) or judge_bytes(sha256_hex(answer.body), holding.link.canonical_url, memory)
    return settled(fetch, verdict) if verdict else fetch


def judge_bytes(sha256: str, key: str, memory: Memory) -> Verdict | None:
    """The end of a page whose bytes were erased before, or are what we hold of it."""
    stored = memory.pages.get(key)
    if sha256 in memory.suppressed:
        return Outcome.REJECTED, Reason.SUPPRESSED, memory.suppressed[sha256]
    if stored is not None and stored.sha256 == sha256:
        return Outcome.UNCHANGED, Reason.SAME_BYTES, f"sha256 {sha256[:12]}"
    return None


def with_provenance(holding: Holding, taken: Taken, capture: Capture) -> Capture:
    """Our capture, and apart from it the archive's: its name, its record, its time, and whether its digest agrees."""
    return replace(
        capture,
        archive=holding.archive,
        archive_record=holding.record,
        archived_at=taken.archived_at,
        archive_check=taken.check,
    )


def provisional(holding: Holding, taken: Taken) -> Capture:
    """A capture of what is not kept yet: for reading a page before it is decided whether to keep it."""
    answer = taken.answer
    capture = Capture(
        url=holding.link.canonical_url,
        sha256=sha256_hex(answer.body),
        byte_length=len(answer.body),
        content_type=answer.header("Content-Type"),
        captured_at=answer.requested_at,
        run_id="",
        warc_file="",
        warc_offset=0,
        warc_length=0,
    )
    return with_provenance(holding, taken, capture)


def settled(fetch: Fetch, verdict: Verdict) -> Settled:
    """The outcome of a fetch that is not kept; its detail is cut at 500 characters."""
    outcome, reason, detail = verdict
    return Settled(fetch, Stage.FETCH, outcome, reason, detail[:500])


def check_digest(stated: str | None, *bodies: bytes) -> tuple[bool | None, str]:
    """Whether a stated digest is that of one of some bytes, and that in words; ``None`` where nothing can be said.

    A digest is ``sha1:`` and Base32 as WARC writers have it, Base32 alone as CDX has it, or hexadecimal.

    >>> check_digest("sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N", b"hello world")[0]
    False
    >>> check_digest("FKXGYNOJJ7H3IFO35FPUBC445EPOQRXN", b"hello world")[0]
    True
    """
    if not stated or stated == "-":
        return None, "no digest stated"
    name, _, value = stated.strip().rpartition(":")
    algorithm = _ALGORITHMS.get(name.lower().replace("-", "") or "sha1")
    wanted = _digest_bytes(value)
    if algorithm is None or wanted is None:
        return None, f"{stated[:100]}: no digest we can compute"
    digests = [algorithm(body).digest() for body in bodies]
    if wanted in digests:
        return True, f"{stated} agrees"
    return False, f"{stated} differs: these bytes have {base64.b32encode(digests[0]).decode()}"


def _digest_bytes(value: str) -> bytes | None:
    """A digest written in Base32 or hexadecimal; 32 digits may be SHA-1 in the one or MD5 in the other."""
    hexadecimal = len(value) in (40, 64, 128) or (len(value) == 32 and value.islower())
    try:
        return bytes.fromhex(value) if hexadecimal else base64.b32decode(value.upper())
    except (ValueError, binascii.Error):
        return None
