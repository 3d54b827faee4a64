"""What was done, counted for operators once it is committed: how often, never by or about whom.

Each process counts for itself; ``usrati serve`` and ``usrati worker`` share a folder in which the
counts of one machine add up.
"""

from prometheus_client import Counter
from sqlalchemy.orm import Session

ACTIONS = Counter("usrati_actions", "Steps of families' journeys, as the journal names them.", ["action"])
REQUEST_EVENTS = Counter("usrati_request_events", "Steps in the lives of requests.", ["event"])
MESSAGES = Counter("usrati_messages", "Tries to hand a message to its gateway.", ["outcome"])
DELIVERIES = Counter("usrati_deliveries", "What the gateway reported of messages that it took.", ["state"])
REFUSALS = Counter("usrati_gateway_refusals", "Messages that the gateway did not take.", ["reason"])
JOBS_RUN = Counter("usrati_jobs", "Jobs that the worker ran.", ["job", "outcome"])
_DONE = "done"


def count_once_committed(session: Session, counter: Counter, *labels: str) -> None:
    """Count one under ``labels`` when the caller's transaction commits, nothing when it does not."""
    session.info.setdefault(_DONE, []).append(counter.labels(*labels))


def count_committed(session: Session) -> None:
    """Count what the transaction did that has just been committed."""
    for counter in session.info.pop(_DONE, ()):
        counter.inc()
