"""The statement of a score: everything it comes from, on a paper that anyone can check."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.database import insert_into
from services.errors import NotFound
from services.households.household_view import HouseholdView, household_of
from services.journal import Actor
from services.papers.issuing import PARTS, Paper, issue_papers
from services.papers.kinds import STATEMENT, Facts, facts_of_statement
from services.papers.models import IssuedPaper, ScoreStatement
from services.papers.seals import inputs_digest
from services.population.register import PersonCard, cards_of
from services.programmes.catalogue import Limit, limits_on
from services.scoring.compute import ScoreResult
from services.scoring.installed import model_named
from services.scoring.records import ReplayDiffers, StoredScore, latest_score, replay_score, scores_of


@dataclass(frozen=True)
class Statement:
    """A score of the household, and its paper in one language: None where none was issued so far.

    ``facts`` are what was signed, None with it.
    """

    stored: StoredScore
    paper: Paper | None
    facts: Facts | None


@dataclass(frozen=True)
class Person:
    """A member as the statement names him: by what he is to the head."""

    card: PersonCard
    relation: str


@dataclass(frozen=True)
class Contents:
    """What is printed: the score computed again, the limits as they stood when it was issued, the people."""

    result: ScoreResult
    limits: tuple[Limit, ...]
    people: tuple[Person, ...]

    @property
    def head(self) -> Person:
        """The head of the household."""
        return next(person for person in self.people if person.relation == "head")


def issue_statement(session: Session, *, actor: Actor, number: int | None = None, now: datetime) -> dict[str, Paper]:
    """The statement of a score in every language: the ``number``-th of the household, or the latest.

    Issued, and journaled, once, however often it is asked for. Raises NotFound for everybody but the
    declarant and the head, and where there is no such score or what was declared for it is forgotten.
    """
    stored = _score_of(session, _household_of(session, actor, now), number)
    if stored is None:
        raise NotFound("statement")
    replay_score(session, stored=stored)
    key = _key_of(stored)
    values = {
        "id": uuid4(),
        "total_nano": stored.total_nano,
        "computed_at": stored.computed_at,
        "inputs": inputs_digest(stored.document),
        "issued_at": now,
        **key,
    }
    insert = insert_into(session, ScoreStatement).values(values).on_conflict_do_nothing(index_elements=[*key])
    if session.scalar(insert.returning(ScoreStatement.id)) is not None:
        journal.record(session, actor=actor, action="statement.issued", now=now, household_id=stored.household_id)
    statement_id = session.execute(sa.select(ScoreStatement.id).filter_by(**key)).scalar_one()
    return issue_papers(session, kind=STATEMENT, subject_id=statement_id, now=now)


def find_statement(
    session: Session, *, actor: Actor, number: int | None = None, locale: str, now: datetime
) -> Statement | None:
    """A score and its statement in that language, whether it was issued or not. Writes nothing.

    None where there is no such score, or what was declared for it is forgotten. Raises NotFound
    for everybody but the declarant and the head.
    """
    stored = _score_of(session, _household_of(session, actor, now), number)
    if stored is None:
        return None
    of_paper = sa.and_(IssuedPaper.subject_id == ScoreStatement.id, IssuedPaper.kind == STATEMENT.name)
    chosen = sa.select(ScoreStatement, *PARTS).join(IssuedPaper, of_paper)
    row = session.execute(chosen.filter_by(**_key_of(stored)).where(IssuedPaper.locale == locale)).one_or_none()
    if row is None:
        return Statement(stored, None, None)
    paper = Paper(**{part.key: row._mapping[part.key] for part in PARTS})
    return Statement(stored, paper, _facts_issued(row.ScoreStatement))


def contents_of(session: Session, *, statement: Statement) -> Contents:
    """What a statement that was issued says. Raises ReplayDiffers where that is not what was signed."""
    stored, facts, paper = statement.stored, statement.facts, statement.paper
    assert facts is not None
    assert paper is not None
    result = replay_score(session, stored=stored)
    if facts != _facts_of(stored):
        raise ReplayDiffers(f"score {stored.id}: not what its statement was signed for")
    members = [(UUID(member["person"]), member["relation"]) for member in stored.document["members"]]
    cards = cards_of(session, person_ids=[person_id for person_id, _ in members])
    people = tuple(Person(cards[person_id], relation) for person_id, relation in members)
    model = model_named(session, stored.model)
    return Contents(result, limits_on(paper.issued_on, model=model), people)


def _household_of(session: Session, actor: Actor, now: datetime) -> HouseholdView:
    # The inputs are the whole household's: for the declarant and the head. A minor's file is his guardian's.
    person_id = actor.person_id
    view = None if person_id is None else household_of(session, person_id=person_id, now=now)
    if view is None or person_id is None or not view.may_be_changed_by(person_id):
        raise NotFound("statement")
    place = view.member_of(person_id)
    if place is not None and place.is_minor:
        raise NotFound("statement")
    return view


def _score_of(session: Session, view: HouseholdView, number: int | None) -> StoredScore | None:
    if number is None:
        found = latest_score(session, household_id=view.id)
    else:
        found = next((one for one in scores_of(session, household_id=view.id) if one.number == number), None)
    return found if found is not None and found.can_be_explained else None


def _key_of(stored: StoredScore) -> dict[str, UUID | str | date]:
    return {
        "household_id": stored.household_id,
        "declaration_id": stored.declaration_id,
        "model": stored.model,
        "on_day": stored.on,
        "cause": stored.cause,
        "takes_effect_on": stored.takes_effect_on,
    }


def _facts_of(stored: StoredScore) -> Facts:
    return facts_of_statement(
        total_nano=stored.total_nano,
        on_day=stored.on,
        model=stored.model,
        takes_effect_on=stored.takes_effect_on,
        inputs=inputs_digest(stored.document),
    )


def _facts_issued(row: ScoreStatement) -> Facts:
    return facts_of_statement(
        total_nano=row.total_nano,
        on_day=row.on_day,
        model=row.model,
        takes_effect_on=row.takes_effect_on,
        inputs=row.inputs,
    )
