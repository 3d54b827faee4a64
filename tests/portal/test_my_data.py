"""What is held about a family, who looked at it, and all of it to take along; also after it was erased."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from portal.languages import LANGUAGES
from services import journal
from services.expiry import erase_everything_due
from services.households.models import Declaration
from services.journal import Actor, Capacity, citizen
from services.requests.corrections import withdraw_request
from services.retention import kept_for
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said, words
from tests.portal.stages import (
    EARLIER,
    NOW,
    STORIES,
    WIDOW,
    answer,
    begin,
    gather,
    household_of_story,
    person_id_of,
    send,
)
from tests.portal.walking import Walker

SECTIONS = {
    *("format", "version", "made_at", "person", "household", "form", "declarations", "scores", "requests"),
    "statements",
    *("messages", "journal", "erased", "kept"),
}
YEAR = timedelta(days=366)


def exported(walker: Walker) -> dict[str, Any]:
    page = walker.get("/my-data/export")
    assert page.status == 200
    found: dict[str, Any] = json.loads(page.text)
    return found


def erase(portal: Portal, now: datetime) -> Counter[str]:
    total: Counter[str] = Counter()
    for erased in erase_everything_due(portal.database, now=now):
        total.update(erased)
    return total


def test_the_page_tells_what_is_kept_how_long_and_who_did_what(open_portal: OpenPortal) -> None:
    portal = open_portal("decided")
    page = portal.family().get("/my-data")
    assert said("Made a request.") in page.words
    assert said("Your household is registered from now on.") in page.words
    assert said("Kept as long as your household is registered.") in page.words
    assert said("The service, by rule") in page.words
    assert page.one("a", download="").get("href") == "/fr/my-data/export"


def test_each_access_of_somebody_else_is_seen_and_by_whom(open_portal: OpenPortal) -> None:
    portal = open_portal("decided")
    view = household_of_story(portal.database)
    agent = Actor(Capacity.AGENT_FOR_CITIZEN, uuid4(), view.declarant_id, "counter")
    with portal.database.writing() as session:
        journal.record(session, actor=agent, action="request.submitted", now=NOW, household_id=view.id)
        # An action of a later version than this page.
        journal.record(session, actor=agent, action="file.opened", now=NOW, household_id=view.id)
    text = portal.family().get("/my-data").words
    assert text.count(said("An agent at the counter, for you")) == 2
    assert said("Did something in your file that this page has no words for yet.") in text


def test_a_long_journal_is_cut_and_the_file_has_it_all(open_portal: OpenPortal) -> None:
    portal = open_portal("answered")
    view = household_of_story(portal.database)
    agent = Actor(Capacity.AGENT_FOR_CITIZEN, uuid4(), view.declarant_id, "counter")
    with portal.database.writing() as session:
        for _ in range(60):
            journal.record(session, actor=agent, action="draft.page_saved", now=NOW, household_id=view.id)
    walker = portal.family()
    assert len(walker.get("/my-data").all("li", **{"class": "entry"})) == 50
    assert said("These are the latest. All of them stand in the file that you can download.") in walker.page.words
    assert len(exported(walker)["journal"]) > 60


def test_what_one_did_again_and_again_is_one_line_and_each_act_of_others_its_own(open_portal: OpenPortal) -> None:
    portal = open_portal("answered")
    lines = portal.family().get("/my-data").all("li", **{"class": "entry"})
    saved = [words(line) for line in lines if said("Saved a page of the form.") in words(line)]
    assert len(saved) == 1
    assert saved[0].endswith("fois")


def test_the_file_is_a_download_that_nobody_keeps(open_portal: OpenPortal) -> None:
    page = open_portal("decided").family().get("/my-data/export")
    assert page.headers["Content-Type"].startswith("application/json")
    assert page.headers["Content-Disposition"] == 'attachment; filename="usrati-my-data.json"'
    assert page.headers["Cache-Control"] == "no-store"


def test_the_head_takes_the_whole_file_along(open_portal: OpenPortal) -> None:
    file = exported(open_portal("decided").family())
    assert file.keys() == SECTIONS
    assert (file["format"], file["version"]) == ("usrati-export", 1)
    assert file["person"]["identity_number"] == WIDOW.idcs
    assert file["person"]["name_arabic"]
    assert file["person"]["mobile"].endswith((WIDOW.mobile or "")[-2:])
    assert (WIDOW.mobile or "") not in json.dumps(file)
    assert len(file["household"]["members"]) == len(WIDOW.household)
    (declaration,) = file["declarations"]
    assert declaration["answers"]["address"] == "12, rue des Oliviers"
    assert {len(declaration["answers"]["members"])} == {len(WIDOW.household)}
    (score,) = file["scores"]
    assert sum(round(float(line["adds"]) * 10**9) for line in score["lines"]) == round(float(score["score"]) * 10**9)
    (request,) = file["requests"]
    assert request["timeline"][0]["what"] == said("We received your request.")
    assert {paper["language"] for paper in request["papers"]} == set(LANGUAGES)
    assert {message["kind"] for message in file["messages"]} == {"submission", "decision"}
    assert {"at", "who", "what", "purpose", "action", "details"} == file["journal"][0].keys()
    assert file["erased"] == []
    assert file["statements"] == []


@pytest.mark.parametrize(("stage", "account"), [("granted", "011519000001205000534921"), ("not granted", None)])
def test_an_application_is_in_the_file_with_its_reasons(
    open_portal: OpenPortal, stage: str, account: str | None
) -> None:
    application, nothing = (one["application"] for one in exported(open_portal(stage).family())["requests"])
    assert nothing is None
    assert (application["programme"], application["payment"]["account"]) == ("asd", account)
    assert application["payment"]["said"] == {"no_other_family_allowance": True}
    assert {"condition", "outcome"} == application["reasons"][0].keys()


def test_a_statement_that_was_made_is_in_the_file(open_portal: OpenPortal) -> None:
    walker = open_portal("decided").family()
    walker.get("/score/statement")
    walker.post("/score/statement", {})
    file = exported(walker)
    ((statement,), (score,)) = file["statements"], file["scores"]
    assert [statement[key] for key in ("on", "model", "score")] == [score[key] for key in ("on", "model", "score")]
    assert {paper["language"] for paper in statement["papers"]} == set(LANGUAGES)


def test_an_unsent_form_is_in_the_file_too(open_portal: OpenPortal) -> None:
    file = exported(open_portal("answered").family())
    pages = {page["page"]: page["answers"] for page in file["form"]["pages"]}
    assert pages["address"]["address"] == "12, rue des Oliviers"


def test_another_adult_takes_only_his_own(portal: Portal) -> None:
    farmer = STORIES["irrigated-farmer"]
    for go_on in (begin, gather, answer, send):
        go_on(portal.database, farmer)
    [son] = [one for one in farmer.household if one["name_latin"] == "Lahcen Aït Lahcen"]
    walker = portal.person(son["idcs"] or "")
    file = exported(walker)
    text = json.dumps(file, ensure_ascii=False)
    assert [one["name_latin"] for one in file["household"]["members"]] == [son["name_latin"]]
    (declaration,) = file["declarations"]
    assert declaration["answers"].keys() == {"members"}
    assert [one["name_latin"] for one in declaration["answers"]["members"]] == [son["name_latin"]]
    assert (file["form"], len(file["requests"])) == (None, 1)
    for other in farmer.household:
        if other is not son:
            assert other["name_latin"] not in text
    assert "Oliviers" not in text
    assert {entry["action"] for entry in file["journal"]} <= {"household.member_added", "draft.page_saved"}
    text = walker.get("/my-data").words
    assert said("Only the head of the household and the person who registered it see the whole file.") in text


def test_nobody_sees_somebody_elses(open_portal: OpenPortal) -> None:
    portal = open_portal("decided")
    file = exported(portal.family(STORIES["living-alone"]))
    assert (file["household"], file["declarations"], file["requests"], file["journal"]) == (None, [], [], [])
    assert "Oliviers" not in json.dumps(file)


def test_who_was_looked_up_by_another_family_reads_it(open_portal: OpenPortal) -> None:
    portal = open_portal("decided")
    alone = STORIES["living-alone"]
    person_id = person_id_of(portal.database, alone.idcs)
    stranger = citizen(household_of_story(portal.database).declarant_id)
    with portal.database.writing() as session:
        journal.record(session, actor=stranger, action="person.code_asked", now=NOW, person_id=person_id)
    text = portal.family(alone).get("/my-data").words
    assert said("Asked for a code, in order to add you to a household.") in text
    assert said("Another family") in text


def test_it_says_what_was_erased_and_when_after_a_household_is_gone(open_portal: OpenPortal) -> None:
    portal = open_portal("gathered")
    ends = EARLIER + kept_for("draft", NOW)
    erase(portal, ends)
    erase(portal, ends + YEAR)
    walker = portal.family()
    file = exported(walker)
    assert (file["household"], file["declarations"]) == (None, [])
    assert [one["at"][:10] for one in file["erased"]] == [f"{ends + YEAR:%Y-%m-%d}", f"{ends:%Y-%m-%d}"]
    assert said("A household of which no form was ever sent") in file["erased"][0]["what"]
    actions = Counter(entry["action"] for entry in file["journal"])
    assert actions["household.registered"] == 1
    assert actions["household.member_added"] == len(WIDOW.household) - 1
    assert said("A household of which no form was ever sent") in walker.get("/my-data").words


def test_a_withdrawn_requests_family_still_has_its_file_and_its_request(open_portal: OpenPortal) -> None:
    portal = open_portal("sent")
    reference = portal.reference
    mother = household_of_story(portal.database).declarant_id
    with portal.database.writing() as session:
        withdraw_request(session, actor=citizen(mother), reference=reference, now=NOW)
    assert erase(portal, NOW + 2 * YEAR)["closed_household"] == 1
    walker = portal.family()
    assert walker.get(f"/requests/{reference}").status == 200
    assert walker.get(f"/requests/{reference}/receipt").status == 200
    assert walker.get(f"/requests/{reference}/receipt.pdf").status == 200
    assert walker.get("/household").path.endswith("/household/start")
    for path in ("/requests", "/score", "/my-data"):
        assert walker.get(path).status == 200
    file = exported(walker)
    (declaration,) = file["declarations"]
    assert (declaration["answers"], bool(declaration["erased_at"])) == (None, True)
    (request,) = file["requests"]
    assert len(request["timeline"]) == 2
    (paper,) = [one for one in request["papers"] if one["language"] == "fr"]
    assert portal.app.test_client().get(f"/v/{paper['code']}").status_code == 200
    follow_by_code(portal, reference)
    assert erase(portal, NOW + 6 * YEAR)["request"] == 1
    file = exported(portal.family())
    assert (file["requests"], file["declarations"]) == ([], [])
    assert [said("Your requests, and what happened to each") in one["what"] for one in file["erased"][:1]] == [True]


def follow_by_code(portal: Portal, reference: str) -> None:
    visitor = portal.visitor()
    visitor.get("/track")
    visitor.fill(reference=reference)
    page = visitor.fill(code=portal.sms.code(WIDOW.mobile or ""))
    assert said("You withdrew this request.") in page.words


def test_a_decided_family_keeps_its_score_when_its_request_is_erased(open_portal: OpenPortal) -> None:
    portal = open_portal("decided")
    before = exported(portal.family())
    assert erase(portal, NOW + 6 * YEAR)["request"] == 1
    walker = portal.family()
    for path in ("/household", "/requests", "/score", "/score?arithmetic=1", "/my-data"):
        assert walker.get(path).status == 200
    after = exported(walker)
    for section in ("person", "household", "declarations", "scores"):
        assert after[section] == before[section], section
    assert (after["requests"], after["messages"]) == ([], [])
    assert len(after["erased"]) == 2
    with portal.database.reading() as session:
        assert session.scalars(sa.select(Declaration.erased_at)).all() == [None]
