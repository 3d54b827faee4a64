"""Every page of the portal in every state that a family can meet it in: empty, filled, with an error.

A scene says who looks and how to get there; any phone can open any scene, in any order and language.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from services.households.household_view import household_of
from services.households.questionnaire import QUESTIONNAIRE
from services.journal import citizen
from services.papers.receipts import submit_with_receipt
from services.population.models import Person
from services.population.register import find_person_id
from services.requests.tracking import requests_of
from tests.journeys.applications import check_application, open_application
from tests.journeys.families import Family, new_family
from tests.journeys.installation import Installation, wait_until
from tests.journeys.pages import Phone
from tests.journeys.shortcuts import answered, applied, registered
from tests.journeys.staff import as_operator, at_the_door, open_recovery, open_staff_code, open_telephone
from tests.journeys.suppositions import see_outcome, suppose_wrongly

EMPTY, FILLED, ERROR = "empty", "filled", "error"
# Who names strangers is stopped after a while: a family for each language.
ADDING = "registered in {}"
BEFORE = {page.key: f"/form/{page.key}" + "/1" * page.per_member for page in QUESTIONNAIRE.pages}


class Cast:
    """The families who look at the pages, made when first asked for; the register knows them all."""

    def __init__(self, portal: Installation) -> None:
        self.portal = portal
        self.family = cache(self._make)
        self.reference = cache(self._send)
        self.application = cache(self._apply)

    def _make(self, role: str) -> Family:
        """A family as far as ``role`` says; ``before bills`` has answered everything before that page."""
        family = self.portal.enrol(new_family())
        if role.startswith("before "):
            answered(self.portal, family, until=role.removeprefix("before "))
        elif role.startswith("registered"):
            registered(self.portal, family)
        elif role == "two adults":
            registered(self.portal, family, {**self.portal.enrol(new_family()).mother, "relation": "sibling"})
        elif role != "newcomer":
            answered(self.portal, family)
        return family

    def _send(self, role: str) -> str:
        """The reference of a family that sent its form: ``decided``, or ``refused`` by the register."""
        family = self.family(role)
        now = datetime.now(UTC)
        with self.portal.database.writing() as session:
            mother, child = (find_person_id(session, idcs=one["idcs"]) for one in (family.mother, family.children[0]))
            assert mother is not None
            session.get_one(Person, child).alive = role != "refused"
            household = household_of(session, person_id=mother, now=now)
            assert household is not None
            assert household.draft_id is not None
            key = household.draft_id.hex
            sent = submit_with_receipt(
                session, actor=citizen(mother), household_id=household.id, submission_key=key, now=now
            )
        wait_until(lambda: self._status(household.id) in ("decided", "needs_you"), f"{role} was not worked on")
        return sent.reference

    def _apply(self, role: str) -> str:
        """The reference of the answered application of a family that is decided."""
        self.reference(role)
        household_id, reference = applied(self.portal, self.family(role))
        wait_until(lambda: self._status(household_id) == "decided", f"the application of {role} was not worked on")
        return reference

    def _status(self, household_id: object) -> str:
        with self.portal.database.reading() as session:
            newest, *_ = requests_of(session, household_id=household_id, now=datetime.now(UTC))
            return str(newest.status)


@dataclass(frozen=True)
class Scene:
    """One page in one state, seen by the family of that role; without a role, by anybody."""

    page: str
    state: str
    role: str
    show: Callable[[Phone, Cast], None]

    def open(self, phone: Phone, cast: Cast) -> None:
        phone.context.clear_cookies(name="usrati")
        if self.role:
            phone.be_signed_in(cast.family(self.role.format(phone.language)))
        self.show(phone, cast)


def at(path: str) -> Callable[[Phone, Cast], None]:
    return lambda phone, cast: phone.go(path)


def of_request(path: str, role: str) -> Callable[[Phone, Cast], None]:
    return lambda phone, cast: phone.go(path.format(cast.reference(role)))


def of_application(path: str, role: str) -> Callable[[Phone, Cast], None]:
    return lambda phone, cast: phone.go(path.format(cast.application(role)))


def form_scenes(page: str, role: str, open_form: Callable[[Phone, Cast], None], **typed: str) -> Iterator[Scene]:
    """A page with a form: as it opens, with something typed, and sent without anything."""

    def fill(phone: Phone, cast: Cast) -> None:
        open_form(phone, cast)
        for name, value in typed.items():
            if phone.page.locator(f"main [name={name}]").first.get_attribute("type") in ("radio", "checkbox"):
                phone.page.check(f"main [name={name}][value={value}]")
            else:
                phone.page.fill(f"main [name={name}]", value)

    def fail(phone: Phone, cast: Cast) -> None:
        open_form(phone, cast)
        phone.send()
        assert phone.page.locator(".error-summary a").count(), f"{page} takes an empty form"

    yield Scene(page, EMPTY, role, open_form)
    yield Scene(page, FILLED, role, fill)
    yield Scene(page, ERROR, role, fail)


def open_code(phone: Phone, cast: Cast) -> None:
    """The page of the code; the first time, by signing in as somebody."""
    phone.go("/sign-in/code")
    if phone.path != "/sign-in/code":
        mother = cast.family("newcomer").mother
        phone.fill_identity(mother)
        phone.page.check(f"input[name=sex][value={mother['sex']}]")
        phone.send()


def open_tracked(phone: Phone, cast: Cast) -> None:
    family, reference = cast.family("decided"), cast.reference("decided")
    before = len(phone.portal.sms.messages(family.mobile))
    phone.go("/track")
    phone.page.fill("#reference", reference)
    phone.send()
    phone.enter_code(family, after=before)
    phone.context.clear_cookies(name="visit")


def refuse_member(phone: Phone, cast: Cast) -> None:
    """Somebody of another household is named."""
    phone.go("/household/members/add")
    phone.add({**cast.family("decided").mother, "relation": "sibling"})


def open_member_code(phone: Phone, cast: Cast) -> None:
    cast.reference("decided")
    refuse_member(phone, cast)
    phone.press("button[name=send_code]")


def answer_member_code(phone: Phone, cast: Cast) -> None:
    family = cast.family("decided")
    before = len(phone.portal.sms.messages(family.mobile))
    open_member_code(phone, cast)
    phone.enter_code(family, after=before)


def end_session(phone: Phone, cast: Cast) -> None:
    phone.portal.let_sessions_end(cast.family("left"))
    phone.go("/form/bills")


def choose_head(phone: Phone, cast: Cast) -> None:
    """The other adult is to be the head, and nobody says what the mother becomes."""
    phone.go("/household/head")
    phone.page.locator("input[name=member]").last.check()
    phone.send()
    assert phone.page.locator(".error-summary").count()


def doubt_bill(phone: Phone, cast: Cast) -> None:
    phone.go("/form/bills")
    phone.page.fill("#water_electricity_1", "40000")
    phone.send()
    assert phone.page.locator("[name=water_electricity_1_confirmed]").count()


def open_deposit(phone: Phone, cast: Cast) -> None:
    phone.go("/form/check")
    phone.page.locator("details:has(form[action$='/form/deposit']) summary").click()
    phone.press("form[action$='/form/deposit'] button")


def question_scenes() -> Iterator[Scene]:
    for key, path in BEFORE.items():
        empty, *_, error = form_scenes(key, f"before {key}", at(path))
        yield from (empty, Scene(key, FILLED, "answered", at(path)), error)
    for path in ("/form/studies/2", "/form/health/2", "/form/health/3"):
        yield Scene(path.removeprefix("/form/"), FILLED, "answered", at(path))
    yield Scene("bills", "unusual", "before bills", doubt_bill)


SCENES = (
    Scene("front", EMPTY, "", at("/")),
    Scene("privacy", EMPTY, "", at("/privacy")),
    Scene("not found", ERROR, "", at("/nowhere")),
    *form_scenes("sign-in", "", at("/sign-in"), idcs="234 567 8904", sex="F", birth_year="1984"),
    *form_scenes("code", "", open_code, code="123456"),
    *form_scenes("track", "", at("/track"), reference="7KQ2-9XMP-4D"),
    Scene("tracked", FILLED, "", open_tracked),
    Scene("sign-in", "session over", "left", end_session),
    *form_scenes("start", "newcomer", at("/household/start"), relation="head", consent="y"),
    Scene("household", EMPTY, "registered", at("/household")),
    Scene("members", FILLED, "registered", at("/household/members")),
    *form_scenes("add member", "registered", at("/household/members/add"), idcs="234 567 8904", relation="child"),
    Scene("add member", "refused", ADDING, refuse_member),
    Scene("member", "mother", "registered", at("/household/members/1")),
    Scene("member", "child", "registered", at("/household/members/2")),
    *form_scenes("member code", ADDING, open_member_code, code="123456"),
    Scene("member answer", FILLED, ADDING, answer_member_code),
    Scene("head", EMPTY, "registered", at("/household/head")),
    Scene("head", ERROR, "two adults", choose_head),
    Scene("no score", EMPTY, "registered", at("/score")),
    Scene("requests", EMPTY, "registered", at("/requests")),
    *question_scenes(),
    Scene("form", EMPTY, "before home", at("/form")),
    Scene("form", FILLED, "answered", at("/form")),
    Scene("household", FILLED, "answered", at("/household")),
    Scene("check", FILLED, "answered", at("/form/check")),
    Scene("deposit", FILLED, "answered", open_deposit),
    Scene("requests", FILLED, "decided", of_request("/requests", "decided")),
    Scene("request", "decided", "decided", of_request("/requests/{}", "decided")),
    Scene("receipt", FILLED, "decided", of_request("/requests/{}/receipt", "decided")),
    Scene("confirmation", FILLED, "decided", of_request("/requests/{}/confirmation", "decided")),
    Scene("request", "needs you", "refused", of_request("/requests/{}", "refused")),
    Scene("correction", FILLED, "refused", of_request("/requests/{}/correct", "refused")),
    Scene("household", "decided", "decided", of_request("/household", "decided")),
    Scene("score", FILLED, "decided", of_request("/score", "decided")),
    Scene("score history", EMPTY, "decided", of_request("/score/history", "decided")),
    Scene("score compare", EMPTY, "decided", of_request("/score/compare", "decided")),
    Scene("programmes", EMPTY, "registered", at("/programmes")),
    Scene("programmes", FILLED, "decided", of_request("/programmes", "decided")),
    Scene("programme", "over", "registered", at("/programmes/ramed")),
    Scene("programme", FILLED, "decided", of_request("/programmes/asd", "decided")),
    Scene("statement", EMPTY, "decided", of_request("/score/statement", "decided")),
    *form_scenes("application", "decided", open_application, channel="wallet", wallet="0612345678"),
    Scene("application", "checked", "decided", check_application),
    Scene("application", "not yet", "registered", at("/programmes/asd/apply")),
    Scene("request", "answered", "applied", of_application("/requests/{}", "applied")),
    Scene("answer", FILLED, "applied", of_application("/requests/{}/confirmation", "applied")),
    Scene("my data", EMPTY, "newcomer", at("/my-data")),
    Scene("my data", FILLED, "decided", of_request("/my-data", "decided")),
    Scene("what if", EMPTY, "", at("/simulate")),
    Scene("what if", ERROR, "", suppose_wrongly),
    Scene("what if", FILLED, "", see_outcome),
    Scene("what if, own", FILLED, "decided", of_request("/score/what-if", "decided")),
    Scene("score", "arithmetic", "decided", of_request("/score?arithmetic=1", "decided")),
    *form_scenes("staff sign-in", "", at_the_door("/desk/sign-in"), name="hind.alami", password="written"),
    *form_scenes("staff code", "", open_staff_code, code="123456"),
    *form_scenes("enrol", "", at_the_door("/desk/enrol"), name="hind.alami", code="7KQ2-9XMP"),
    *form_scenes("telephone", "", open_telephone, code="123456"),
    Scene("recovery codes", FILLED, "", open_recovery),
    Scene("operator", FILLED, "", as_operator("/ops/")),
    Scene("messages", FILLED, "", as_operator("/ops/messages?period=week&standing=sent")),
)
