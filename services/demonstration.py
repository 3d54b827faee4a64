"""Demonstration families that have declared and are scored, beside others whose story begins.

They go the way of every family: registered, answered page by page, sent, verified, decided.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.database import Database
from services.households.declaration import assemble
from services.households.drafts import save_page
from services.households.flow import flow_of
from services.households.household_view import HouseholdView, MemberView, find_household, household_of
from services.households.members import add_member
from services.households.questionnaire import QUESTIONNAIRE
from services.households.registration import register_household
from services.journal import Actor, citizen
from services.papers.confirmations import decide_with_confirmation
from services.papers.receipts import submit_with_receipt
from services.population.birth_dates import parse_birth_date
from services.population.demo import Story, load_demo
from services.population.register import find_person_id
from services.programmes.catalogue import limits_on
from services.requests.tracking import find_request
from services.requests.verification import verify_request
from services.scoring.compute import compute_score, scoring_day
from services.scoring.installed import model_on
from services.scoring.records import latest_score, record_score

CONSENT_VERSION = "demo"
PROGRAMME = "asd"
YEARLY = "yearly"
MOST_TELECOM = 3000
Answers = dict[tuple[str, int], dict[str, Any]]


def load(database: Database, *, now: datetime) -> list[Story]:
    """Bring the stories into the register and declare those that ``demonstration.toml`` tells.

    Again changes nothing. Raises Unavailable while the register is closed, ValueError where a
    story cannot be told.
    """
    stories = load_demo(database, now=now)
    by_name = {story.story: story for story in stories}
    for family in _data()["family"]:
        with database.writing() as session:
            declare_family(session, story=by_name[family["story"]], family=family, now=now)
    return stories


def declare_family(session: Session, *, story: Story, family: Mapping[str, Any], now: datetime) -> str | None:
    """Register, answer, send and decide one family; its reference, or None if it was there before.

    Who declared ``declared_days_ago`` was scored then, and is scored anew for today as every year.
    """
    declarant_id = find_person_id(session, idcs=story.idcs)
    assert declarant_id is not None
    if household_of(session, person_id=declarant_id, now=now) is not None:
        return None
    declared_at = now - timedelta(days=family.get("declared_days_ago", 0))
    reference, household_id = _declare(session, citizen(declarant_id), story, family, declared_at, now)
    if declared_at < now:
        _score_anew(session, household_id, now)
    return reference


def _declare(
    session: Session, actor: Actor, story: Story, family: Mapping[str, Any], now: datetime, aimed_at: datetime
) -> tuple[str, UUID]:
    view = _register(session, actor, story, now)
    assert view.draft_id is not None
    for (page, position), values in _answers_of(session, view, story, family, aimed_at).items():
        save_page(
            session,
            actor=actor,
            draft_id=view.draft_id,
            page=page,
            position=position,
            values=values,
            seen_version=0,
            now=now,
        )
    sent = submit_with_receipt(session, actor=actor, household_id=view.id, submission_key=str(uuid4()), now=now)
    request = find_request(session, actor=actor, reference=sent.reference, now=now)
    verify_request(session, request_id=request.id, attempt=1, now=now)
    decide_with_confirmation(session, request_id=request.id, now=now)
    return sent.reference, view.id


def _score_anew(session: Session, household_id: UUID, now: datetime) -> None:
    last = latest_score(session, household_id=household_id)
    assert last is not None
    record_score(
        session,
        household_id=household_id,
        declaration_id=last.declaration_id,
        document=last.document,
        cause=YEARLY,
        now=now,
    )


def _register(session: Session, actor: Actor, story: Story, now: datetime) -> HouseholdView:
    declarant, *others = story.household
    household_id = register_household(
        session,
        actor=actor,
        relation_of_declarant=str(declarant["relation"]),
        consent_version=CONSENT_VERSION,
        now=now,
    )
    # The oldest first: a minor joins beside a guardian who is there already.
    for member in sorted(others, key=lambda member: str(member["birth_date"])):
        add_member(
            session,
            actor=actor,
            household_id=household_id,
            idcs=str(member["idcs"]),
            birth_date=parse_birth_date(str(member["birth_date"])),
            relation=str(member["relation"]),
            now=now,
        )
    view = find_household(session, household_id=household_id, now=now)
    assert view is not None
    if len(view.members) != len(story.household):
        raise ValueError(f"the register does not confirm everyone of {story.story}")
    return view


def _answers_of(
    session: Session, view: HouseholdView, story: Story, family: Mapping[str, Any], now: datetime
) -> Answers:
    numbers = _numbers_of(view, story)
    home = {**_data()["every_home"], **family["home"]}
    answers = _fill_in(view, home, family.get("people", {}), numbers)
    aim = family.get("aim")
    if aim is not None:
        answers["spending", 0]["telecom_monthly"] = _aimed_telecom(session, view, answers, aim, now)
    return answers


def _fill_in(
    view: HouseholdView, home: Mapping[str, Any], people: Mapping[str, Any], numbers: Mapping[int, str]
) -> Answers:
    ages = {member.position: member.age for member in view.members}
    told = {member.position: _said_by(member, people.get(numbers[member.position], {})) for member in view.members}
    told[0] = dict(home)
    return {
        step: {
            question.key: told[step.position][question.key]
            for question in QUESTIONNAIRE.by_key[step.page].asked_at(ages.get(step.position))
            if question.holds(told[step.position])
        }
        for step in flow_of({}, view.members).steps
    }


def _said_by(member: MemberView, own: Mapping[str, Any]) -> dict[str, Any]:
    fitting: Iterator[Mapping[str, Any]] = (
        row
        for row in _data()["member"]
        if row["ages"][0] <= member.age <= row["ages"][1] and row.get("sex", member.sex) == member.sex
    )
    return {**_data()["everybody"], **next(fitting), **own}


def _numbers_of(view: HouseholdView, story: Story) -> dict[int, str]:
    # Positions were given in the order of adding: the declarant, then the others by age.
    declarant, *others = story.household
    ordered = [declarant, *sorted(others, key=lambda member: str(member["birth_date"]))]
    return {member.position: str(person["idcs"]) for member, person in zip(view.members, ordered, strict=True)}


def _aimed_telecom(session: Session, view: HouseholdView, answers: Answers, aim: str, now: datetime) -> int:
    day = scoring_day(now)
    model, document = model_on(session, day), dict(assemble(answers, view.members))
    (limit,) = (limit for limit in limits_on(day) if limit.programme == PROGRAMME)

    def total_nano(telecom: int) -> int:
        return compute_score({**document, "telecom_monthly": telecom}, model=model, on=day).total_nano

    above = bisect_right(range(MOST_TELECOM), limit.at_most_nano, key=total_nano)
    return above if aim == "above" else above - 1


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("services").joinpath("demonstration.toml").read_text(encoding="utf-8"))
