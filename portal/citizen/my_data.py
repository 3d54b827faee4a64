"""What is held about a family, who looked at it or changed it, and all of it to take along."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Response

from portal.access import access, current_actor, current_subject
from portal.citizen import pages
from portal.citizen.file import my_household
from portal.database import now, read
from portal.htmx import page
from portal.languages import current_language, plain
from services.exports import export_file
from services.journal import Entry, entries_seen_by
from services.journal.sentences import what_was_done, who_did_it
from services.messages import Words
from services.requests.deadlines import day_in_morocco
from services.retention import kept_of_families

SHOWN = 50
LOOKED_THROUGH = 300


@dataclass(frozen=True)
class Act:
    """One line of the journal: what one did himself again and again on one day is one."""

    what: Words
    who: Words
    at: datetime
    times: int


@pages.get("/my-data")
@access("citizen")
def my_data() -> Any:
    """What we keep of the subject and how long, and the journal of his file, newest first."""
    person_id, household = current_subject().person_id, my_household()
    sees_all = household is not None and household.may_be_changed_by(person_id)
    household_id = household.id if household and sees_all else None
    entries = read(entries_seen_by, person_id=person_id, household_id=household_id, limit=LOOKED_THROUGH)
    acts = acts_of(entries, reader=person_id)
    return page(
        "citizen/my_data",
        kept=kept_of_families(now()),
        sees_all=household is None or sees_all,
        has_more=len(acts) > SHOWN or len(entries) == LOOKED_THROUGH,
        journal=acts[:SHOWN],
    )


def acts_of(entries: Sequence[Entry], *, reader: UUID) -> list[Act]:
    """The lines of the journal, newest first; each act of anybody else is a line of its own."""

    def same(numbered: tuple[int, Entry]) -> tuple[object, ...]:
        number, entry = numbered
        mine = entry.actor_id == reader
        return (entry.action, day_in_morocco(entry.at)) if mine else (number,)

    acts = []
    for _, run in groupby(enumerate(entries), key=same):
        newest, *earlier = [entry for _, entry in run]
        acts.append(Act(what_was_done(newest), who_did_it(newest, reader=reader), newest.at, 1 + len(earlier)))
    return acts


@pages.get("/my-data/export")
@access("citizen")
def export() -> Response:
    """The same and all that was declared, as JSON; its shape is described in ``docs/export.md``."""
    document = read(export_file, actor=current_actor(), now=now())
    text = json.dumps(document, default=_written, ensure_ascii=False, indent=2)
    answer = Response(f"{text}\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="usrati-my-data.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _written(value: object) -> str:
    if isinstance(value, Words):
        return plain(value, current_language().code)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in an export")
