"""How a programme pays: the channels as a table, and the account numbers that some of them need.

An account number is personal: sealed where it is kept, shown by its last four digits only.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from services.messages import N_
from services.population.identifiers import LONGEST_INPUT, READABLE, InvalidIdentifier, parse_mobile

RIB_DIGITS = 24
MODULUS = 97
# The same account as it is written abroad: MA, two check digits, the 24 digits of the RIB.
IBAN = re.compile(r"MA([0-9]{2})([0-9]{24})", re.IGNORECASE)
MA_IN_DIGITS = "2210"

RIB_FORM = N_("RIB: it has 24 digits. Copy all of them from your bank card folder or from a paper of your bank.")
RIB_WRONG = N_("RIB: one of these digits is not right. Compare them with the paper of your bank.")
WALLET_FORM = N_("Mobile wallet: write its Moroccan mobile number, 10 digits that begin with 06 or 07.")


@dataclass(frozen=True)
class Account:
    """The number that a channel pays to. ``field`` is its name on a page; ``read`` gives the one
    form in which it is kept, or raises InvalidIdentifier; ``missing`` asks for it."""

    field: str
    label: str
    hint: str
    missing: str
    read: Callable[[str], str]


@dataclass(frozen=True)
class Channel:
    """One way to be paid. ``account`` is None where no number is needed."""

    key: str
    words: str
    hint: str
    pictogram: str
    account: Account | None


def parse_rib(text: str) -> str:
    """The 24 digits of a Moroccan bank account, however they are written, also as an IBAN.

    The last two are the key: what makes the whole a multiple of 97, from 01 to 97. Raises
    InvalidIdentifier with the sentence that says what to do.
    """
    digits = text.translate(READABLE) if len(text) <= LONGEST_INPUT else ""
    written_abroad = IBAN.fullmatch(digits)
    if written_abroad:
        check, digits = written_abroad.groups()
        if int(digits + MA_IN_DIGITS + check) % MODULUS != 1:
            raise InvalidIdentifier(RIB_WRONG)
    if len(digits) != RIB_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise InvalidIdentifier(RIB_FORM)
    if int(digits[-2:]) != rib_key(digits[:-2]) or not int(digits[:-2]):
        raise InvalidIdentifier(RIB_WRONG)
    return digits


def rib_key(body: str) -> int:
    """The key of the first 22 digits: bank (3), place (3) and account (16)."""
    return MODULUS - int(body) * 100 % MODULUS


def parse_wallet(text: str) -> str:
    """The mobile number of a wallet, in E.164. Raises InvalidIdentifier."""
    try:
        return parse_mobile(text)
    except InvalidIdentifier:
        raise InvalidIdentifier(WALLET_FORM) from None


def mask_account(account: str) -> str:
    """An account as pages show it: ``•••• 4921``."""
    return f"•••• {account[-4:]}"


CHANNELS = {
    channel.key: channel
    for channel in (
        Channel(
            "bank_account",
            N_("On a bank account"),
            N_("The account may be at a bank or at Barid Bank, in the name of the person who is paid"),
            "building",
            Account(
                "rib",
                N_("RIB of the account"),
                N_("24 digits, with or without spaces. They stand on any paper of your bank."),
                N_("RIB: write the 24 digits of the account"),
                parse_rib,
            ),
        ),
        Channel(
            "wallet",
            N_("On a mobile wallet"),
            N_("Money that arrives on the phone, without a bank account"),
            "phone",
            Account(
                "wallet",
                N_("Mobile number of the wallet"),
                N_("10 digits that begin with 06 or 07"),
                N_("Mobile wallet: write its mobile number"),
                parse_wallet,
            ),
        ),
        Channel(
            "cash_point",
            N_("In cash, at a cash point"),
            N_("With the identity card of the person who is paid. You need no account."),
            "shop",
            None,
        ),
    )
}


@dataclass(frozen=True)
class Payment:
    """Whom a programme pays and how, since when it is so, and who says it."""

    programme: str
    basis: str
    payees: tuple[str, ...]
    channels: tuple[str, ...]
    valid_from: date
    grade: str
    source: str


def payment_on(programme: str, day: date, *, has_children: bool) -> Payment:
    """How ``programme`` pays a household on ``day``. Raises LookupError where it does not pay.

    A programme that tells children from a lump sum has a row for each; another has one row.
    """
    bases = ("children" if has_children else "lump_sum", "care")
    known = [row for row in _payments() if row.programme == programme and row.basis in bases and row.valid_from <= day]
    if not known:
        raise LookupError(f"nothing says how {programme!r} pays on {day}")
    return max(known, key=lambda row: row.valid_from)


@cache
def _payments() -> tuple[Payment, ...]:
    raw = tomllib.loads(files("services.programmes").joinpath("payments.toml").read_text(encoding="utf-8"))
    return tuple(
        Payment(**{**row, "payees": tuple(row["payees"]), "channels": tuple(row["channels"])}) for row in raw["payment"]
    )
