"""All that is held about a person and his household, as one document to take along: see ``docs/export.md``.

The declarant and the head get the whole household; another adult himself and its status. Values
are texts, numbers, days, instants and Words, which the portal writes in the reader's language.
"""

import json
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.accounts.sessions import language_of
from services.households.drafts import load_draft
from services.households.household_view import HouseholdView, household_of
from services.households.models import Declaration, Household
from services.journal import Actor, Entry, entries_seen_by
from services.journal.sentences import what_was_done, who_did_it
from services.messages import Words
from services.messaging.models import Message
from services.messaging.sending import KIND_CODE
from services.papers.models import IssuedPaper, ScoreStatement
from services.population.identifiers import mask_mobile
from services.population.register import DisplayName, facts_about, idcs_of, mobile_of
from services.programmes.eligibility import FOR_EVERY_ADULT
from services.requests.models import Application
from services.requests.references import format_reference
from services.requests.tracking import requests_of
from services.requests.views import RequestView
from services.retention import kept_of_families
from services.scoring.compute import compute_score
from services.scoring.installed import model_named
from services.scoring.records import StoredScore, scores_of

FORMAT = "usrati-export"
VERSION = 1
NANO = Decimal(10**9)
MOST_ENTRIES = 20_000
ERASING = ("household.data_erased", "person.data_erased", "draft.expired")
Section = dict[str, Any]


def export_file(session: Session, *, actor: Actor, now: datetime) -> Section:
    """The file of the citizen for whom ``actor`` acts. Reads only; a minor's household is his guardian's."""
    person_id = actor.person_id
    assert person_id is not None
    view = household_of(session, person_id=person_id, now=now)
    place = None if view is None else view.member_of(person_id)
    if place is not None and place.is_minor:
        view = None
    whole = view is not None and view.may_be_changed_by(person_id)
    own = set(session.scalars(sa.select(Household.id).where(Household.declarant_id == person_id)))
    ids = own | ({view.id} if view else set())
    sees_all = own | ({view.id} if view and whole else set())
    entries = _entries(session, person_id, view.id if view and whole else None)
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now,
        "person": _person(session, person_id),
        "household": None if view is None else _household(view, person_id),
        "form": _form(session, view, now) if view and whole else None,
        "declarations": _declarations(session, ids, sees_all, person_id),
        "scores": _scores(session, ids, sees_all),
        "statements": _statements(session, sees_all),
        "requests": [
            _request(session, one, whole=id_ in sees_all)
            for id_ in ids
            for one in requests_of(session, household_id=id_, now=now)
        ],
        "messages": _messages(session, person_id),
        "journal": [_entry(one, person_id) for one in entries],
        "erased": [{"at": one.at, "what": what_was_done(one)} for one in entries if one.action in ERASING],
        "kept": [{"what": row.what, "how_long": row.how_long} for row in kept_of_families(now)],
    }


def _entries(session: Session, person_id: UUID, household_id: UUID | None) -> list[Entry]:
    return entries_seen_by(session, person_id=person_id, household_id=household_id, limit=MOST_ENTRIES)


def _person(session: Session, person_id: UUID) -> Section:
    facts = facts_about(session, person_ids=[person_id])[person_id]
    mobile = mobile_of(session, person_id=person_id)
    return {
        "identity_number": idcs_of(session, person_id=person_id),
        **_named(facts.name),
        "sex": facts.sex,
        "birth_date": facts.birth_date.iso,
        "nationality": facts.nationality,
        "mobile": None if mobile is None else mask_mobile(mobile),
        "language": language_of(session, person_id=person_id),
    }


def _household(view: HouseholdView, person_id: UUID) -> Section:
    return {
        "state": view.state,
        "members": [
            {
                "position": member.position,
                **_named(member.name),
                "relation": member.relation,
                "sex": member.sex,
                "birth_date": member.birth_date.iso,
            }
            for member in view.shown_to(person_id)
        ],
    }


def _form(session: Session, view: HouseholdView, now: datetime) -> Section | None:
    draft = None if view.draft_id is None else load_draft(session, draft_id=view.draft_id, now=now)
    if draft is None:
        return None
    answers = [
        {"page": page, "position": position, "answers": dict(values)}
        for (page, position), values in sorted(draft.answers.items())
    ]
    return {"kept_until": draft.expires_at, "pages": answers}


def _declarations(
    session: Session, ids: Collection[UUID], sees_all: Collection[UUID], person_id: UUID
) -> list[Section]:
    chosen = sa.select(Declaration).where(Declaration.household_id.in_(ids)).order_by(Declaration.declared_at)
    rows = session.scalars(chosen).all()
    people = {UUID(entry["person"]) for row in rows for entry in row.document.get("members", ())}
    names = {id_: facts.name for id_, facts in facts_about(session, person_ids=people).items()}
    return [
        {
            "number": row.number,
            "declared_at": row.declared_at,
            "erased_at": row.erased_at,
            "answers": None
            if row.erased_at
            else _answers(row, names, None if row.household_id in sees_all else person_id),
        }
        for row in rows
    ]


