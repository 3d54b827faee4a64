"""Passwords of the staff: which are refused, and their digests (argon2id, slow on purpose)."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.messages import N_

SHORTEST, LONGEST = 12, 200
FEWEST_SIGNS = 5
TOO_SHORT = N_("Password: write at least 12 characters. Four words that come to your mind are easy to keep.")
TOO_LONG = N_("Password: write at most 200 characters")
TOO_COMMON = N_("Password: many people use this one, so it is guessed first. Choose another.")
TOO_SIMILAR = N_("Password: it must not hold your user name. Choose another.")
TOO_PLAIN = N_("Password: digits alone, or the same few signs again and again, are guessed first. Choose another.")
# As people write letters with digits and signs; a guesser knows them all.
_LETTERS = str.maketrans("@4301$5!7€", "aaeoissite")
# The least that OWASP advises; sign-ins of many must not starve the families of the machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def password_fault(password: str, *, name: str) -> str | None:
    """The sentence that says why ``password`` is refused for the agent ``name``; None where it is taken."""
    folded = _folded(password)
    if len(folded) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    if name and _folded(name) in folded:
        return TOO_SIMILAR
    if len(set(folded)) < FEWEST_SIGNS or not any(sign.isalpha() for sign in folded):
        return TOO_PLAIN
    return TOO_COMMON if _cores(folded) & common_passwords() else None


def hash_password(password: str) -> str:
    """The digest to keep; takes about a tenth of a second, so never inside a transaction."""
    return _hasher.hash(_normal(password))


def check_password(digest: str | None, password: str) -> bool:
    """Whether ``password`` is that of ``digest``; as slow where there is none as where there is one."""
    nobodys = _nobodys()
    try:
        right = _hasher.verify(digest or nobodys, _normal(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return right and digest is not None


@cache
def common_passwords() -> frozenset[str]:
    """The cores of passwords that are guessed first: ``common_passwords.txt``, one a line."""
    text = files("services.accounts.agents").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _cores(folded: str) -> set[str]:
    """What a password comes down to: without digits and signs around it, spelled out, said once."""
    found = set()
    for bare in _without_edges(folded):
        for text in (bare, bare.translate(_LETTERS)):
            letters = re.sub(r"[\W_]", "", text)
            found |= {text, letters, _said_once(text), _said_once(letters)}
    return found


def _without_edges(text: str) -> Iterator[str]:
    """``text`` with none, some or all of the digits and signs at its edges taken away."""
    before = re.match(r"[\W\d_]*", text)
    after = re.search(r"[\W\d_]*$", text)
    assert before is not None
    assert after is not None
    for start in {0, before.end()}:
        for end in range(after.start(), len(text) + 1):
            yield text[start:end]


def _said_once(text: str) -> str:
    return next((text[:length] for length in range(1, len(text)) if _repeats(text, length)), text)


def _repeats(text: str, length: int) -> bool:
    return len(text) >= 2 * length and (text[:length] * (len(text) // length + 1))[: len(text)] == text


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip()


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return _hasher.hash("of nobody")
