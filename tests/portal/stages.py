"""How far the family of the urban widow has come: databases made once through the services, then copied."""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from services.database import Database
from services.households.drafts import save_page
from services.households.household_view import HouseholdView, household_of
from services.households.members import MemberAdded, add_member
from services.households.registration import register_household
from services.journal import citizen
from services.papers.confirmations import decide_with_confirmation
from services.papers.receipts import submit_with_receipt
from services.population.birth_dates import parse_birth_date
from services.population.demo import Story, demo_stories, load_demo
from services.population.models import Person
from services.population.register import find_person_id
from services.requests.models import Request
from services.requests.verification import verify_request
from tests.services.households.filled_forms import fill_form

NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
STORIES: Mapping[str, Story] = {story.story: story for story in demo_stories()}
WIDOW = STORIES["urban-widow"]
ANSWERS = {"milieu": "urban", "region": "MA-04", "province": "MA-RAB", "rooms": 2, "address": "12, rue des Oliviers"}
# The same family's answers as it types them, under the names of the fields.
ADDRESS = {
    "region": "MA-04",
    "province": "MA-RAB",
    "milieu": "urban",
    "commune": "Agdal",
    "address": "12, rue des Oliviers",
}
NO = dict.fromkeys(
    (
        *("garage", "second_home", "business_premises", "non_agricultural_land", "irrigated_land", "landline", "loan"),
        *("severe_disability", "mother_deceased"),
    ),
    "no",
)
TYPED = {
    **NO,
    **{"dwelling": "modern_house", "tenure": "tenant", "rooms": "2", "nuclei": "1", "has_bath": "yes"},
    **{"electricity": "own_meter", "water": "own_connection", "cows": "0", "computers": "0", "satellite_dish": "yes"},
    **{"mobile_phones": "2", "cars": "0", "motorbikes": "1", "butane_monthly": "50", "telecom_monthly": "60"},
    **{"water_electricity_1": "٢١٠", "water_electricity_2": "195 DH", "water_electricity_3": "239,50"},
    **{"schooling": "public", "school_level": "primary", "education": "basic", "literate": "yes"},
    **{"activity": "employed", "occupation": "employee", "health_cover": "none", "father_deceased": "yes"},
    "aids": ["asd", "amo_tadamon"],
}


def person_id_of(database: Database, idcs: str) -> UUID:
    with database.reading() as session:
        found = find_person_id(session, idcs=idcs)
    assert found is not None
    return found


def household_of_story(database: Database, story: Story = WIDOW) -> HouseholdView:
    person_id = person_id_of(database, story.idcs)
    with database.reading() as session:
        view = household_of(session, person_id=person_id, now=NOW)
    assert view is not None
    return view


def enrol_the_stories(database: Database) -> None:
    load_demo(database, now=EARLIER)


def begin(database: Database, story: Story = WIDOW) -> None:
    actor = citizen(person_id_of(database, story.idcs))
    relation = story.household[0]["relation"] or ""
    with database.writing() as session:
        register_household(session, actor=actor, relation_of_declarant=relation, consent_version="1", now=EARLIER)


def gather(database: Database, story: Story = WIDOW) -> None:
    view = household_of_story(database, story)
    for member in story.household[1:]:
        with database.writing() as session:
            added = add_member(
                session,
                actor=citizen(view.declarant_id),
                household_id=view.id,
                idcs=member["idcs"] or "",
                birth_date=parse_birth_date(member["birth_date"] or ""),
                relation=member["relation"] or "",
                now=EARLIER,
            )
        assert isinstance(added, MemberAdded), member


def answer(database: Database, story: Story = WIDOW) -> None:
    view = household_of_story(database, story)
    assert view.draft_id is not None
    with database.writing() as session:
        for (page, position), values in fill_form(view.members, **ANSWERS).items():
            save_page(
                session,
                actor=citizen(view.declarant_id),
                draft_id=view.draft_id,
                page=page,
                position=position,
                values=values,
                seen_version=0,
                now=EARLIER,
            )


def send(database: Database, story: Story = WIDOW) -> None:
    view = household_of_story(database, story)
    with database.writing() as session:
        submit_with_receipt(
            session, actor=citizen(view.declarant_id), household_id=view.id, submission_key="sent", now=EARLIER
        )


def request_id_of(database: Database) -> UUID:
    with database.reading() as session:
        return session.scalars(sa.select(Request.id)).one()


def reference_of(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(sa.select(Request.reference)).one()


def verify(database: Database) -> None:
    with database.writing() as session:
        request = session.scalars(sa.select(Request)).one()
        verify_request(session, request_id=request.id, attempt=request.tries + 1, now=EARLIER)


def decide(database: Database) -> None:
    verify(database)
    with database.writing() as session:
        decide_with_confirmation(session, request_id=request_id_of(database), now=EARLIER)


def refuse(database: Database) -> None:
    """The register no longer confirms the youngest child."""
    die(database, WIDOW.household[-1]["idcs"] or "")
    verify(database)


def die(database: Database, idcs: str) -> None:
    person_id = person_id_of(database, idcs)
    with database.writing() as session:
        session.get_one(Person, person_id).alive = False


def answer_for_fifty(database: Database) -> None:
    for go_on in (begin, gather, answer):
        go_on(database, STORIES["household-of-fifty"])


def decide_for_fifty(database: Database) -> None:
    send(database, STORIES["household-of-fifty"])
    decide(database)


STAGES: Mapping[str, tuple[str, Callable[[Database], None]]] = {
    "enrolled": ("empty", enrol_the_stories),
    "begun": ("enrolled", begin),
    "gathered": ("begun", gather),
    "answered": ("gathered", answer),
    "sent": ("answered", send),
    "refused": ("sent", refuse),
    "decided": ("sent", decide),
    "fifty answered": ("enrolled", answer_for_fifty),
    "fifty decided": ("fifty answered", decide_for_fifty),
}


class Stages:
    """Makes each stage from the one before it, at the first need."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self.folder = folder
        self.paths = {"empty": empty}

    def path(self, name: str) -> Path:
        """The SQLite file in which the family has come that far; to copy, not to use."""
        if name not in self.paths:
            before, go_on = STAGES[name]
            path = self.folder / f"{name}.db"
            shutil.copy(self.path(before), path)
            database = Database(f"sqlite:///{path}")
            go_on(database)
            database.dispose()
            assert not path.with_name(f"{path.name}-wal").exists()
            self.paths[name] = path
        return self.paths[name]
