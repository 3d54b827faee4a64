"""Codes are forgotten a day later, news are kept."""

from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.erasing import erase_due
from services.messaging import KIND_CODE, NOBODY, send_later
from services.messaging.expiry import ERASURES
from services.messaging.models import Message

DAY = timedelta(days=1)


def test_codes_are_forgotten_after_a_day_those_for_nobody_too(session: Session, now: datetime) -> None:
    for kind, to in ((KIND_CODE, "+212612345678"), (KIND_CODE, NOBODY), ("decision", "+212612345678")):
        send_later(session, kind=kind, to=to, person_id=uuid4(), locale="fr", key="x", params={}, now=now)
    assert erase_due(session, ERASURES, now=now + DAY) == {"code_message": 0}
    assert erase_due(session, ERASURES, now=now + DAY + timedelta(seconds=1)) == {"code_message": 2}
    assert session.scalars(sa.select(Message.kind)).all() == ["decision"]
