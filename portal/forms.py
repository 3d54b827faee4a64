"""The base of every form, and the fields that forgive how people type."""

from collections.abc import Collection
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import StopValidation, ValidationError

from portal.rescue import forget_rescued_fields, rescued_fields
from services.messages import N_, Words
from services.population.identifiers import InvalidIdentifier, parse_idcs, to_ascii_digits

LONGEST_TYPED = 200


class Form(FlaskForm):
    """A form that keeps what was typed, also when the language is changed or the session ended.

    ``order`` names the fields as the page shows them, where that is not how they were written.
    """

    order: ClassVar[tuple[str, ...]] = ()

    class Meta:
        """Every sentence is ours: the library's own translations would be read anew for each form."""

        def get_translations(self, form: FlaskForm) -> None:
            """Have the library look for none."""

    def __init__(self, **defaults: Any) -> None:
        rescued = rescued_fields() if request.method == "GET" else None
        super().__init__(**({"formdata": rescued} if rescued else {}), **defaults)
        self.rescued = rescued

    def submitted(self) -> bool:
        """Whether this is a valid post. Changing the language shows the form again, unjudged."""
        if request.method != "POST" or "switch_language" in request.form:
            return False
        if not self.validate():
            return False
        forget_rescued_fields()
        return True

    @property
    def status(self) -> int:
        """422 where something must be corrected."""
        return 422 if self.problems else 200

    @property
    def problems(self) -> tuple[tuple[str, Words], ...]:
        """``(id of the field, sentence)`` of each fault, in the order of the page."""
        fields = [self[name] for name in self.order] or list(self)
        return tuple((field.id, field.errors[0]) for field in fields if field.errors)


class Required:
    """Refuses an empty field, with a sentence of its own."""

    field_flags: ClassVar[dict[str, Any]] = {}

    def __init__(self, message: str) -> None:
        self.message = Words(message)

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Stop here while nothing is there."""
        if not field.data:
            raise StopValidation(self.message)


class OneOf:
    """Refuses what was not offered, nothing included, with a sentence of its own."""

    field_flags: ClassVar[dict[str, Any]] = {}

    def __init__(self, values: Collection[str], message: str) -> None:
        self.values = values
        self.message = Words(message)

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Stop where the value is none of them."""
        if field.data not in self.values:
            raise StopValidation(self.message)


class TypedField(StringField):
    """Text as typed, without what no keyboard types; ``data`` is None while empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value, cut to a length that nobody exceeds by mistake."""
        typed = valuelist[0][:LONGEST_TYPED].replace("\0", "").strip() if valuelist else ""
        self.raw_data = [typed]
        self.data = typed or None

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else (self.data or "")


class PasswordField(StringField):
    """A password, taken as it was typed and never shown again; ``data`` is None while empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value as it is."""
        self.data = (valuelist[0] if valuelist else "") or None

    def _value(self) -> str:
        return ""


class IdcsField(TypedField):
    """An identity number: spaces, dashes and Arabic-Indic digits are welcome."""

    def post_validate(self, form: FlaskForm, validation_stopped: bool) -> None:
        """Keep the ten digits."""
        if validation_stopped or not self.data:
            return
        try:
            self.data = parse_idcs(self.data)
        except InvalidIdentifier as error:
            raise ValidationError(Words(error.reason)) from None


class DigitsField(TypedField):
    """A field of digits: ``data`` holds ASCII digits only, or None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed for the page, and its digits for the code."""
        super().process_formdata(valuelist)
        digits = "".join(
            character for character in to_ascii_digits(self.data or "") if character.isascii() and character.isdigit()
        )
        self.data = digits or None


class CodeField(DigitsField):
    """A six-digit code; a pasted one with spaces works."""

    def post_validate(self, form: FlaskForm, validation_stopped: bool) -> None:
        """Refuse what is not six digits."""
        if not validation_stopped and self.data and len(self.data) != 6:
            raise ValidationError(Words(N_("Code: write the 6 digits of the message")))
