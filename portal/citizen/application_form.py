"""The form of an application: who is paid, how, and what only the family can say."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import ClassVar
from uuid import uuid4

from flask import request
from wtforms import StringField
from wtforms.validators import ValidationError

from portal.access import current_subject
from portal.answer_words import NO, YES
from portal.forms import Form, OneOf, TypedField
from services.crypto import keys
from services.crypto.ring import KeyMissing, NotGenuine
from services.messages import N_, Words
from services.population.identifiers import InvalidIdentifier
from services.population.register import DisplayName
from services.programmes.payees import Payee
from services.programmes.payments import Channel, mask_account
from services.requests.applications.asking import QUESTIONS, FamilyQuestion, Offer
from services.requests.applications.sending import Wish

PAYEE_MISSING = N_("The person who is paid: choose one")
CHANNEL_MISSING = N_("The way to be paid: choose one")
# The value of a choice, its words or a name, its hint and its pictogram.
Choice = tuple[str, Words | str | DisplayName, Words | str | None, str | None]
ANSWERS = (("yes", YES), ("no", NO))


class AccountField(TypedField):
    """An account number; asked only where its channel is chosen."""

    def post_validate(self, form: "ApplicationForm", validation_stopped: bool) -> None:  # type: ignore[override]
        """Keep its one form, or say what is wrong with it."""
        account = None if form.chosen is None else form.chosen.account
        if account is None or account.field != self.name:
            return
        if not self.data:
            raise ValidationError(Words(account.missing))
        try:
            self.data = account.read(self.data)
        except InvalidIdentifier as fault:
            raise ValidationError(Words(fault.reason)) from None


class ApplicationForm(Form):
    """Asked once, shown once more to be checked, then sent.

    On the page that is checked the account is hidden and sealed for who typed it: ``kept``.
    """

    order: ClassVar[tuple[str, ...]] = ("payee", "channel", "rib", "wallet", *QUESTIONS)
    payee = StringField()
    channel = StringField()
    rib = AccountField()
    wallet = AccountField()
    no_other_family_allowance = StringField()
    no_other_health_cover = StringField()
    submission_key = StringField()
    kept = StringField()

    def __init__(self, offer: Offer) -> None:
        first = {} if request.method == "POST" else {"submission_key": uuid4().hex, "payee": offer.payees[0].token}
        super().__init__(**first)
        self.offer = offer
        self.payee.validators = [OneOf([payee.token for payee in offer.payees], PAYEE_MISSING)]
        self.channel.validators = [OneOf([channel.key for channel in offer.channels], CHANNEL_MISSING)]
        asked = {question.condition: question for question in offer.questions}
        for condition in QUESTIONS:
            if condition in asked:
                self[condition].validators = [OneOf(dict(ANSWERS), asked[condition].missing)]
            else:
                del self[condition]
        self.order = tuple(name for name in self.order if name in self)  # type: ignore[misc]
        self._open_kept()

    @property
    def payees(self) -> list[Choice]:
        """Whom one may choose."""
        return [(one.token, one.name, one.role_words, "person") for one in self.offer.payees]

    @property
    def channels(self) -> list[Choice]:
        """The ways to be paid."""
        return [(one.key, one.words, one.hint, one.pictogram) for one in self.offer.channels]

    @property
    def answers(self) -> list[Choice]:
        """Yes or no."""
        return [(value, words, None, None) for value, words in ANSWERS]

    @property
    def chosen(self) -> Channel | None:
        """The channel that was chosen, if it is offered."""
        return next((one for one in self.offer.channels if one.key == self.channel.data), None)

    @property
    def chosen_payee(self) -> Payee:
        """Who is paid, once the form is valid."""
        return next(one for one in self.offer.payees if one.token == self.payee.data)

    @property
    def account(self) -> str | None:
        """The account as it is kept, where the channel has one, once the form is valid."""
        account = None if self.chosen is None else self.chosen.account
        return None if account is None else self[account.field].data

    @property
    def masked_account(self) -> str | None:
        """Its last digits."""
        return None if self.account is None else mask_account(self.account)

    @property
    def sealed_account(self) -> str:
        """The account for the hidden field of the page that is checked."""
        return "" if self.account is None else urlsafe_b64encode(keys().seal(self.account, self._place())).decode()

    def may_be_checked(self) -> bool:
        """Whether all is there and nobody wants to change it; a change of language checks it again."""
        if request.method != "POST" or "change" in request.form:
            return False
        if "switch_language" in request.form:
            return "kept" in request.form and self.validate()
        return self.submitted()

    @property
    def answered(self) -> list[tuple[FamilyQuestion, Words]]:
        """Each question with its answer, once the form is valid."""
        return [(one, dict(ANSWERS)[self[one.condition].data]) for one in self.offer.questions]

    def wish(self) -> Wish:
        """What is asked, once the form is valid."""
        said = {question.condition: self[question.condition].data == "no" for question in self.offer.questions}
        return Wish(self.chosen_payee.person_id, self.channel.data, self.account, said)

    def _open_kept(self) -> None:
        account = None if self.chosen is None else self.chosen.account
        if account is None or not self.kept.data or self[account.field].data:
            return
        try:
            typed = keys().open(urlsafe_b64decode(self.kept.data.encode()), self._place())
        except (KeyMissing, NotGenuine, NotBase64, ValueError):
            return
        self[account.field].process_formdata([typed])

    def _place(self) -> str:
        return f"application:{self.offer.programme.key}:{current_subject().person_id.hex}"
