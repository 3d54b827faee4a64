"""After a request was taken back, a family begins again with what it had sent."""

import pytest
import sqlalchemy as sa

from portal.languages import LANGUAGES
from services.requests.models import Request
from tests.portal.conftest import OpenPortal
from tests.portal.pages import said

STILL_HERE = "Your last request is closed. The people of your household and what you sent are still here."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawn_request_leaves_the_people_and_the_answers(open_portal: OpenPortal, language: str) -> None:
    portal = open_portal("refused")
    walker = portal.family(language=language)
    walker.get(f"/requests/{portal.reference}/correct")
    walker.press("/withdraw")
    assert said(STILL_HERE, language) in walker.get("/household").words


def test_what_was_sent_can_be_sent_again_as_another_request(open_portal: OpenPortal) -> None:
    portal = open_portal("refused")
    first = portal.reference
    walker = portal.family()
    walker.get(f"/requests/{first}/correct")
    walker.press("/withdraw")
    walker.get("/household")
    walker.press("/household/draft")
    walker.get("/form/check")
    walker.fill(form="/form/check")
    with portal.database.reading() as session:
        states = {row.reference: row.state for row in session.execute(sa.select(Request.reference, Request.state))}
    assert states.pop(first) == "withdrawn"
    assert list(states.values()) == ["submitted"]
    assert walker.page.path == f"/fr/requests/{next(iter(states))}/receipt"
