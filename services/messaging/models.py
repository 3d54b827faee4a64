"""Messages to people. The text of an SMS exists sealed until it is sent, then is wiped."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.crypto import Sealed
from services.database import Base, Identified

CODES = sa.text("kind = 'code'")
WAITING = sa.text("to_sealed IS NOT NULL AND sent_at IS NULL AND given_up_at IS NULL")


class Message(Identified, Base):
    """One message: a key with parameters until the worker finds the words and sends them.

    ``key`` is the English sentence, the catalogue's msgid; ``parameters`` (sealed JSON) and
    ``to`` (E.164) are wiped once sent. ``kind`` is a code such as ``code`` or ``decision``.
    ``parts`` is the number of SMS it took, ``delivery`` what the gateway reported last (a value of
    states.Delivery), ``reason`` why it was not taken or not delivered (of states.Refusal, or
    ``network:`` and the operator's code). ``next_try_at`` stands while it waits for another try.
    """

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index(None, "person_id", "created_at"),
        sa.Index(None, "created_at"),
        sa.Index(None, "sent_at"),
        sa.Index("ix_messages_codes", "created_at", sqlite_where=CODES, postgresql_where=CODES),
        sa.Index("ix_messages_waiting", "created_at", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    person_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(sa.String(40))
    locale: Mapped[str] = mapped_column(sa.String(3))
    key: Mapped[str] = mapped_column(sa.Text)
    parameters_sealed: Mapped[bytes | None] = mapped_column(default=None)
    parameters = Sealed()
    to_sealed: Mapped[bytes | None] = mapped_column(default=None)
    to = Sealed()
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    given_up_at: Mapped[datetime | None] = mapped_column(default=None)
    parts: Mapped[int | None] = mapped_column(default=None)
    next_try_at: Mapped[datetime | None] = mapped_column(default=None)
    delivery: Mapped[str | None] = mapped_column(sa.String(12), default=None)
    delivery_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(sa.String(40), default=None)


class SmsPace(Base):
    """The instant from which the next message may leave; one row."""

    __tablename__ = "sms_pace"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    free_at: Mapped[datetime]
