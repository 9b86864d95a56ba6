"""A time stamp of the ledger's head after a run: what was stamped, and what the authority answered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """``sha256`` is the hash of line ``seq`` of the ledger, which closed the run and chains all lines before it.

    ``authority`` is the address that was asked; ``reply`` the name of the file beside with its answer (RFC 3161,
    ``TimeStampResp`` in DER; of a calendar a proof of OpenTimestamps, ``.ots``); ``stamped_at`` the instant it names,
    ISO, in UTC, empty if it could not be read or only a Bitcoin block will tell.
    """

    run_id: str
    seq: int
    sha256: str
    authority: str
    reply: str
    stamped_at: str
