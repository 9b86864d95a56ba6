"""Ledger, archive and warehouse compared."""

from typing import cast

from prefect import flow
from prefect.states import Completed, Failed

from schemas.settings import Settings
from schemas.verification import Verification
from tasks.care.verify import verify as compare


@flow(name="verify", flow_run_name="verify")
def verify(quick: bool = False) -> Verification:
    """Compare what was taken down, what was kept and what stands in the warehouse; fails if anything is damaged.

    Args:
        quick: Leave out what needs reading every byte of archive and warehouse.
    """
    verification = compare(Settings(), quick=quick)
    damaged = [finding for finding in verification.findings if finding.damaged]
    if damaged:
        message = "; ".join(f"{finding.where} {finding.what} {finding.file or ''}" for finding in damaged[:5])
        return cast("Verification", Failed(message=f"{len(damaged)} damaged: {message}; see `firstdraft verify`"))
    ending = "whole as far as was looked, which was not at every byte" if quick else "all whole"
    message = f"{verification.captures} captures, {verification.batches} batches: {ending}"
    return cast("Verification", Completed(message=message))
