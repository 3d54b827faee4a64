"""Following a request: from the account, or with its reference and a fresh code by SMS."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.codes import BegunCode, CodeOutcome, CodeResult, begin_code, check_code
from services.errors import NotFound
from services.households.household_view import HouseholdView, household_of
from services.journal import Actor
from services.population.register import Answer
from services.requests.applications.answer import answer_of
from services.requests.kinds import KINDS
from services.requests.models import Application, MemberCheck, Request, Transition
from services.requests.states import Event, State
from services.requests.views import LoggedStep, RequestView, next_of, timeline_of

PURPOSE: Final = "track"


@dataclass(frozen=True)
class Submission:
    """A request as it was sent: under which reference, of what kind, when."""

    reference: str
    kind: str
    submitted_at: datetime


def requests_of(session: Session, *, household_id: UUID, now: datetime) -> tuple[RequestView, ...]:
    """Every request of a household, newest first, in one statement. Says nothing of who may see them."""
    return tuple(_views(session.execute(_LOGGED.where(Request.household_id == household_id)), now))


def find_request(session: Session, *, actor: Actor, reference: str, now: datetime) -> RequestView:
    """A request, for who made it and for the adults of its household.

    ``reference`` as :func:`parse_reference` gives it. One statement for who made it. Raises
    NotFound alike for somebody else's and for none at all.
    """
    rows = session.execute(_LOGGED.add_columns(Request.submitted_by).where(Request.reference == reference)).all()
    views = tuple(_views(rows, now))
    person_id = actor.person_id
    if not views or person_id is None:
        raise NotFound("request")
    view = views[0]
    may_act = rows[0].submitted_by == person_id
    if not may_act:
        household = household_of(session, person_id=person_id, now=now)
        if household is None or household.id != view.household_id or not _may_follow(household, person_id):
            raise NotFound("request")
        may_act = household.may_be_changed_by(person_id)
    return _for_who_may_act(session, view, rows[0]) if may_act else _for_another_adult(view)


def find_submission(session: Session, *, request_id: UUID) -> Submission | None:
    """What was sent with a request, and when; None after its erasure. Says nothing of who may see it."""
    chosen = sa.select(Request.reference, Request.kind, Request.submitted_at).where(Request.id == request_id)
    row = session.execute(chosen).one_or_none()
    return None if row is None else Submission(**row._mapping)


def begin_tracking(session: Session, *, reference: str, address: str, locale: str, now: datetime) -> BegunCode:
    """Send a code to who made the request; the same answer for a reference that nobody has.

    Raises TooManyAttempts for the address only.
    """
    found = session.execute(
        sa.select(Request.id, Request.submitted_by).where(Request.reference == reference)
    ).one_or_none()
    return begin_code(
        session,
        purpose=PURPOSE,
        identity=reference,
        person_id=None if found is None else found.submitted_by,
        subject_id=None if found is None else found.id,
        address=address,
        locale=locale,
        now=now,
    )


def finish_tracking(session: Session, *, attempt_id: UUID, code: str, now: datetime) -> RequestView | CodeResult:
    """The request behind a right code; otherwise what the code turned out to be."""
    result = check_code(session, attempt_id=attempt_id, purpose=PURPOSE, code=code, now=now)
    if result.outcome is not CodeOutcome.RIGHT or result.subject_id is None:
        return result
    found = tuple(_views(session.execute(_LOGGED.where(Request.id == result.subject_id)), now))
    # Its time may have been over while the code was on its way.
    return found[0] if found else CodeResult(CodeOutcome.OVER)


_OF_APPLICATION = (
    Application.programme,
    Application.outcome,
    Application.amount_dirhams,
    Application.reasons,
    Application.score_nano,
    Application.limit_nano,
    Application.payee_person_id,
    Application.channel,
    Application.account_sealed,
)
_LOGGED = (
    sa.select(
        Request.id,
        Request.household_id,
        Request.reference,
        Request.kind,
        Request.state,
        Request.submitted_at,
        Request.aids,
        Request.waiting_until,
        *_OF_APPLICATION,
        Transition.at,
        Transition.event,
        Transition.from_state,
        Transition.to_state,
        Transition.parameters,
    )
    .join(Transition, Transition.request_id == Request.id)
    .outerjoin(Application, Application.id == Request.id)
    .order_by(Request.submitted_at.desc(), Request.id, Transition.number)
)


def _views(rows: Iterable[Any], now: datetime) -> Iterable[RequestView]:
    for _, log in groupby(rows, key=lambda row: row.id):
        logged = list(log)
        first = logged[0]
        steps = [
            LoggedStep(row.at, Event(row.event), State(row.from_state), State(row.to_state), row.parameters)
            for row in logged
        ]
        state, waiting_until = State(first.state), first.waiting_until
        kind = KINDS[first.kind]
        next_step, next_by = next_of(
            kind, state, steps, submitted_at=first.submitted_at, waiting_until=waiting_until, now=now
        )
        yield RequestView(
            id=first.id,
            household_id=first.household_id,
            reference=first.reference,
            kind=first.kind,
            state=state,
            submitted_at=first.submitted_at,
            aids=tuple(first.aids),
            timeline=timeline_of(kind, steps, waiting_until=waiting_until),
            next_step=next_step,
            next_by=next_by,
            application=None if first.programme is None else answer_of(first),
        )


def _may_follow(household: HouseholdView, person_id: UUID) -> bool:
    place = household.member_of(person_id)
    counted_in = place is not None and place.held and not place.is_minor
    return counted_in or household.may_be_changed_by(person_id)


def _for_who_may_act(session: Session, view: RequestView, row: Any) -> RequestView:
    """With what the declarant and the head alone see of a request, and may do to it."""
    view = replace(view, may_act=True)
    if view.application is not None:
        account = Application.account.open(view.id, row.account_sealed)
        view = replace(view, application=view.application.with_payment(row.payee_person_id, row.channel, account))
    return _with_unconfirmed(session, view) if view.state is State.NEEDS_CITIZEN else view


def _for_another_adult(view: RequestView) -> RequestView:
    return view if view.application is None else replace(view, application=view.application.for_another_adult())


def _with_unconfirmed(session: Session, view: RequestView) -> RequestView:
    refused = sa.select(MemberCheck.person_id).where(MemberCheck.request_id == view.id, MemberCheck.answer == Answer.NO)
    return replace(view, unconfirmed=tuple(session.scalars(refused.order_by(MemberCheck.person_id))))
