"""The models of this installation: the shipped files, and those that an operator has loaded.

A shipped model holds from its day on; a loaded one once it was activated.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.scoring.formula import Model, age, model_holding
from services.scoring.model_files import ModelFaults, read_model
from services.scoring.models import CURRENT, Score, ScoreModel, ScoreRun
from services.scoring.shipped import FOLDER, shipped_models

__all__ = [
    "FOLDER",
    "InstalledModel",
    "count_scores",
    "digest_of",
    "every_model",
    "installed_models",
    "model_named",
    "model_on",
    "shipped_models",
]
# A text never changes under its digest: each is read once a process.
_read: dict[tuple[str, bytes], Model] = {}


@dataclass(frozen=True)
class InstalledModel:
    """A model with when it was loaded (None: it was shipped) and activated."""

    model: Model
    loaded_at: datetime | None
    activated_at: datetime | None

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the software."""
        return self.loaded_at is None

    @property
    def is_active(self) -> bool:
        """Whether it counts on its days."""
        return self.is_shipped or self.activated_at is not None


def installed_models(session: Session) -> tuple[Model, ...]:
    """Every model that is shipped or was activated, oldest first; one statement."""
    rows = session.execute(
        sa.select(ScoreModel.id, ScoreModel.digest, ScoreModel.text).where(ScoreModel.activated_at.is_not(None))
    )
    models = {model_id: _read_once(model_id, digest, text) for model_id, digest, text in rows}
    return tuple(sorted({**models, **shipped_models()}.values(), key=age))


def every_model(session: Session) -> tuple[InstalledModel, ...]:
    """Every model, those that were only loaded too, oldest first."""
    found = {
        row.id: InstalledModel(_read_once(row.id, row.digest, row.text), row.loaded_at, row.activated_at)
        for row in session.scalars(sa.select(ScoreModel))
    }
    found |= {model.id: InstalledModel(model, None, None) for model in shipped_models().values()}
    return tuple(sorted(found.values(), key=lambda one: age(one.model)))


def count_scores(session: Session) -> Counter[str]:
    """How many scores each model has made that count or did; reads them all."""
    counts: Counter[str] = Counter()
    of_families = sa.select(Score.model, sa.func.count()).group_by(Score.model)
    of_runs = sa.select(ScoreRun.model, sa.func.sum(ScoreRun.scored)).where(ScoreRun.state == CURRENT)
    for chosen in (of_families, of_runs.group_by(ScoreRun.model)):
        counts.update({model_id: int(count) for model_id, count in session.execute(chosen)})
    return counts


def model_named(session: Session, model_id: str) -> Model:
    """The model of that id, activated or only loaded; a shipped one costs no statement. Raises LookupError."""
    shipped = shipped_models().get(model_id)
    if shipped is not None:
        return shipped
    chosen = sa.select(ScoreModel.id, ScoreModel.digest, ScoreModel.text).where(ScoreModel.id == model_id)
    row = session.execute(chosen).one_or_none()
    if row is None:
        there = sorted({*shipped_models(), *session.scalars(sa.select(ScoreModel.id))})
        raise LookupError(f"no model {model_id!r}; there is {', '.join(there)}")
    return _read_once(*row)


def model_on(session: Session, day: date) -> Model:
    """The model that holds on ``day``: the last that began. Raises NoModel where none does."""
    return model_holding(installed_models(session), day)


def digest_of(text: str) -> bytes:
    """What tells one text of a model from any other: its SHA-256."""
    return sha256(text.encode()).digest()


def _read_once(model_id: str, digest: bytes, text: str) -> Model:
    known = _read.get((model_id, digest))
    if known is None:
        if digest_of(text) != digest:
            raise LookupError(f"the model {model_id!r} is not the text that was loaded")
        try:
            known = _read[model_id, digest] = read_model(text)
        except ModelFaults as faults:
            raise LookupError(f"the model {model_id!r} cannot be read by this version: line {faults}") from None
    return known
