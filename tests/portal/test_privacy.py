"""Nothing personal where it does not belong: logs, job arguments, addresses, cookies, the bare database."""

import json
import logging
import zlib
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from services.requests.verification import decide_request, verify_request
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.stages import ADDRESS, NOW, TYPED, WIDOW, request_id_of
from tests.portal.walking import Walker

PERSONAL = (
    *("Khadija", "El Amrani", "خديجة", "العمراني", "Salma", "Bennani", "سلمى"),
    *("6946384233", "694 638 4233", "6622092772", "0600000101", "600000101", "Oliviers", "Agdal"),
)


def found_in(text: str) -> list[str]:
    return [secret for secret in PERSONAL if secret in text or json.dumps(secret)[1:-1] in text]


def whole_journey(portal: Portal) -> Walker:
    """From signing in to the score, with some missteps."""
    walker = portal.visitor()
    walker.get("/sign-in")
    walker.fill(idcs="694 638 4234", sex="F", birth_year="1984", birth_month="5", birth_day="2")
    walker.fill(idcs=WIDOW.idcs)
    walker.fill(code="000000")
    walker.fill(code=portal.sms.code(WIDOW.mobile or ""))
    walker.fill(relation="head", consent="y")
    for person in WIDOW.household[1:]:
        year, month, day = (person["birth_date"] or "").split("-")
        walker.get("/household/members/add")
        walker.fill(idcs=person["idcs"], birth_year=year, birth_month=month, birth_day=day, relation="child")
    walker.get("/form/address")
    walker.fill(**ADDRESS)
    walker.get("/form/home")
    walker.answer_pages(TYPED)
    walker.fill(form="/form/check")
    for decided in (lambda session, **by: verify_request(session, attempt=1, **by), decide_request):
        with portal.database.writing() as session:
            decided(session, request_id=request_id_of(portal.database), now=NOW)
    walker.get("/score")
    walker.get("/requests/nothing")
    portal.deliver()
    return walker


def test_a_whole_journey_leaves_nothing_personal_anywhere(
    portal: Portal, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logged:
        walker = whole_journey(portal)
    assert walker.page.status == 404
    assert found_in(json.dumps(logged, default=str)) == []
    assert found_in(caplog.text) == []
    assert found_in("".join(capfd.readouterr())) == []
    assert found_in(" ".join(walker.trail)) == []
    assert found_in(readable_cookies(walker)) == []
    assert found_in(jobs_of(portal)) == []
    assert found_in(bare_database(portal)) == []


def readable_cookies(walker: Walker) -> str:
    """What the cookies say to who holds them."""
    texts = []
    for cookie in walker.browser.client._cookies.values():
        texts.append(cookie.value)
        payload = cookie.value.lstrip(".").split(".")[0]
        raw = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        texts.append((zlib.decompress(raw) if cookie.value.startswith(".") else raw).decode(errors="replace"))
    return " ".join(texts)


def jobs_of(portal: Portal) -> str:
    """Every job that was ever queued, with all that is stored of it."""
    with portal.database.reading() as session:
        rows = session.execute(sa.text("SELECT * FROM workflow_status")).all()
    assert {row.name for row in rows} == {"send_message", "verify_request", "decide_request"}
    return repr(rows)


def bare_database(portal: Portal) -> str:
    """The bytes of the database, as a thief of the disk has them."""
    portal.database.dispose()
    folder: Path = portal.settings.data_dir
    bytes_of_it = "".join(path.read_bytes().decode(errors="replace") for path in sorted(folder.glob("usrati.db*")))
    assert "CREATE TABLE persons" in bytes_of_it
    return bytes_of_it


def test_a_fault_of_ours_says_where_and_never_what_was_typed(open_portal: OpenPortal) -> None:
    portal = open_portal("answered", shows_faults=False)

    def broken() -> None:
        raise ValueError("Khadija, 6946384233, lives at 12, rue des Oliviers")

    portal.app.add_url_rule("/<lang>/broken", "broken", broken)
    with structlog.testing.capture_logs() as logged:
        page = portal.family().get("/broken")
    assert page.status == 500
    assert "error" in [entry["log_level"] for entry in logged]
    assert "test_privacy.py" in json.dumps(logged)
    assert found_in(json.dumps(logged)) == []
    assert "rue des" not in page.text
