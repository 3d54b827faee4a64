"""Who opens the pages that are measured: families of a known size, people who sign in, forms that wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa

from benchmarks.load import Ask
from services import demonstration
from services.accounts.sessions import open_session
from services.database import Database
from services.households.household_view import household_of
from services.population.register import find_person_id
from services.requests.models import Request
from services.requests.verification import decide_request
from tests.portal.walking import HttpBrowser, Walker
from tests.services.households.families import Someone, enrol
from tests.services.requests.families import answered_family, check, sent_request

SIGNING_IN, SENDING = 3000, 700
BATCH = 50
FIFTY = "household-of-fifty"


@dataclass(frozen=True)
class Cast:
    """The cookies of the measured: a household of five and one of fifty with a score, one that fills in
    its form; the reference of the five; people who sign in; ``(cookie, draft)`` of those who send."""

    five: str
    fifty: str
    filling: str
    reference: str
    people: tuple[Someone, ...]
    sending: tuple[tuple[str, UUID], ...]


def gather(database: Database, *, sending: int = SENDING, signing_in: int = SIGNING_IN) -> Cast:
    """Everybody, made by the services themselves."""
    now = datetime.now(UTC)
    stories = {story.story: story for story in demonstration.load(database, now=now)}
    with database.writing() as session:
        fifty = find_person_id(session, idcs=stories[FIFTY].idcs)
        assert fifty is not None
        sent, five = sent_request(session, now, children=4)
        check(session, sent, now)
        decide_request(session, request_id=sent.id, now=now)
        filling = answered_family(session, now, children=4)
        people = tuple(enrol(session, mobile="+212600000101") for _ in range(signing_in))
    return Cast(
        five=cookie_of(database, five.mother.id),
        fifty=cookie_of(database, fifty),
        filling=cookie_of(database, filling.mother.id),
        reference=sent.reference,
        people=people,
        sending=tuple(_ready(database, sending)),
    )


def cookie_of(database: Database, person_id: UUID) -> str:
    """The cookie of a session of this person, opened now."""
    with database.writing() as session:
        return "usrati=" + open_session(session, person_id=person_id, now=datetime.now(UTC))


def count_requests(database: Database) -> int:
    """How many requests there are."""
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Request)) or 0


@dataclass(frozen=True)
class Visit:
    """A page as a browser has it: its fields, and the cookie without which they are refused."""

    cookie: str
    fields: Mapping[str, list[str]]

    def ask(self, path: str, cookie: str = "", *, sender: str = "10.0.0.1", **typed: str) -> Ask:
        """The post of this page's form with ``typed`` in it, by whom ``cookie`` says."""
        body = urlencode(self.fields | typed, doseq=True)
        return Ask(path, f"{self.cookie}; {cookie}", body, sender)


def visit(base: str, path: str, cookie: str = "") -> Visit:
    """Open ``/sign-in`` and read its form."""
    browser = HttpBrowser(base)
    for name, morsel in SimpleCookie(cookie).items():
        browser.keep_cookie(name, morsel.value)
    page = Walker(browser).get(path)
    held = "; ".join(f"{one.name}={one.value}" for one in browser.cookies if one.name != "usrati")
    return Visit(held, page.form().fields)


def _ready(database: Database, number: int) -> list[tuple[str, UUID]]:
    made: list[tuple[str, UUID]] = []
    while len(made) < number:
        now = datetime.now(UTC)
        with database.writing() as session:
            for _ in range(min(BATCH, number - len(made))):
                mother = answered_family(session, now, children=1).mother.id
                view = household_of(session, person_id=mother, now=now)
                assert view is not None
                assert view.draft_id is not None
                secret = open_session(session, person_id=mother, now=now)
                made.append((f"usrati={secret}", view.draft_id))
    return made
