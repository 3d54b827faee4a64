"""The signing keys, each under its id for ever."""

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.crypto import Sealed
from services.database import Base, Identified


class SigningKey(Identified, Base):
    """One Ed25519 key. ``key_id`` is what a signature names; a retired key signs no more.

    The partial unique index is what makes one key of an algorithm the signing one, however many
    processes make it at once. ``private`` is the base64 of the 32 bytes of the private key.
    """

    __tablename__ = "signing_keys"
    __table_args__ = (
        sa.Index(
            "ix_signing_keys_one_signs",
            "algorithm",
            unique=True,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        ),
    )

    key_id: Mapped[str] = mapped_column(sa.String(8), unique=True)
    algorithm: Mapped[str] = mapped_column(sa.String(10))
    public: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    private_sealed: Mapped[bytes]
    private: ClassVar = Sealed()
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
