"""The facts that a paper prints so that its signature can be checked without us: their names and forms.

Whoever types them may write a comma or a point, spaces or none: what counts is the value.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from services.population.identifiers import to_ascii_digits
from services.requests.references import read_characters

Value = str | int | datetime
INPUTS_SHOWN = 16  # hexadecimal digits of the digest of a declaration: 64 bits


@dataclass(frozen=True)
class Fact:
    """One fact: ``name`` is what is printed and typed, ``key`` its name among what is digested."""

    name: str
    key: str
    read: Callable[[str], Value]
    write: Callable[[Value], str] = str


def read_score(text: str) -> int:
    """``9,296428400`` in nano-units. Raises ValueError."""
    try:
        nano = Decimal(to_ascii_digits(text).replace(",", ".")).scaleb(9)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not nano.is_finite() or nano != int(nano):
        raise ValueError("not a score")
    return int(nano)


def write_score(nano: Value) -> str:
    """A score with all of its nine decimals, and a point: ``9.296428400``."""
    return f"{Decimal(int(str(nano))).scaleb(-9):.9f}"


def read_day(text: str) -> str:
    """A day as ``2026-06-15``. Raises ValueError."""
    return date.fromisoformat(to_ascii_digits(text).strip()).isoformat()


def read_instant(text: str) -> datetime:
    """An instant in ISO 8601; without a zone it is UTC. Raises ValueError."""
    at = datetime.fromisoformat(text.strip())
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def read_inputs(text: str) -> str:
    """The sixteen digits that stand for a declaration, in groups or not. Raises ValueError."""
    digits = re.sub(r"[\s-]", "", to_ascii_digits(text)).lower()
    if not re.fullmatch(f"[0-9a-f]{{{INPUTS_SHOWN}}}", digits):
        raise ValueError("not a fingerprint")
    return digits


SCORE = Fact("score", "score_nano", read_score, write_score)
DAY = Fact("day", "computed_on", read_day)
MODEL = Fact("model", "model", str.strip)
EFFECT = Fact("effect", "takes_effect_on", read_day)
INPUTS = Fact("inputs", "inputs", read_inputs)
REFERENCE = Fact("reference", "reference", read_characters)
REQUEST = Fact("request", "request", str.strip)
SUBMITTED = Fact("submitted", "submitted_at", read_instant)
DECIDED = Fact("decided", "decided_at", read_instant)


def read_facts(facts: tuple[Fact, ...], typed: Mapping[str, str]) -> dict[str, Value]:
    """What was typed, by name, as it is digested. Raises LookupError naming what is missing or not known.

    What cannot be such a value at all is kept as it was typed: no paper of ours says it.
    """
    known = {fact.name: fact for fact in facts}
    strange, missing = [name for name in typed if name not in known], [name for name in known if name not in typed]
    if strange or missing:
        lacks = f"missing: {', '.join(missing)}" if missing else f"not one of them: {', '.join(strange)}"
        raise LookupError(f"the facts of this kind of paper are {', '.join(known)}; {lacks}")
    return {known[name].key: _read(known[name], text) for name, text in typed.items()}


def write_facts(facts: tuple[Fact, ...], digested: Mapping[str, Value]) -> str:
    """Facts as they are printed: ``score=9.296428400 day=2026-06-15 …``."""
    return " ".join(f"{fact.name}={fact.write(digested[fact.key])}" for fact in facts)


def fingerprint(digest: bytes) -> str:
    """The beginning of a digest, for comparing by eye: ``9f3a 12cd 77aa 0b1c``."""
    shown = digest.hex()[:INPUTS_SHOWN]
    return " ".join(shown[start : start + 4] for start in range(0, INPUTS_SHOWN, 4))


def _read(fact: Fact, text: str) -> Value:
    try:
        return fact.read(text)
    except ValueError:
        return text
