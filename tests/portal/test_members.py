"""The people of a household: one neutral failure, the code that tells the person why, and what may be changed."""

import re

import pytest

from portal.citizen.members import ALREADY_HERE, GUARDIAN_STAYS
from services.accounts.limits import LIMITS, QUARTER, Window
from services.households.membership_codes import ADDED, ELSEWHERE, OTHER_BIRTH_DATE
from services.journal import Actor, Capacity
from services.population.register import close_register
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import Page, said
from tests.portal.stages import NOW, STORIES, WIDOW, answer, begin, gather, household_of_story, send
from tests.portal.walking import Walker
from tests.services.households.families import statements

ALONE = STORIES["living-alone"]
CASES = {
    "wrong date": ("2741278034", "1988-07-26"),
    "unknown": ("2345678906", "1988-07-25"),
    "dead": ("4381855286", "1936"),
    "held elsewhere": (WIDOW.idcs, WIDOW.birth_date),
    "another's child": ("5396874612", "2022-02-17"),
}
NAIMA, MUSTAPHA = "+212600000105", "+212600000104"
SALMA = ("6622092772", "2012-09-14")


@pytest.fixture
def alone(portal: Portal) -> Walker:
    """Souad, who begins a household beside the widow's, which is sent."""
    for go_on in (begin, gather, answer, send):
        go_on(portal.database)
    begin(portal.database, ALONE)
    return portal.family(ALONE)


def add(walker: Walker, person: tuple[str, str], relation: str = "other", **options: str) -> Page:
    walker.get("/household/members/add")
    return wish(walker, person, relation=relation, **options)


def wish(walker: Walker, person: tuple[str, str], **others: str) -> Page:
    idcs, born = person
    year, month, day = [*born.split("-"), "", ""][:3]
    return walker.fill(idcs=idcs, birth_year=year, birth_month=month, birth_day=day, **others)


def ask_for_code(walker: Walker, person: tuple[str, str], relation: str = "other") -> Page:
    add(walker, ("2345678906", "1988-07-25"), relation)
    return wish(walker, person, press="send_code")


def people_of(portal: Portal, story: str) -> int:
    return len(household_of_story(portal.database, STORIES[story]).members)


def test_every_failure_to_add_looks_the_same(portal: Portal, alone: Walker) -> None:
    add(alone, ("2345678906", "1999"))
    seen = {}
    for case, person in CASES.items():
        with statements(portal.database) as run:
            page = add(alone, person)
        assert [field for field, _ in page.problems] == ["idcs"], case
        body = re.sub(r'(name="(csrf_token|idcs|birth_\w+)" value=)"[^"]*"', r"\1", page.text)
        seen[case] = (page.status, re.sub(r'data-idle="\d+"', "", body), len(run))
    for case in CASES:
        assert seen[case] == seen["unknown"], case
    assert people_of(portal, "living-alone") == 1


def test_a_person_whom_the_register_confirms_is_added(open_portal: OpenPortal) -> None:
    portal = open_portal("begun")
    walker = portal.family()
    assert add(walker, SALMA, "child").path == "/fr/household/members"
    assert "Salma Bennani" in walker.page.words
    assert "Bennani" not in "".join(walker.trail)
    assert add(walker, SALMA, "child").path == "/fr/household/members"
    assert said(ALREADY_HERE) in walker.page.words
    assert people_of(portal, "urban-widow") == 2


@pytest.mark.parametrize(
    ("case", "to", "reason"), [("wrong date", NAIMA, OTHER_BIRTH_DATE), ("held elsewhere", WIDOW.mobile, ELSEWHERE)]
)
def test_who_confirms_by_his_own_code_learns_why(
    portal: Portal, alone: Walker, case: str, to: str, reason: str
) -> None:
    ask_for_code(alone, CASES[case])
    page = alone.fill(code=portal.sms.code(to))
    assert (page.status, page.problems) == (200, [])
    assert said(reason) in page.words
    assert people_of(portal, "living-alone") == 1


def test_asking_for_a_code_looks_the_same_whoever_is_asked(portal: Portal, alone: Walker) -> None:
    pages = [ask_for_code(alone, person) for person in CASES.values()]
    bodies = {re.sub(r'value="[^"]*"|data-idle="\d+"', "", page.text) for page in pages}
    assert ({page.path for page in pages}, len(bodies)) == ({"/fr/household/members/code"}, 1)
    asked = {message["to"] for message in portal.sms.messages()}
    assert {NAIMA, WIDOW.mobile or ""} <= asked <= {NAIMA, MUSTAPHA, WIDOW.mobile or ""}


