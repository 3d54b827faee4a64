"""What a family did before the test begins, done by the services themselves: quicker than by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.households.drafts import load_draft, save_page
from services.households.flow import Flow, flow_of
from services.households.household_view import household_of
from services.households.members import MemberAdded, add_member
from services.households.questionnaire import Page
from services.households.registration import register_household
from services.journal import Actor, citizen
from services.papers.receipts import apply_with_receipt
from services.population.birth_dates import parse_birth_date
from services.population.register import find_person_id
from services.requests.applications.sending import Wish
from tests.journeys.families import Family
from tests.journeys.installation import Installation


def registered(portal: Installation, family: Family, *others: dict[str, Any]) -> UUID:
    """The household stands with its people, and ``others``; nothing is answered. The mother's id."""
    now = datetime.now(UTC)
    with portal.database.writing() as session:
        mother = find_person_id(session, idcs=family.mother["idcs"])
        assert mother is not None
        actor = citizen(mother)
        household_id = register_household(
            session, actor=actor, relation_of_declarant="head", consent_version="1", now=now
        )
        for person in (*family.children, *others):
            wish = {"idcs": person["idcs"], "birth_date": parse_birth_date(person["birth_date"])}
            added = add_member(
                session, actor=actor, household_id=household_id, relation=person["relation"], now=now, **wish
            )
            assert isinstance(added, MemberAdded)
    return mother


def answered(portal: Installation, family: Family, *, until: str = "") -> UUID:
    """The same with its form filled in, as far as the page of the key ``until``. The mother's id."""
    mother = registered(portal, family)
    with portal.database.writing() as session:
        while _answer_next(session, family, citizen(mother), until):
            pass
    return mother


def _answer_next(session: Session, family: Family, actor: Actor, until: str) -> bool:
    now = datetime.now(UTC)
    assert actor.id is not None
    household = household_of(session, person_id=actor.id, now=now)
    assert household is not None
    assert household.draft_id is not None
    draft = load_draft(session, draft_id=household.draft_id, now=now)
    assert draft is not None
    flow = flow_of(draft.answers, household.members)
    step = flow.first_unanswered()
    if step is None or step.page == until:
        return False
    values = _values(flow, flow.page(step), family.answers(step.position), flow.facts(step).age)
    place: dict[str, Any] = {"draft_id": draft.id, "page": step.page, "position": step.position}
    save_page(session, actor=actor, **place, values=values, seen_version=0, now=now)
    session.expire_all()
    return True


def _values(flow: Flow, page: Page, answers: Mapping[str, Any], age: int | None) -> dict[str, Any]:
    known = {**flow.known, **answers}
    return {question.key: answers[question.key] for question in page.asked_at(age) if question.holds(known)}


def applied(portal: Installation, family: Family) -> tuple[UUID, str]:
    """A family that is registered asks for the aid; its household, and the reference."""
    now = datetime.now(UTC)
    with portal.database.writing() as session:
        mother = find_person_id(session, idcs=family.mother["idcs"])
        assert mother is not None
        household = household_of(session, person_id=mother, now=now)
        assert household is not None
        wish = Wish(mother, "bank_account", "011519000001205000534921", {"no_other_family_allowance": True})
        sent = apply_with_receipt(
            session,
            actor=citizen(mother),
            household_id=household.id,
            programme="asd",
            wish=wish,
            submission_key="applied",
            now=now,
        )
    return household.id, sent.reference
