"""Birth dates, of which the register may know only the year, or the year and the month."""

import re
from dataclasses import dataclass
from datetime import date

from services.messages import N_
from services.population.identifiers import INVISIBLE, to_ascii_digits

OLDEST_AGE = 130
ISO_SHAPE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
NUMBER_SHAPE = re.compile(r"[0-9]{1,4}")

YEAR_FORM = N_("Write the year of birth with four digits, for example 1984.")
YEAR_FUTURE = N_("This year has not come yet. Check the year of birth.")
YEAR_TOO_OLD = N_("Nobody is that old. Check the year of birth.")
MONTH_FORM = N_("Write the month of birth as a number from 1 to 12.")
MONTH_MISSING = N_("Write the month of birth too, or leave the day empty.")
DAY_FORM = N_("This day does not exist in that month. Check the day of birth.")
DATE_FUTURE = N_("This date has not come yet. Check the date of birth.")


class InvalidBirthDate(ValueError):
    """No such birth date. ``field`` is year, month or day; ``reason`` says what to do."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class BirthDate:
    """A birth date as registered; what is not known is None. Raises InvalidBirthDate if impossible."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not 1000 <= self.year <= 9999:
            raise InvalidBirthDate("year", YEAR_FORM)
        if self.month is None:
            if self.day is not None:
                raise InvalidBirthDate("month", MONTH_MISSING)
            return
        if not 1 <= self.month <= 12:
            raise InvalidBirthDate("month", MONTH_FORM)
        try:
            date(self.year, self.month, 1 if self.day is None else self.day)
        except ValueError:
            raise InvalidBirthDate("day", DAY_FORM) from None

    @property
    def iso(self) -> str:
        """``1984``, ``1984-05`` or ``1984-05-02``: as much as is known."""
        month = "" if self.month is None else f"-{self.month:02}"
        day = "" if self.day is None else f"-{self.day:02}"
        return f"{self.year:04}{month}{day}"

    def age_on(self, day: date) -> int:
        """Whole years on ``day`` (negative before the birth).

        A missing month counts as January, a missing day as 1; who was born on 29 February is a
        year older on 1 March (domain §4, inferred).
        """
        birthday_to_come = (day.month, day.day) < (self.month or 1, self.day or 1)
        return day.year - self.year - birthday_to_come


def parse_birth_date(iso: str) -> BirthDate:
    """Read what :attr:`BirthDate.iso` writes. Raises InvalidBirthDate; the future is not refused here."""
    match = ISO_SHAPE.fullmatch(iso)
    if match is None:
        raise InvalidBirthDate("year", YEAR_FORM)
    year, month, day = (None if part is None else int(part) for part in match.groups())
    assert year is not None
    return BirthDate(year, month, day)


def make_birth_date(
    year: int | str | None, month: int | str | None, day: int | str | None, *, today: date
) -> BirthDate:
    """The birth date somebody typed: numbers or text with any digits; empty is not known.

    Raises InvalidBirthDate for what is impossible, to come, or more than 130 years ago.
    """
    whole_year = _whole_number("year", year, YEAR_FORM)
    if whole_year is None:
        raise InvalidBirthDate("year", YEAR_FORM)
    born = BirthDate(whole_year, _whole_number("month", month, MONTH_FORM), _whole_number("day", day, DAY_FORM))
    check_birth_date(born, today=today)
    return born


def check_birth_date(born: BirthDate, *, today: date) -> None:
    """Raise InvalidBirthDate if nobody alive or lately dead can be born then."""
    if born.year > today.year:
        raise InvalidBirthDate("year", YEAR_FUTURE)
    if born.year < today.year - OLDEST_AGE:
        raise InvalidBirthDate("year", YEAR_TOO_OLD)
    if (born.year, born.month or 1, born.day or 1) > (today.year, today.month, today.day):
        raise InvalidBirthDate("month" if born.day is None or born.month != today.month else "day", DATE_FUTURE)


def _whole_number(field: str, value: int | str | None, reason: str) -> int | None:
    if value is None or isinstance(value, int):
        return value
    text = to_ascii_digits(value.strip(INVISIBLE)) if len(value) <= 20 else "?"
    if not text:
        return None
    if not NUMBER_SHAPE.fullmatch(text):
        raise InvalidBirthDate(field, reason)
    return int(text)
