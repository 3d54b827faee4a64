"""What is held about a family, who looked at it or changed it, and all of it to take along."""

import json
from datetime import date, datetime
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
from services.households.household_view import today_in_morocco
from services.journal import entries_seen_by
from services.journal.sentences import what_was_done, who_did_it
from services.messages import Words
from services.retention import kept_on

SHOWN = 50


@pages.get("/my-data")
@access("citizen")
def my_data() -> Any:
    """What we keep of the subject and how long, and the journal of his file, newest first."""
    person_id, household = current_subject().person_id, my_household()
    sees_all = household is not None and household.may_be_changed_by(person_id)
    household_id = household.id if household and sees_all else None
    entries = read(entries_seen_by, person_id=person_id, household_id=household_id, limit=SHOWN + 1)
    return page(
        "citizen/my_data",
        kept=[row for row in kept_on(today_in_morocco(now())) if not row.staff],
        sees_all=household is None or sees_all,
        has_more=len(entries) > SHOWN,
        journal=[(entry.at, what_was_done(entry), who_did_it(entry, reader=person_id)) for entry in entries[:SHOWN]],
    )


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
