"""What a job that failed in a child process is called among the reasons of outcomes, by stage."""

from schemas.outcome import Outcome, Reason, Refusal, Stage
from tasks.pool.pool import Failed, FailureKind

_REASONS = {
    Stage.CLEAN: {
        FailureKind.TIMEOUT: Reason.EXTRACT_TIMEOUT,
        FailureKind.MEMORY: Reason.EXTRACT_MEMORY,
        FailureKind.CRASH: Reason.EXTRACT_FAILED,
        FailureKind.ERROR: Reason.EXTRACT_FAILED,
    },
    Stage.EXTRACT: {
        FailureKind.TIMEOUT: Reason.CODER_TIMEOUT,
        FailureKind.MEMORY: Reason.CODER_MEMORY,
        FailureKind.CRASH: Reason.CODER_FAILED,
        FailureKind.ERROR: Reason.CODER_FAILED,
    },
}


def refusal_of(failed: Failed, stage: Stage) -> Refusal:
    """The end of a page whose job failed in this stage: read again by the next run, at once where only time was short.

    Raises ``KeyError`` for a stage without child processes.
    """
    if failed.fault is FailureKind.OVER:
        return Refusal(Outcome.DEFERRED, Reason.OVER_TIME, failed.detail)
    return Refusal(Outcome.QUARANTINED, _REASONS[stage][failed.fault], failed.detail)
