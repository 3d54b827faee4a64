"""Messages to people. The text of an SMS exists sealed until it is sent, then is wiped."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.crypto import Sealed
from services.database import Base, Identified


class Message(Identified, Base):
    """One message: a key with parameters until the worker finds the words and sends them.

    ``key`` is the English sentence, the catalogue's msgid; ``parameters`` (sealed JSON) and
    ``to`` (E.164) are wiped once sent. ``kind`` is a code such as ``code`` or ``decision``.
    """

    __tablename__ = "messages"
    __table_args__ = (sa.Index(None, "person_id", "created_at"),)

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