def test_a_guardian_lets_a_child_come_in_by_code(portal: Portal, alone: Walker) -> None:
    ask_for_code(alone, CASES["another's child"], "grandchild")
    message = portal.sms.messages()[-1]
    assert message["to"] in (NAIMA, MUSTAPHA)
    page = alone.fill(code=portal.sms.code(message["to"]))
    assert said(ADDED) in page.words
    assert people_of(portal, "living-alone") == 2


def test_a_wrong_code_of_a_member_is_told_beside_the_field(portal: Portal, alone: Walker) -> None:
    ask_for_code(alone, CASES["held elsewhere"])
    page = alone.fill(code="000000")
    assert (page.status, [field for field, _ in page.problems]) == (422, ["code"])


def test_adding_too_many_waits_and_the_closed_register_is_said(
    portal: Portal, alone: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "member_refusals", (Window(2, QUARTER),))
    assert [add(alone, CASES["unknown"]).status for _ in range(3)] == [422, 422, 429]
    begin(portal.database, STORIES["foreign-resident"])
    with portal.database.writing() as session:
        close_register(session, actor=Actor(Capacity.OPERATOR, None), until=NOW.replace(hour=23), now=NOW)
    assert add(portal.family(STORIES["foreign-resident"]), CASES["unknown"]).status == 503


def test_a_relation_is_corrected_and_a_member_removed(open_portal: OpenPortal) -> None:
    portal = open_portal("gathered")
    walker = portal.family()
    assert walker.get("/household/members/2").value("relation") == "child"
    assert walker.fill(relation="grandchild").path == "/fr/household/members"
    walker.get("/household/members/2")
    assert walker.press("/members/2/remove").path == "/fr/household/members"
    assert people_of(portal, "urban-widow") == 3
    assert walker.get("/household/members/2").status == 404


def test_the_only_guardian_stays_as_long_as_the_child(portal: Portal) -> None:
    farmer = STORIES["irrigated-farmer"]
    son = next(one for one in farmer.household if one["name_latin"] == "Lahcen Aït Lahcen")
    walker = portal.person(son["idcs"] or "")
    walker.get("/household/start")
    walker.fill(relation="child", consent="y")
    add(walker, (farmer.idcs, farmer.birth_date), "head")
    add(walker, ("8237334058", "2011-08-12"), "child")
    walker.get("/household/members/2")
    walker.press("/members/2/remove")
    assert said(GUARDIAN_STAYS) in walker.page.words
    assert "Brahim" in walker.page.words


@pytest.fixture
def couple(portal: Portal) -> Walker:
    """Imane, her husband who is the head, and their children."""
    begin(portal.database, STORIES["newborn"])
    gather(portal.database, STORIES["newborn"])
    return portal.family(STORIES["newborn"])


def test_the_head_is_changed(portal: Portal, couple: Walker) -> None:
    couple.get("/household/head")
    assert couple.fill(member="1", relation="spouse").path == "/fr/household/members"
    household = household_of_story(portal.database, STORIES["newborn"])
    assert [member.relation for member in household.members] == ["head", "spouse", "child", "child"]


@pytest.mark.parametrize(
    ("posted", "fields"),
    [
        ({}, "member relation"),
        ({"member": "1"}, "relation"),
        ({"member": "1", "relation": "head"}, "relation"),
        ({"member": "1", "relation": "?"}, "relation"),
    ],
)
def test_a_head_is_not_changed_by_halves(portal: Portal, couple: Walker, posted: dict[str, str], fields: str) -> None:
    couple.get("/household/head")
    page = couple.post("/household/head", posted)
    assert (page.status, [name for name, _ in page.problems]) == (422, fields.split())
    assert household_of_story(portal.database, STORIES["newborn"]).members[1].relation == "head"


def test_a_relation_nobody_offers_is_refused(couple: Walker) -> None:
    add(couple, SALMA, "child")
    idcs, _ = SALMA
    posted = {"idcs": idcs, "birth_year": "2012", "relation": "boss"}
    page = couple.post("/household/members/add", posted)
    assert (page.status, [name for name, _ in page.problems]) == (422, ["relation"])
    couple.get("/household/members/3")
    page = couple.post("/household/members/3", {"relation": "boss"})
    assert (page.status, [name for name, _ in page.problems]) == (422, ["relation"])


def test_there_is_one_head(couple: Walker) -> None:
    couple.get("/household/members/3")
    assert "head" not in couple.page.form(field="relation").choices("relation")
    assert couple.post("/household/members/1", {"relation": "head"}).status == 409
