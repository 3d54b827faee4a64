"""The three fields of a birth date, of which day and month may be unknown."""

from typing import Any

from portal.database import now
from portal.formatting import MOROCCO
from portal.forms import Form, TypedField
from services.messages import Words
from services.population.birth_dates import BirthDate, InvalidBirthDate, make_birth_date

BIRTH_FIELDS = ("birth_day", "birth_month", "birth_year")


class BirthDateForm(Form):
    """A form that asks for a birth date as ``birth_day``, ``birth_month``, ``birth_year``."""

    birth_day = TypedField()
    birth_month = TypedField()
    birth_year = TypedField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the three together, after each alone."""
        valid = bool(super().validate(extra_validators))
        try:
            self.birth_date = self._read_birth_date()
        except InvalidBirthDate as error:
            field = self[f"birth_{error.field}"]
            field.errors = (Words(error.reason),)
            return False
        return valid

    def _read_birth_date(self) -> BirthDate:
        return make_birth_date(
            self.birth_year.data, self.birth_month.data, self.birth_day.data, today=now().astimezone(MOROCCO).date()
        )
