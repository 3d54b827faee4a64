"""The short messages of a request's life: a reference and "there is news", nothing personal."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.accounts.sessions import DEFAULT_LOCALE, language_of
from services.messages import N_
from services.messaging import send_later
from services.population.register import mobile_of
from services.requests.models import Request
from services.requests.references import format_reference

NEWS = {
    "submission": N_("Usrati: we received your request. Its number is %(reference)s. Keep it. This service is free."),
    "needs_citizen": N_("Usrati: we need you to go on with your request %(reference)s. Please sign in to see why."),
    "decision": N_("Usrati: there is news about your request %(reference)s. Sign in to read it."),
    "expiry": N_("Usrati: your request %(reference)s is closed, because we did not hear from you in time."),
}


def tell_family(session: Session, *, request: Request, kind: str, now: datetime) -> None:
    """Write to whoever made the request, in the language he last used, when this commits.

    Without a mobile on file the message waits in the portal.
    """
    person_id = request.submitted_by
    send_later(
        session,
        kind=kind,
        to=mobile_of(session, person_id=person_id),
        person_id=person_id,
        locale=language_of(session, person_id=person_id) or DEFAULT_LOCALE,
        key=NEWS[kind],
        params={"reference": format_reference(request.reference)},
        now=now,
    )
