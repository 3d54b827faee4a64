"""Loading a model from its file, and the day on which it begins to count.

A model that was activated, or has scored anyone, never changes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services import journal
from services.bulk import take_turns
from services.errors import NotFound, StateConflict
from services.scoring.formula import Model
from services.scoring.installed import digest_of, every_model, model_named
from services.scoring.model_files import ModelFaults, line_of, read_model, taken_days
from services.scoring.models import Score, ScoreModel, ScoreRun
from services.scoring.shipped import shipped_models, shipped_texts
from services.scoring.toml_lines import LineFault

# Who loads, activates or begins to score with a model waits for the others who do.
TURN = "score models"
NEVER_CHANGES = "id: the model {} {}, and never changes: give this one another id"


class Loading(StrEnum):
    """What loading a file did."""

    LOADED = "loaded"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Loaded:
    """The model of a file, and what loading it did."""

    model: Model
    did: Loading


def load_model(
    session: Session,
    *,
    text: str,
    programmes: Collection[str],
    now: datetime,
    actor: journal.Actor | None = None,
) -> Loaded:
    """Keep the model of a file under its id; it counts for nobody until it is activated.

    The same text again changes nothing; another text takes the place of one that was only loaded.
    Raises ModelFaults naming every fault with its line. ``programmes`` are those there are.
    """
    take_turns(session, name=TURN)
    present = every_model(session)
    digest = digest_of(text)
    same = _same_text(session, digest)
    if same is not None:
        return Loaded(model_named(session, same), Loading.UNCHANGED)
    model = read_model(text, programmes=programmes, others=[one.model for one in present])
    why = _why_fixed(session, model.id)
    if why:
        raise ModelFaults([LineFault(line_of(text, "id"), NEVER_CHANGES.format(model.id, why))])
    did = _keep(session, model, text, now)
    journal.record(
        session,
        actor=actor or journal.operator(None),
        action="model.loaded",
        now=now,
        model=model.id,
        digest=digest.hex(),
    )
    return Loaded(model, did)


def activate_model(session: Session, *, model_id: str, now: datetime, actor: journal.Actor | None = None) -> bool:
    """Have a loaded model count on its days from now on; False where it did already.

    Raises NotFound where there is no such model, StateConflict where another has its days.
    """
    take_turns(session, name=TURN)
    if model_id in shipped_models():
        return False
    row = session.get(ScoreModel, model_id)
    if row is None:
        there = ", ".join(one.model.id for one in every_model(session))
        raise NotFound(f"no model {model_id!r}; there is {there}")
    if row.activated_at is not None:
        return False
    model = model_named(session, model_id)
    for other in every_model(session):
        if other.is_active and (taken := taken_days(model.valid_from, model.valid_until, other.model)):
            raise StateConflict(f"{model_id}: {taken[0]}: {taken[1]}")
    row.activated_at = now
    session.flush()
    journal.record(
        session,
        actor=actor or journal.operator(None),
        action="model.activated",
        now=now,
        model=model_id,
        digest=row.digest.hex(),
    )
    return True


def _keep(session: Session, model: Model, text: str, now: datetime) -> Loading:
    was_there = session.get(ScoreModel, model.id) is not None
    session.merge(
        ScoreModel(
            id=model.id,
            text=text,
            digest=digest_of(text),
            official=model.official,
            valid_from=model.valid_from,
            valid_until=model.valid_until,
            loaded_at=now,
        )
    )
    session.flush()
    return Loading.REPLACED if was_there else Loading.LOADED


def _same_text(session: Session, digest: bytes) -> str | None:
    for model_id, text in shipped_texts().items():
        if digest_of(text) == digest:
            return model_id
    return session.scalars(sa.select(ScoreModel.id).where(ScoreModel.digest == digest)).first()


def _why_fixed(session: Session, model_id: str) -> str | None:
    """Why the model of this id may not become another; None where it may."""
    if model_id in shipped_models():
        return "is shipped with this version"
    activated_at = session.scalar(sa.select(ScoreModel.activated_at).where(ScoreModel.id == model_id))
    if activated_at is not None:
        return f"was activated on {activated_at:%Y-%m-%d}"
    scored = [sa.exists().where(Score.model == model_id), sa.exists().where(ScoreRun.model == model_id)]
    return "has scored already" if session.scalar(sa.select(sa.or_(*scored))) else None
