"""What a job that failed in a child process is called among the reasons of outcomes, by stage."""

from schemas.outcome import Reason, Stage
from tasks.pool.pool import FailureKind

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


def reason_of(fault: FailureKind, stage: Stage) -> Reason:
    """The reason of a page that ended in this stage. Raises ``KeyError`` for a stage without child processes."""
    return _REASONS[stage][fault]
