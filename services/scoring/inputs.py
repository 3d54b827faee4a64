"""What every decided household is scored by, kept packed beside its score, so that a country can be scored anew."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import insert_into
from services.scoring.bulk.packing import Unpackable, pack_document
from services.scoring.models import ScoreInputs


def keep_inputs(session: Session, rows: Iterable[tuple[UUID, UUID, Mapping[str, Any]]]) -> int:
    """Keep of each ``(household_id, declaration_id, document)`` what the household is scored by from now on.

    Returns how many documents cannot be read by the formula: nothing is kept of these, and every
    run counts their households among those it left out.
    """
    packed: dict[UUID, dict[str, Any]] = {}
    unreadable: list[UUID] = []
    for household_id, declaration_id, document in rows:
        try:
            bytes_ = pack_document(document)
        except Unpackable:
            unreadable.append(household_id)
        else:
            packed[household_id] = {
                "household_id": household_id,
                "declaration_id": declaration_id,
                "packed": bytes_,
            }
    if packed:
        _write(session, list(packed.values()))
    if unreadable:
        session.execute(sa.delete(ScoreInputs).where(ScoreInputs.household_id.in_(unreadable)))
    return len(unreadable)


def _write(session: Session, rows: list[dict[str, Any]]) -> None:
    insert = insert_into(session, ScoreInputs)
    newer = {"declaration_id": insert.excluded.declaration_id, "packed": insert.excluded.packed}
    session.flush()
    session.connection().execute(insert.on_conflict_do_update(index_elements=["household_id"], set_=newer), rows)
