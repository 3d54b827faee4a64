"""Every page of the portal, and how a family comes to it; each test of all pages goes through this table."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from services.accounts.agents.second_factor import code_at
from services.households.flow import flow_of
from services.households.questionnaire import QUESTIONNAIRE
from tests.portal.pages import Page, words
from tests.portal.stages import WIDOW, household_of_story
from tests.portal.walking import Walker
from tests.services.accounts.agents.colleagues import PASSWORD, take_on

Visit = Callable[[Walker, Any], Page]

VISITORS = ("/", "/privacy", "/simulate", "/sign-in", "/track", "/no/such/page", "/desk/sign-in", "/desk/enrol")
OPEN_TO_STAFF = {"operator": ("/ops/", "/ops/messages", "/ops/messages?period=week&standing=sent")}
OPEN_TO_FAMILIES = {
    "enrolled": ("/household/start", "/requests", "/score", "/programmes", "/programmes/ramed", "/my-data"),
    "begun": ("/household", "/household/members", "/household/members/add", "/household/members/1"),
    "gathered": ("/household/members", "/household/members/2", "/household/head", "/form/address"),
    "answered": ("/household", "/form", "/form/check", "/requests/7KQ29XMP4D"),
    "sent": (
        *("/household", "/requests", "/requests/{reference}", "/requests/{reference}/receipt"),
        *("/score", "/programmes/asd"),
    ),
    "refused": ("/household", "/requests", "/requests/{reference}", "/requests/{reference}/correct"),
    "decided": (
        *("/household", "/requests", "/requests/{reference}", "/requests/{reference}/confirmation"),
        *("/programmes", "/programmes/asd", "/programmes/amo_tadamon"),
        *("/programmes/asd/apply", "/programmes/amo_tadamon/apply", "/programmes/tayssir/apply"),
        *("/score", "/score?arithmetic=1", "/score/what-if", "/score/history", "/score/compare", "/my-data"),
        "/score/statement",
    ),
    "rescored": ("/score", "/score/history", "/score/compare", "/score/compare?from=1&to=3"),
}
OF_REQUEST = ("/requests", "/requests/{reference}", "/requests/{reference}/receipt")
OPEN_TO_FAMILIES |= {
    "applied": OF_REQUEST,
    "granted": (*OF_REQUEST, "/requests/{reference}/confirmation"),
    "not granted": (*OF_REQUEST, "/requests/{reference}/confirmation"),
}
WRONG = {"idcs": "234 567 8901", "birth_day": "31", "birth_month": "02", "birth_year": "1984"}
NOBODY = {"idcs": "2345678906", "birth_day": "2", "birth_month": "5", "birth_year": "1984"}


def sign_in_wrongly(walker: Walker, portal: Any) -> Page:
    walker.get("/sign-in")
    return walker.fill(**WRONG)


def code_page(walker: Walker, portal: Any) -> Page:
    walker.get("/sign-in")
    return walker.fill(**NOBODY, sex="F")


def wrong_code(walker: Walker, portal: Any) -> Page:
    code_page(walker, portal)
    return walker.fill(code="000000")


def code_too_soon(walker: Walker, portal: Any) -> Page:
    code_page(walker, portal)
    return walker.press("/sign-in/resend")


def track_code_page(walker: Walker, portal: Any) -> Page:
    walker.get("/track")
    return walker.fill(reference=portal.reference)


def tracked(walker: Walker, portal: Any) -> Page:
    track_code_page(walker, portal)
    return walker.fill(code=portal.sms.code(WIDOW.mobile))


def track_nothing(walker: Walker, portal: Any) -> Page:
    walker.get("/track")
    return walker.fill(reference="")


def supposed(walker: Walker, portal: Any) -> Page:
    walker.get("/simulate")
    walker.fill(form="/simulate", press="add")
    walker.fill(age_2="٨")
    return walker.fill(schooling_2="private", rooms="1")


def supposed_wrongly(walker: Walker, portal: Any) -> Page:
    walker.get("/simulate")
    walker.fill(form="/simulate", press="add")
    return walker.fill(form="/simulate", relation_2="head", age_2="old", rooms="", telecom_monthly="-1")


def supposed_of_own(walker: Walker, portal: Any) -> Page:
    walker.get("/score/what-if")
    return walker.fill(telecom_monthly="200")


def applied_wrongly(walker: Walker, portal: Any) -> Page:
    walker.get("/programmes/asd/apply")
    return walker.fill(channel="bank_account", rib="011519000001205000534922")


def applied_and_checked(walker: Walker, portal: Any) -> Page:
    walker.get("/programmes/asd/apply")
    return walker.fill(channel="wallet", wallet="0612345678", no_other_family_allowance="no")


def nobody_added(walker: Walker, portal: Any) -> Page:
    walker.get("/household/members/add")
    return walker.fill(**NOBODY, relation="child")


def member_code(walker: Walker, portal: Any) -> Page:
    nobody_added(walker, portal)
    return walker.fill(press="send_code", relation="child")


def member_confirmed(walker: Walker, portal: Any) -> Page:
    """The guardian's code adds a child who could not be added without her."""
    child = WIDOW.household[1]
    year, month, day = (child["birth_date"] or "").split("-")
    walker.get("/household/members/add")
    walker.fill(**NOBODY, relation="child")
    walker.fill(press="send_code", idcs=child["idcs"], birth_year=year, birth_month=month, birth_day=day)
    return walker.fill(code=portal.sms.code(WIDOW.mobile))


