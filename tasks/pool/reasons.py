"""What a job that failed in a child process is called among the reasons of outcomes, by stage."""

from schemas.outcome import Reason, Stage
from tasks.pool.pool import Fault

_REASONS = {
    Stage.CLEAN: {
        Fault.TIMEOUT: Reason.EXTRACT_TIMEOUT,
        Fault.MEMORY: Reason.EXTRACT_MEMORY,
        Fault.CRASH: Reason.EXTRACT_FAILED,
        Fault.ERROR: Reason.EXTRACT_FAILED,
    },
    Stage.EXTRACT: {
        Fault.TIMEOUT: Reason.CODER_TIMEOUT,
        Fault.MEMORY: Reason.CODER_MEMORY,
        Fault.CRASH: Reason.CODER_FAILED,
        Fault.ERROR: Reason.CODER_FAILED,
    },
}


def reason_of(fault: Fault, stage: Stage) -> Reason:
    """The reason of a page that ended in this stage. Raises ``KeyError`` for a stage without child processes."""
    return _REASONS[stage][fault]
