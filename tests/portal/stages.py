"""How far the family of the urban widow has come: databases made once through the services, then copied."""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import Database
from services.households.drafts import save_page
from services.households.household_view import HouseholdView, household_of
from services.households.members import MemberAdded, add_member
from services.households.models import Declaration, Draft
from services.households.registration import register_household
from services.journal import citizen
from services.papers.confirmations import decide_with_confirmation
from services.papers.receipts import apply_with_receipt, submit_with_receipt
from services.population.birth_dates import parse_birth_date
from services.population.demo import Story, demo_stories, load_demo
from services.population.models import Person
from services.population.register import find_person_id
from services.requests.applications.sending import Wish
from services.requests.models import Request
from services.requests.verification import verify_request
from services.scoring.models import Score
from services.scoring.records import record_score
from tests.services.households.filled_forms import fill_form

NOW = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
LATER = EARLIER + timedelta(minutes=10)
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
        return session.scalars(sa.select(Request.id).order_by(Request.submitted_at.desc())).first()


def reference_of(database: Database) -> str:
    """The reference of the newest request."""
    with database.reading() as session:
        return session.scalars(sa.select(Request.reference).order_by(Request.submitted_at.desc())).first()


def verify(database: Database) -> None:
    with database.writing() as session:
        request = session.get_one(Request, request_id_of(database))
        verify_request(session, request_id=request.id, attempt=request.tries + 1, now=EARLIER)


def decide(database: Database) -> None:
    verify(database)
    with database.writing() as session:
        decide_with_confirmation(session, request_id=request_id_of(database), now=EARLIER)


def refuse(database: Database) -> None:
    """The register no longer confirms the youngest child."""
    die(database, WIDOW.household[-1]["idcs"] or "")
    verify(database)


def apply_for_aid(database: Database) -> None:
    """The family asks for the aid, on the mother's bank account."""
    view = household_of_story(database)
    said = {"no_other_family_allowance": True}
    wish = Wish(view.declarant_id, "bank_account", "011519000001205000534921", said)
    with database.writing() as session:
        apply_with_receipt(
            session,
            actor=citizen(view.declarant_id),
            household_id=view.id,
            programme="asd",
            wish=wish,
            submission_key="applied",
            now=LATER,
        )


def grant(database: Database) -> None:
    """The application is decided, by a score that meets the limit."""
    with database.writing() as session:
        session.execute(sa.update(Score).values(total_nano=9_000_000_000))
    decide(database)


def die(database: Database, idcs: str) -> None:
    person_id = person_id_of(database, idcs)
    with database.writing() as session:
        session.get_one(Person, person_id).alive = False


def score_again(database: Database) -> None:
    """The family was scored a year ago too, without its youngest; and it declares anew, which counts later."""
    view = household_of_story(database)
    a_year_ago = EARLIER - timedelta(380)
    with database.writing() as session:
        declared = session.scalars(sa.select(Declaration)).one()
        younger = {**declared.document, "mobile_phones": 1, "members": declared.document["members"][:-1]}
        newer = {**declared.document, "cars": 1, "telecom_monthly": 20}
        session.execute(sa.update(Score).values(cause="yearly"))
        session.execute(sa.update(Declaration).values(number=2))
        for number, document, at, cause in ((1, younger, a_year_ago, "first"), (3, newer, NOW, "update")):
            one = _declare(session, declared, number, document, at)
            takes_effect_on = (at + timedelta(30 if number == 3 else 0)).date()
            record_score(
                session,
                household_id=view.id,
                declaration_id=one.id,
                document=document,
                cause=cause,
                takes_effect_on=takes_effect_on,
                now=at,
            )


def _declare(
    session: Session, like: Declaration, number: int, document: Mapping[str, Any], at: datetime
) -> Declaration:
    draft = Draft(household_id=like.household_id, kind="update", state="submitted", opened_at=at, expires_at=at)
    session.add(draft)
    session.flush()
    values = {"number": number, "document": dict(document), "declared_at": at, "declared_by": like.declared_by}
    declared = Declaration(household_id=like.household_id, draft_id=draft.id, **values)
    session.add(declared)
    session.flush()
    return declared


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
    "rescored": ("decided", score_again),
    "applied": ("decided", apply_for_aid),
    "granted": ("applied", grant),
    "not granted": ("applied", decide),
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