def deposit(walker: Walker, portal: Any) -> Page:
    walker.get("/form/check")
    return walker.press("/form/deposit")


def nothing_posted(path: str) -> Visit:
    def visit(walker: Walker, portal: Any) -> Page:
        walker.get(path)
        found = walker.page.form()
        return walker.fill(form=found.action, **dict.fromkeys(found.names - {"csrf_token", "seen"}))

    return visit


def staff_wrongly(walker: Walker, portal: Any) -> Page:
    walker.get("/desk/sign-in")
    return walker.fill(name="nobody.known", password="not this one")


def staff_code(walker: Walker, portal: Any) -> Page:
    colleague = take_on(portal.database)
    walker.get("/desk/sign-in")
    walker.fill(name=colleague.name, password=PASSWORD)
    return walker.fill(code="1")


def staff_enrols(walker: Walker, portal: Any) -> Page:
    colleague = take_on(portal.database, "new.agent", enrolled=False)
    walker.get("/desk/enrol")
    walker.fill(name=colleague.name, code=colleague.enrolment_code, password="abc", password_again="")
    passwords = {"password": PASSWORD, "password_again": PASSWORD}
    walker.fill(name=colleague.name, code=colleague.enrolment_code, **passwords)
    secret = words(next(one for one in walker.page.all("b") if one.get("class") == "key")).replace(" ", "")
    walker.fill(code="1")
    return walker.fill(code=code_at(secret, datetime.now(UTC)))


def staff_without_the_role(walker: Walker, portal: Any) -> Page:
    walker.browser = portal.agent("someone.else", roles=()).browser
    return walker.get("/ops/")


def old_token(walker: Walker, portal: Any) -> Page:
    walker.get("/sign-in")
    return walker.fill(csrf_token="from another day", idcs="1")


VISITS: dict[str, tuple[Visit, ...]] = {
    "visitor": (
        *(sign_in_wrongly, code_page, wrong_code, code_too_soon, track_nothing, old_token),
        *(supposed, supposed_wrongly),
    ),
    "staff at its door": (staff_wrongly, staff_code, staff_enrols, staff_without_the_role),
    "visitor with a reference": (track_code_page, tracked),
    "enrolled": (nothing_posted("/household/start"),),
    "begun": (nobody_added, member_code, member_confirmed, nothing_posted("/household/members/add")),
    "decided": (supposed_of_own, applied_wrongly, applied_and_checked),
    "answered": (deposit, *(nothing_posted(f"/form/{page.key}") for page in QUESTIONNAIRE.pages_before)),
}


def visits_of(stage: str) -> Iterator[tuple[str, Visit]]:
    """``(what is visited, how)`` of every page that a family at that stage can come to."""
    for visit in VISITS.get(stage, ()):
        yield visit.__name__, visit
    for path in opened_at(stage):
        yield path, _opening(path)
    if stage == "answered":
        yield "the form", _the_form


def opened_at(stage: str) -> Sequence[str]:
    """The paths that open to whoever stands there."""
    return VISITORS if stage == "visitor" else {**OPEN_TO_FAMILIES, **OPEN_TO_STAFF}.get(stage, ())


def _opening(path: str) -> Visit:
    def visit(walker: Walker, portal: Any) -> Page:
        return walker.get(path.replace("{reference}", portal.reference) if "{" in path else path)

    return visit


def paths_of(stage: str, portal: Any) -> list[str]:
    """The paths that can simply be opened at that stage."""
    paths = opened_at(stage)
    opened = [path.replace("{reference}", portal.reference) if "{" in path else path for path in paths]
    return [*opened, *(form_paths(portal) if stage == "answered" else ())]


def form_paths(portal: Any) -> list[str]:
    """The path of every page of the widow's form, in order."""
    steps = flow_of({}, household_of_story(portal.database).members).steps
    return [f"/form/{step.page}/{step.position}" if step.position else f"/form/{step.page}" for step in steps]


def _the_form(walker: Walker, portal: Any) -> Page:
    for path in form_paths(portal):
        assert walker.get(path).path.endswith(path)
    return walker.page


STAGES_TO_VISIT = ("visitor", "visitor with a reference", "staff at its door", *OPEN_TO_FAMILIES, *OPEN_TO_STAFF)


def walker_at(stage: str, open_portal: Any, **options: Any) -> tuple[Walker, Any]:
    """Somebody who stands before the pages of that stage, and his portal."""
    if stage.startswith("visitor"):
        portal = open_portal("sent" if "reference" in stage else "enrolled")
        return portal.visitor(**options), portal
    if stage.startswith("staff") or stage in OPEN_TO_STAFF:
        portal = open_portal("enrolled")
        return portal.visitor(**options) if stage.startswith("staff") else portal.agent(**options), portal
    portal = open_portal(stage)
    return portal.family(**options), portal
