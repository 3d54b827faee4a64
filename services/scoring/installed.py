"""The formulas of this installation: the shipped files, and those an operator has loaded.

A shipped formula holds from its day on; a loaded one once it was activated.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.scoring.formula import Model, read_model
from services.scoring.models import ScoreModel

FOLDER = Path(__file__).parent / "models"
# Formulas that were activated never change: each is read once a process.
_activated: dict[tuple[str, bytes], Model] = {}


@cache
def shipped_models() -> Mapping[str, Model]:
    """The formulas that come with the software, by id, oldest first."""
    models = [read_model(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.toml")]
    models.sort(key=_age)
    return MappingProxyType({model.id: model for model in models})


def installed_models(session: Session) -> tuple[Model, ...]:
    """Every formula that is shipped or was activated, oldest first; one statement."""
    rows = session.execute(
        sa.select(ScoreModel.id, ScoreModel.digest, ScoreModel.text).where(ScoreModel.activated_at.is_not(None))
    )
    models = [*shipped_models().values(), *(_read_once(*row) for row in rows)]
    return tuple(sorted(models, key=_age))


def model_named(session: Session, model_id: str) -> Model:
    """The formula of that id, activated or only loaded; a shipped one costs no statement. Raises LookupError."""
    shipped = shipped_models().get(model_id)
    if shipped is not None:
        return shipped
    chosen = sa.select(ScoreModel.id, ScoreModel.digest, ScoreModel.text).where(ScoreModel.id == model_id)
    row = session.execute(chosen).one_or_none()
    if row is None:
        raise LookupError(f"no model {model_id!r}")
    return _read_once(*row)


def model_on(session: Session, day: date) -> Model:
    """The formula that holds on ``day``: the last that began. Raises LookupError where none does."""
    holding = [model for model in installed_models(session) if model.valid_from <= day]
    if not holding:
        raise LookupError(f"no model holds on {day.isoformat()}")
    return holding[-1]


def _read_once(model_id: str, digest: bytes, text: str) -> Model:
    known = _activated.get((model_id, digest))
    if known is None:
        known = _activated[model_id, digest] = read_model(text)
    return known


def _age(model: Model) -> tuple[date, str]:
    return model.valid_from, model.id