def _answers(row: Declaration, names: Mapping[UUID, DisplayName], only: UUID | None) -> Section:
    members = [
        {**_named(names[UUID(entry["person"])]), **{key: entry[key] for key in entry if key != "person"}}
        for entry in row.document["members"]
        if only is None or UUID(entry["person"]) == only
    ]
    household = {key: value for key, value in row.document.items() if key != "members"}
    personal = json.loads(row.personal or "{}")
    return {"members": members} if only else {**household, **personal, "members": members}


def _scores(session: Session, ids: Collection[UUID], sees_all: Collection[UUID]) -> list[Section]:
    return [
        {
            "computed_at": score.computed_at,
            "on": score.on,
            "takes_effect_on": score.takes_effect_on,
            "model": score.model,
            "cause": score.cause,
            "score": _exact(score.total_nano),
            "lines": _lines(session, score) if score.can_be_explained and household_id in sees_all else None,
        }
        for household_id in ids
        for score in scores_of(session, household_id=household_id)
    ]


def _lines(session: Session, score: StoredScore) -> list[Section]:
    result = compute_score(score.document, model=model_named(session, score.model), on=score.on)
    fixed = (("constant", result.constant_nano), ("region", result.region_nano))
    moves = [*fixed, *((line.key, line.contribution_nano) for line in result.lines)]
    return [{"key": key, "adds": _exact(nano)} for key, nano in moves]


def _request(session: Session, view: RequestView, *, whole: bool) -> Section:
    return {
        "reference": format_reference(view.reference),
        "kind": view.kind_words,
        "status": view.status_words,
        "submitted_at": view.submitted_at,
        "aids": list(view.aids),
        "application": None if view.application is None else _application(session, view.id, whole=whole),
        "timeline": [{"at": step.at, "what": step.words} for step in view.timeline],
        "papers": _papers(session, view.id),
    }


def _application(session: Session, request_id: UUID, *, whole: bool) -> Section:
    """What was asked of a programme and answered; whom and how it pays for the declarant and the head."""
    row = session.get_one(Application, request_id)
    payee = facts_about(session, person_ids=[row.payee_person_id])[row.payee_person_id]
    payment = {"payee": _named(payee.name), "channel": row.channel, "account": row.account, "said": dict(row.said)}
    return {
        "programme": row.programme,
        "outcome": row.outcome,
        "dirhams_a_month": row.amount_dirhams if whole else None,
        "decided_at": row.decided_at,
        "on": row.on_day,
        "model": row.model,
        "score": None if row.score_nano is None else _exact(row.score_nano),
        "reasons": [
            {"condition": condition, "outcome": outcome}
            for condition, outcome in row.reasons
            if whole or condition in FOR_EVERY_ADULT
        ],
        "payment": payment if whole else None,
    }


def _statements(session: Session, sees_all: Collection[UUID]) -> list[Section]:
    chosen = sa.select(ScoreStatement).where(ScoreStatement.household_id.in_(sees_all))
    return [
        {
            "on": row.on_day,
            "model": row.model,
            "score": _exact(row.total_nano),
            "takes_effect_on": row.takes_effect_on,
            "issued_at": row.issued_at,
            "papers": _papers(session, row.id),
        }
        for row in session.scalars(chosen.order_by(ScoreStatement.issued_at))
    ]


def _papers(session: Session, subject_id: UUID) -> list[Section]:
    chosen = sa.select(IssuedPaper).where(IssuedPaper.subject_id == subject_id)
    return [
        {"kind": one.kind, "language": one.locale, "code": one.code, "issued_at": one.issued_at}
        for one in session.scalars(chosen.order_by(IssuedPaper.issued_at, IssuedPaper.locale))
    ]


def _messages(session: Session, person_id: UUID) -> list[Section]:
    chosen = sa.select(Message.created_at, Message.sent_at, Message.kind, Message.key).where(
        Message.person_id == person_id, Message.kind != KIND_CODE
    )
    return [
        {"written_at": row.created_at, "sent_at": row.sent_at, "kind": row.kind, "what": _without_values(row.key)}
        for row in session.execute(chosen.order_by(Message.created_at))
    ]


def _without_values(key: str) -> Words:
    # What stood in a message was wiped when it was sent.
    return Words(key, dict.fromkeys(re.findall(r"%\((\w+)\)s", key), "…"))


def _entry(entry: Entry, reader: UUID) -> Section:
    return {
        "at": entry.at,
        "who": who_did_it(entry, reader=reader),
        "what": what_was_done(entry),
        "purpose": entry.purpose,
        "action": entry.action,
        "details": dict(entry.details),
    }


def _named(name: DisplayName) -> Section:
    return {"name_arabic": name.arabic, "name_latin": name.latin}


def _exact(nano: int) -> str:
    return f"{nano / NANO:.9f}"
