"""Behind the pages things stop: the worker dies, the register closes. The family waits, and is told the truth."""

from collections import Counter

import pytest
import sqlalchemy as sa

from portal.languages import plain
from services.messages import Words
from services.messaging.models import Message
from services.population.register import find_person_id
from services.requests.deadlines import clock_in_morocco, day_in_morocco
from services.requests.models import Request, Transition
from services.requests.states import SILENT, Event
from tests.journeys.conftest import OpenPhone
from tests.journeys.families import Family
from tests.journeys.installation import Installation, wait_until

WHOLE_LIFE = [Event.SUBMIT, Event.START, Event.CONFIRM, Event.DECIDE]


def log_of(portal: Installation, reference: str) -> list[str]:
    """What happened to a request, in order."""
    steps = sa.select(Transition.event).join(Request, Request.id == Transition.request_id)
    return portal.rows(steps.where(Request.reference == reference).order_by(Transition.number))


def news_kinds(portal: Installation, family: Family) -> Counter[str]:
    """The messages that the mother was written, by kind, codes apart."""
    with portal.database.reading() as session:
        mother = find_person_id(session, idcs=family.mother["idcs"])
    sent = sa.select(Message.kind).where(Message.person_id == mother, Message.sent_at.is_not(None))
    return Counter(portal.rows(sent.where(Message.kind != "code")))


def told_to_wait(portal: Installation, reference: str) -> str:
    """That the register is not available, and when it is asked again, in French."""
    (again,) = portal.rows(sa.select(Request.waiting_until).where(Request.reference == reference))
    return plain(Words(SILENT, {"date": day_in_morocco(again), "time": clock_in_morocco(again)}), "fr")


@pytest.mark.matrix
def test_a_worker_killed_in_mid_flow_is_replaced_and_decides_once(
    portal: Installation, open_phone: OpenPhone, family: Family
) -> None:
    phone = open_phone(portal, "fr")
    phone.resume(family, at="check")
    portal.kill_worker()
    reference = phone.submit()
    phone.go(f"/requests/{reference}")
    assert phone.page.locator(".tag.ok").count() == 0
    portal.start_worker()
    wait_until(lambda: len(log_of(portal, reference)) > 1, "the worker took nothing in hand")
    portal.kill_worker()
    portal.start_worker()
    phone.wait_decided(reference)

    assert log_of(portal, reference) == WHOLE_LIFE
    wait_until(lambda: sum(news_kinds(portal, family).values()) == 2, "a message is missing")
    assert news_kinds(portal, family) == {"submission": 1, "decision": 1}
    # What left twice because its worker died in between would be the same text.
    assert len({message["text"] for message in portal.news_for(family.mobile)}) == 2


def test_while_the_register_is_closed_the_request_waits_and_says_so(
    portal: Installation, open_phone: OpenPhone, family: Family
) -> None:
    phone = open_phone(portal, "fr")
    phone.resume(family, at="check")
    portal.command("population", "close")
    try:
        reference = phone.submit()
        wait_until(lambda: Event.SILENCE in log_of(portal, reference), "the register was not asked")
        phone.go(f"/requests/{reference}")
        assert phone.page.inner_text("main .card .lead") == told_to_wait(portal, reference)
        assert phone.page.locator(".tag.ok").count() == 0
    finally:
        portal.command("population", "open")
    phone.wait_decided(reference)
    assert log_of(portal, reference) == [Event.SUBMIT, Event.START, Event.SILENCE, Event.CONFIRM, Event.DECIDE]
    assert phone.page.locator("ol.time li").count() == 5
