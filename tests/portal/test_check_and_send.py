"""Check, then send: once, however often and from wherever it is clicked; or leave with a deposit number."""

import threading

import pytest
import sqlalchemy as sa

from services.requests.models import Request
from services.requests.references import parse_reference
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said, words
from tests.portal.stages import ADDRESS
from tests.portal.walking import Walker


def references(portal: Portal) -> list[str]:
    with portal.database.reading() as session:
        return list(session.scalars(sa.select(Request.reference)))


def checking(portal: Portal, **options: str) -> Walker:
    walker = portal.family(**options)
    assert walker.get("/form/check").path.endswith("/form/check")
    return walker


def send(walker: Walker) -> str:
    return walker.fill(form="/form/check").path


def test_ten_sends_at_once_make_one_request_and_one_reference(answered: Portal) -> None:
    walkers = [checking(answered) for _ in range(10)]
    clicks = [threading.Thread(target=send, args=(walker,)) for walker in walkers]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    [reference] = references(answered)
    assert {walker.page.path for walker in walkers} == {f"/fr/requests/{reference}/receipt"}


def test_one_page_sent_ten_times_makes_one_request(answered: Portal) -> None:
    walker = checking(answered)
    fields = walker.page.form("/form/check").fields
    clicks = [threading.Thread(target=walker.browser.send, args=posted(fields)) for _ in range(10)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(references(answered)) == 1


def posted(fields: dict[str, list[str]]) -> tuple[str, str, bytes, dict[str, str]]:
    from urllib.parse import urlencode

    return "POST", "/fr/form/check", urlencode(fields, doseq=True).encode(), {}


def test_going_back_and_sending_again_finds_the_same_request(answered: Portal) -> None:
    walker = checking(answered)
    seen = walker.page
    first = send(walker)
    walker.page = seen
    assert send(walker) == first
    assert walker.get("/form/check").path == "/fr/household"
    assert len(references(answered)) == 1


def test_the_receipt_says_what_a_family_must_keep(answered: Portal) -> None:
    walker = checking(answered)
    send(walker)
    [reference] = references(answered)
    [shown] = walker.page.all("p", class_="reference")
    assert parse_reference(words(shown)) == reference
    assert "0800 00 00 00" in walker.page.words
    assert "15 juin 2026" in walker.page.words
    assert walker.page.one("p", class_="code").find("svg") is not None
    answered.deliver()
    assert [message["to"] for message in answered.sms.messages()] == ["+212600000101"]


def test_the_check_page_shows_each_answer_and_the_way_to_change_it(answered: Portal) -> None:
    walker = checking(answered)
    links = [link.get("href") or "" for link in walker.page.all("a")]
    change = [link for link in links if link.endswith("?then=check")]
    assert "/fr/form/home?then=check" in change
    assert "/fr/form/work/1?then=check" in change
    assert "12, rue des Oliviers" in walker.page.words
    walker.get("/form/home?then=check")
    assert walker.fill(rooms="4").path == "/fr/form/check"


def test_a_wrong_change_still_leads_back_to_the_check(answered: Portal) -> None:
    walker = checking(answered)
    walker.get("/form/home?then=check")
    assert walker.fill(rooms="0").status == 422
    assert walker.fill(rooms="4").path == "/fr/form/check"


@pytest.mark.parametrize("stage", ["begun", "gathered"])
def test_what_is_not_finished_is_not_sent(open_portal: OpenPortal, stage: str) -> None:
    portal = open_portal(stage)
    walker = portal.family()
    assert walker.get("/form/check").path == "/fr/household"
    assert walker.post("/form/check", {"submission_key": "x"}).status == 409
    walker.get("/household")
    assert walker.post("/form/deposit", {}).status == 409
    assert references(portal) == []


def test_a_change_that_opens_a_question_must_be_answered_before_sending(answered: Portal) -> None:
    walker = checking(answered)
    stale = walker.page
    walker.get("/form/work/1?then=check")
    walker.fill(activity="employed", occupation="farmer")
    walker.get("/form/address")
    walker.fill(**ADDRESS | {"milieu": "rural"})
    walker.page = stale
    status = walker.fill(form="/form/check").status
    assert (status, len(references(answered))) in ((409, 0), (200, 1))


def test_a_deposit_number_is_one_number_and_sends_nothing(answered: Portal) -> None:
    walker = checking(answered)
    walker.press("/form/deposit")
    [first] = walker.page.all("p", class_="reference")
    assert len(parse_reference(words(first))) == 10
    assert "15 juillet 2026" in walker.page.words or "14 juillet 2026" in walker.page.words
    again = checking(answered)
    again.press("/form/deposit")
    assert words(again.page.all("p", class_="reference")[0]) == words(first)
    assert references(answered) == []
    assert send(checking(answered)).endswith("/receipt")


def test_a_forged_key_sends_no_second_request(answered: Portal) -> None:
    walker = checking(answered)
    stale = walker.page
    for key in ("", "x" * 5000, "' OR 1=1", "é\x00"):
        walker.page = stale
        assert walker.post("/form/check", {"submission_key": key}).path.endswith("/receipt")
    assert len(references(answered)) == 1
    assert said("We received your request") == walker.page.heading
