"""The kinds of work there are: each job is one service function with the ids it was enqueued with.

``workflows`` runs them, each in a writing transaction of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services import jobs
from services.erasing import Erasure, erase_due, may_have_more
from services.expiry import ROOMS
from services.messaging.gateways import Gateway
from services.messaging.models import Message
from services.messaging.sending import KIND_CODE, WaitTurn, send_message
from services.papers.confirmations import decide_with_confirmation
from services.requests.verification import expire_request, verify_request
from services.scoring.bulk.relay import begin_yearly, pack_inputs, score_run
from services.scoring.bulk.telling import tell_next
from services.settings import PUBLIC_URL

Render = Callable[[str, str, Mapping[str, str]], str]

HOUR = timedelta(hours=1)
NO_DELAY = timedelta(0)


@dataclass(frozen=True)
class Tools:
    """What jobs work with, besides their transaction."""

    gateway: Gateway
    render: Render
    wait_turn: WaitTurn | None = None
    public_url: str = PUBLIC_URL
    scores_told_per_minute: int = 600


@dataclass(frozen=True)
class Job:
    """One kind of work: ``run`` gets the ids it was enqueued with, ``queue`` takes it after a failure."""

    name: str
    queue: str
    run: Callable[..., str]


def _send_message(tools: Tools, session: Session, now: datetime, message_id: str, attempt: int = 1) -> str:
    outcome = send_message(
        session,
        message_id=UUID(message_id),
        gateway=tools.gateway,
        render=tools.render,
        now=now,
        wait_turn=tools.wait_turn,
    )
    if outcome.retry_after is not None:
        is_code = session.get_one(Message, UUID(message_id)).kind == KIND_CODE
        jobs.enqueue(
            session,
            "send_message",
            message_id,
            attempt + 1,
            queue=jobs.QUEUE_CODES if is_code else jobs.QUEUE_NEWS,
            key=f"send:{message_id}:{attempt + 1}",
            delay=outcome.retry_after,
        )
    return outcome.kind


def _verify_request(tools: Tools, session: Session, now: datetime, request_id: str, attempt: int) -> str:
    return verify_request(session, request_id=UUID(request_id), attempt=attempt, now=now)


def _decide_request(tools: Tools, session: Session, now: datetime, request_id: str) -> str:
    return decide_with_confirmation(session, request_id=UUID(request_id), now=now)


def _expire_request(tools: Tools, session: Session, now: datetime, request_id: str, step: int) -> str:
    return expire_request(session, request_id=UUID(request_id), step=step, now=now)


def _pack_inputs(tools: Tools, session: Session, now: datetime, run_id: str, after: str) -> str:
    return pack_inputs(session, run_id=UUID(run_id), after=None if after == "first" else UUID(after))


def _score_run(tools: Tools, session: Session, now: datetime, run_id: str, turn: int) -> str:
    return score_run(session, run_id=UUID(run_id), turn=turn, now=now)


def _tell_run(tools: Tools, session: Session, now: datetime, run_id: str, turn: int) -> str:
    told = tell_next(
        session,
        run_id=UUID(run_id),
        turn=turn,
        per_minute=tools.scores_told_per_minute,
        public_url=tools.public_url,
        now=now,
    )
    return str(told.written)


def _rescore_yearly(tools: Tools, session: Session, now: datetime) -> str:
    queue_for_hour(session, "rescore_yearly", now + HOUR, delay=HOUR)
    return begin_yearly(session, now=now)


def _every_hour(name: str, erasures: tuple[Erasure, ...]) -> Job:
    def run(tools: Tools, session: Session, now: datetime, turn: int = 0) -> str:
        if not turn:
            queue_for_hour(session, name, now + HOUR, delay=HOUR)
        erased = erase_due(session, erasures, now=now)
        if may_have_more(erasures, erased):
            key = f"{name}:{now:%Y-%m-%dT%H}+{turn + 1}"
            jobs.enqueue(session, name, turn + 1, queue=jobs.QUEUE_NEWS, key=key)
        return str(sum(erased.values()))

    return Job(name, jobs.QUEUE_NEWS, run)


def queue_for_hour(session: Session, name: str, at: datetime, *, delay: timedelta = NO_DELAY) -> None:
    """Queue an hourly job for the hour of ``at``: once, however many ask for it."""
    # Every worker that starts asks for this hour, every run for the next: by its key it is one job.
    jobs.enqueue(session, name, queue=jobs.QUEUE_NEWS, key=f"{name}:{at:%Y-%m-%dT%H}", delay=delay)


HOURLY = (
    *(_every_hour(name, erasures) for name, erasures in ROOMS.items()),
    Job("rescore_yearly", jobs.QUEUE_NEWS, _rescore_yearly),
)
JOBS = (
    *HOURLY,
    Job("pack_inputs", jobs.QUEUE_NEWS, _pack_inputs),
    Job("score_run", jobs.QUEUE_NEWS, _score_run),
    Job("tell_run", jobs.QUEUE_NEWS, _tell_run),
    Job("send_message", jobs.QUEUE_CODES, _send_message),
    Job("verify_request", jobs.QUEUE_CASES, _verify_request),
    Job("decide_request", jobs.QUEUE_CASES, _decide_request),
    Job("expire_request", jobs.QUEUE_CASES, _expire_request),
)
