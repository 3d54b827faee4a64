"""What every decided household is scored by, kept packed beside its score, so that a country can be scored anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.database import insert_into
from services.households.models import Declaration
from services.scoring.bulk.packing import Unpackable, pack_document
from services.scoring.models import Score, ScoreInputs


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


@dataclass(frozen=True)
class Unpacked:
    """Some households that were decided and whose inputs are not kept; ``last`` is None at the end."""

    rows: Sequence[tuple[UUID, UUID, Mapping[str, Any]]]
    last: UUID | None


def find_unpacked(session: Session, *, after: UUID | None, most: int) -> Unpacked:
    """The next ``most`` households behind ``after`` that have a score and no inputs: from before these were kept.

    With each the declaration of its newest score. One whose declaration was erased is not found.
    """
    kept = sa.select(ScoreInputs.household_id).where(ScoreInputs.household_id == Score.household_id)
    chosen = sa.select(Score.household_id).where(~kept.exists()).distinct()
    if after is not None:
        chosen = chosen.where(Score.household_id > after)
    ids = list(session.scalars(chosen.order_by(Score.household_id).limit(most)))
    if not ids:
        return Unpacked((), None)
    scored = sa.select(Score.household_id, Declaration.id, Declaration.document).join(
        Declaration, Declaration.id == Score.declaration_id
    )
    whole = scored.where(Score.household_id.in_(ids), Declaration.erased_at.is_(None)).order_by(Declaration.number)
    newest = {row.household_id: (row.household_id, row.id, row.document) for row in session.execute(whole)}
    return Unpacked(list(newest.values()), ids[-1])


def count_inputs(session: Session) -> int:
    """How many households can be scored in columns."""
    return session.scalar(sa.select(sa.func.count()).select_from(ScoreInputs)) or 0
