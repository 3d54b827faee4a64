"""Which keys this database needs to be readable."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.database import Base


class KeyMark(Base):
    """The mark that a key left here when it was first used; who starts without it is refused.

    ``kind``: ``sealing`` (of the key ring; ``mark`` is a sealed sample) or ``secret`` (``mark``
    is a digest of its own). ``released_at``: nothing stands under this key any more.
    """

    __tablename__ = "key_marks"

    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    key_id: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    mark: Mapped[bytes]
    since: Mapped[datetime]
    released_at: Mapped[datetime | None] = mapped_column(default=None)
