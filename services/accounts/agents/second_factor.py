"""The second factor: codes that a telephone makes from a shared secret (TOTP), and recovery codes for without it."""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.models import RecoveryCode
from services.crypto import blind_index
from services.population.identifiers import to_ascii_digits

ISSUER = "Usrati"
STEP_SECONDS = 30
# A telephone's clock may be half a minute off.
STEPS_AROUND = (0, -1, 1)
CODE_DIGITS = 6
RECOVERY_CODES = 10
# No look-alikes.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS_OF_A_RECOVERY_CODE = 3
GROUP = 4


def new_secret() -> str:
    """A secret for one telephone, in base 32."""
    return pyotp.random_base32()


def address_of_secret(secret: str, *, name: str) -> str:
    """The ``otpauth:`` address that an application reads from the square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def code_at(secret: str, now: datetime) -> str:
    """The code that the telephone shows at ``now``."""
    return pyotp.TOTP(secret).generate_otp(_step_at(now))


def step_of_code(secret: str, code: str, *, after: int | None, now: datetime) -> int | None:
    """The half minute of which ``code`` is; None where it is wrong, or not later than ``after``: it was seen."""
    digits = "".join(sign for sign in to_ascii_digits(code) if sign in "0123456789")
    totp = pyotp.TOTP(secret)
    steps = [_step_at(now) + around for around in STEPS_AROUND]
    right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), digits)]
    return next((step for step in right if after is None or step > after), None)


def is_totp_code(code: str) -> bool:
    """Whether this is a code of the telephone and not a recovery code, by its look."""
    letters = [sign for sign in to_ascii_digits(code) if sign.isalnum()]
    return len(letters) <= CODE_DIGITS


def new_code(groups: int) -> str:
    """A random code to read and type, in groups of four: ``7KQ2-9XMP-4DTR``."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(groups))


def digest_of_code(kind: str, owner_id: UUID, code: str) -> bytes:
    """The digest by which a code made here is known; case, dashes and spaces do not matter."""
    letters = "".join(sign for sign in to_ascii_digits(code[:200]).upper() if sign.isalnum())
    return blind_index(f"agent {kind}", f"{owner_id.hex}:{letters}")


def store_recovery_codes(session: Session, *, agent_id: UUID, codes: Iterable[str]) -> None:
    """Keep the digests of ``codes`` instead of any former ones."""
    forget_recovery_codes(session, agent_id=agent_id)
    digests = {digest_of_code("recovery", agent_id, code) for code in codes}
    session.add_all(RecoveryCode(agent_id=agent_id, digest=digest) for digest in digests)
    session.flush()


def use_recovery_code(session: Session, *, agent_id: UUID, code: str, now: datetime) -> bool:
    """Whether this is an unused recovery code of the agent; it is used now, and by one at most."""
    used = session.execute(
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.agent_id == agent_id,
            RecoveryCode.digest == digest_of_code("recovery", agent_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.agent_id)
    )
    return used.one_or_none() is not None


def forget_recovery_codes(session: Session, *, agent_id: UUID) -> None:
    """None of them works any more."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))


def _step_at(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS
