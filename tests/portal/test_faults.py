"""When something behind the pages fails: a kind page, nothing half done, nothing lost; and no start in a bad house."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from portal import create_app
from services import database as database_of_services
from services.journal import Actor, Capacity
from services.population.register import close_register, open_register
from services.requests.models import Request
from services.requests.states import SILENT
from services.settings import DEMO_ENCRYPTION_KEY, SettingsError, load_settings
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.pages import said
from tests.portal.stages import NOW, decide, verify
from tests.portal.test_form import at, saved

OPERATOR = Actor(Capacity.OPERATOR, None)
GOOD_KEY = base64.b64encode(b"a key of a production, 32 bytes!").decode()
PRODUCTION = {
    "USRATI_ENV": "production",
    "USRATI_SECRET_KEY": "s" * 40,
    "USRATI_ENCRYPTION_KEYS": GOOD_KEY,
    "USRATI_PUBLIC_URL": "https://usrati.example",
    "USRATI_SMS_URL": "http://kannel.internal/send",
}


@contextmanager
def locked(portal: Portal) -> Iterator[None]:
    """Somebody else writes and does not come to an end."""
    with portal.database.writing() as session:
        session.execute(sa.text("SELECT 1"))
        yield


@pytest.fixture
def impatient(answered: Portal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    monkeypatch.setattr(database_of_services, "LOCK_WAIT_SECONDS", 0.1)
    return answered


def test_a_locked_database_is_not_available_now_and_loses_nothing(impatient: Portal) -> None:
    walker = at(impatient, "/form/home")
    with locked(impatient):
        page = walker.fill(rooms="5")
        assert (page.status, page.heading) == (503, said("Not available now"))
        assert saved(impatient, "home")["rooms"] == 2
    walker.press("/form/home")
    assert saved(impatient, "home")["rooms"] == 5


def test_pages_are_read_while_somebody_writes(impatient: Portal) -> None:
    walker = impatient.family()
    with locked(impatient):
        for path in ("/household", "/form", "/form/home", "/form/check", "/requests", "/score"):
            assert walker.get(path).status == 200, path


def test_a_short_wait_for_the_database_is_not_noticed(answered: Portal) -> None:
    walker = at(answered, "/form/home")
    with locked(answered):
        saving = threading.Thread(target=walker.fill, kwargs={"rooms": "6"})
        saving.start()
        saving.join(0.2)
        assert saving.is_alive()
    saving.join()
    assert (walker.page.status, saved(answered, "home")["rooms"]) == (200, 6)


def test_sending_while_the_database_is_locked_sends_once_afterwards(impatient: Portal) -> None:
    walker = impatient.family()
    walker.get("/form/check")
    with locked(impatient):
        assert walker.fill(form="/form/check").status == 503
    assert walker.press("/form/check").path.endswith("/receipt")
    with impatient.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Request.id))) == 1


def test_without_its_database_every_page_is_still_a_page(open_portal: OpenPortal) -> None:
    portal = open_portal("answered")
    walker = portal.family()
    walker.get("/form/home")
    with portal.database.write_engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE citizen_sessions")
        connection.commit()
    for path in ("/form/home", "/household", "/score"):
        assert walker.get(path).status == 503, path
    assert walker.get("/").status in (200, 503)


def test_a_silent_register_makes_the_request_wait_honestly(open_portal: OpenPortal) -> None:
    portal = open_portal("sent")
    with portal.database.writing() as session:
        close_register(session, actor=OPERATOR, until=NOW.replace(hour=23), now=NOW.replace(hour=8))
    verify(portal.database)
    walker = portal.family()
    page = walker.get(f"/requests/{portal.reference}")
    beginning = said(SILENT, date=NOW.date(), time="#").split("15 juin")[0]
    assert beginning in page.words
    assert said("Being verified") in page.words
    with portal.database.writing() as session:
        open_register(session, actor=OPERATOR, now=NOW.replace(hour=8))
    decide(portal.database)
    assert said("Decided") in walker.get(f"/requests/{portal.reference}").words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("USRATI_SECRET_KEY", "short"),
        ("USRATI_SECRET_KEY", "demo-only-never-in-production"),
        ("USRATI_ENCRYPTION_KEYS", DEMO_ENCRYPTION_KEY),
        ("USRATI_ENCRYPTION_KEYS", f"{GOOD_KEY},{DEMO_ENCRYPTION_KEY}"),
        ("USRATI_ENCRYPTION_KEYS", "not base64"),
        ("USRATI_PUBLIC_URL", "http://usrati.example"),
        ("USRATI_SMS_URL", "file:///tmp/sms.jsonl"),
        ("USRATI_ENV", "produktion"),
    ],
)
def test_production_does_not_start_on_demonstration_settings(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({**PRODUCTION, name: value})


@pytest.mark.parametrize("name", ["USRATI_SECRET_KEY", "USRATI_ENCRYPTION_KEYS", "USRATI_PUBLIC_URL", "USRATI_SMS_URL"])
def test_production_starts_on_nothing_that_was_not_said(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({key: value for key, value in PRODUCTION.items() if key != name})


def test_production_cookies_travel_over_tls_only() -> None:
    assert load_settings(PRODUCTION).secure_cookies


def test_a_portal_is_made_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USRATI_ENV", "production")
    monkeypatch.delenv("USRATI_SECRET_KEY", raising=False)
    with pytest.raises(SettingsError):
        create_app()
