"""The ledger's head stamped by an authority (RFC 3161) or handed to calendars: proof that it stood so at an instant.

The hash of the line that closed a run chains every line before it, and these hold the hashes of all pages. So one
stamp proves the whole way behind it, to anybody who trusts the authority, and without trusting us. Queries are made
and replies are checked by ``openssl ts``.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from schemas.errors import StampError
from schemas.ledger import Closed
from schemas.stamp import Stamp
from schemas.verification import Finding
from tasks.ledger.calendars import ask_calendar, read_proof
from tasks.ledger.chain import read_chain
from tasks.ledger.lines import Line
from tasks.ledger.services import post

_TIMEOUT = 60.0
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_TIME = re.compile(r"^Time stamp: (.+)$", re.MULTILINE)


def head_of(folder: Path, run_prefix: str) -> tuple[str, Line]:
    """The run whose id begins so, and the line that closed it. Raises :class:`StampError` for none or several."""
    closed = {
        entry.run_id: line
        for line in read_chain(folder)
        if isinstance(line, Line) and line.kind == Closed.kind and isinstance(entry := line.entry, Closed)
        if entry.run_id.startswith(run_prefix)
    }
    if len(closed) != 1:
        problem = f"{len(closed)} closed runs begin so" if closed else "no closed run has that id"
        raise StampError(f"{run_prefix}: {problem}; `firstdraft sql 'FROM runs'` lists them")
    return next(iter(closed.items()))


def stamp(folder: Path, ledger: Path, run_prefix: str, authority: str) -> Stamp:
    """Have a run's head stamped, and keep query and reply under ``folder``. Raises :class:`StampError`."""
    run_id, line = head_of(ledger, run_prefix)
    folder.mkdir(parents=True, exist_ok=True)
    query, reply = folder / f"{run_id}.tsq", folder / f"{run_id}.tsr"
    _openssl("ts", "-query", "-digest", line.sha256, "-sha256", "-cert", "-out", str(query))
    fresh = reply.with_suffix(".new")
    fresh.write_bytes(_asked(authority, query.read_bytes()))
    reply_text = _openssl("ts", "-reply", "-in", str(fresh), "-text")
    if "Status: Granted" not in reply_text:
        raise StampError(f"{authority} did not grant a stamp: {' '.join(reply_text.split())[:200]}")
    fresh.replace(reply)
    made = Stamp(run_id, line.seq, line.sha256, authority, reply.name, _instant(reply_text))
    (folder / f"{run_id}.json").write_text(json.dumps(asdict(made), indent=1) + "\n", encoding="utf-8")
    return made


def hand_to_calendar(folder: Path, ledger: Path, run_prefix: str, calendar: str) -> Stamp:
    """Have a calendar of OpenTimestamps take a run's head, and keep its proof. Raises :class:`StampError`."""
    run_id, line = head_of(ledger, run_prefix)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{run_id}.{re.sub('[^a-z0-9]+', '-', calendar.partition('://')[2].lower()).strip('-')}"
    (folder / f"{name}.ots").write_bytes(ask_calendar(calendar, line.sha256))
    handed = Stamp(run_id, line.seq, line.sha256, calendar, f"{name}.ots", "")
    (folder / f"{name}.json").write_text(json.dumps(asdict(handed), indent=1) + "\n", encoding="utf-8")
    return handed


def _asked(authority: str, query: bytes) -> bytes:
    answer = post(authority, query, {"Content-Type": _QUERY})
    if answer.status != HTTPStatus.OK or not answer.media_type.startswith(_REPLY):
        raise StampError(f"{authority} answers HTTP {answer.status}, and no {_REPLY}")
    return answer.body


def _instant(reply_text: str) -> str:
    match = _TIME.search(reply_text)
    if match is None:
        return ""
    words = " ".join(match[1].split()).removesuffix(" GMT")
    for form in ("%b %d %H:%M:%S %Y", "%b %d %H:%M:%S.%f %Y"):
        try:
            return datetime.strptime(words, form).replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    return ""


def _openssl(*arguments: str) -> str:
    """What openssl prints. Raises :class:`StampError` if it is missing or refuses."""
    try:
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=_TIMEOUT, check=False)  # noqa: S603, S607
    except FileNotFoundError as error:
        raise StampError("openssl is not installed; stamps are made and checked with it") from error
    if done.returncode:
        raise StampError(f"openssl {arguments[0]} {arguments[1]}: {_last_line(done.stderr)}")
    return done.stdout


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it failed and said nothing"])[-1]


def stamps(folder: Path) -> list[Stamp]:
    """The stamps there are, by run."""
    return [Stamp(**json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("run_*.json"))]


def check_stamps(folder: Path, ledger: Path, ca_file: Path | None) -> Iterator[Finding]:
    """A finding for each stamp: that it holds, or what is wrong with it. Nothing if there is none."""
    kept_stamps = stamps(folder)
    if not kept_stamps:
        return
    hashes = {line.seq: line.sha256 for line in read_chain(ledger) if isinstance(line, Line)}
    for kept_stamp in kept_stamps:
        yield _checked(kept_stamp, folder, hashes.get(kept_stamp.seq), ca_file)


def _checked(kept_stamp: Stamp, folder: Path, stands: str | None, ca_file: Path | None) -> Finding:
    file = f"stamps/{kept_stamp.reply}"
    if stands != kept_stamp.sha256:
        message = f"line {kept_stamp.seq} of the ledger is not the one that was stamped for {kept_stamp.run_id}"
        return Finding("ledger", "stamp_differs", message, "restore the ledger from a backup", file=file)
    if kept_stamp.reply.endswith(".ots"):
        return _proven(kept_stamp, folder, file)
    trust = ("-CAfile", str(ca_file)) if ca_file else ()
    try:
        _openssl("ts", "-verify", "-digest", kept_stamp.sha256, "-in", str(folder / kept_stamp.reply), *trust)
    except StampError as error:
        advice = "set FIRSTDRAFT_STAMP_CA_FILE to the authority's certificates, or restore the reply from a backup"
        return Finding("ledger", "stamp_unproven", f"{kept_stamp.run_id}: {error}", advice, file=file)
    instant = kept_stamp.stamped_at or "the instant of its stamp"
    message = f"{kept_stamp.run_id}: line {kept_stamp.seq} stood so at {instant} ({kept_stamp.authority})"
    return Finding("ledger", "stamped", message, damaged=False, file=file)


def _proven(kept_stamp: Stamp, folder: Path, file: str) -> Finding:
    """What a calendar's proof says. Blocks are named, not looked up: only a Bitcoin node has them."""
    try:
        proof = read_proof((folder / kept_stamp.reply).read_bytes(), kept_stamp.sha256)
    except (OSError, StampError) as error:
        message, advice = f"{kept_stamp.run_id}: {kept_stamp.reply}: {error}", "restore the proof from a backup"
        return Finding("ledger", "stamp_unproven", message, advice, file=file)
    line = f"{kept_stamp.run_id}: line {kept_stamp.seq}"
    if proof.blocks:
        blocks = " or ".join(f"Bitcoin block {height} if its Merkle root is {root}" for height, root in proof.blocks)
        message = f"{line} stood so before {blocks}; `ots verify` asks a node, nothing here did"
        return Finding("ledger", "stamped", message, damaged=False, file=file)
    message = f"{line} was promised a Bitcoin block by {', '.join(proof.pending)}; the proof holds as far as that"
    return Finding("ledger", "stamp_pending", message, "`ots upgrade` adds the block some hours later", False, file)
