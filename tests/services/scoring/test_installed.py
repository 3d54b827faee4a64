"""Which formula holds on a day: the shipped ones, and those that were loaded and activated."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from services.scoring.installed import FOLDER, installed_models, model_named, model_on
from services.scoring.models import ScoreModel
from tests.conftest import NOW

SHIPPED = (Path(FOLDER) / "rsu-2023-unofficial.toml").read_text(encoding="utf-8")
NEWER = SHIPPED.replace('"rsu-2023-unofficial"', '"rsu-2027"').replace("2023-01-01", "2027-01-01")


def load(session: Session, *, active: bool) -> None:
    session.add(
        ScoreModel(
            id="rsu-2027",
            text=NEWER,
            digest=hashlib.sha256(NEWER.encode()).digest(),
            official=False,
            valid_from=date(2027, 1, 1),
            loaded_at=NOW,
            activated_at=NOW if active else None,
        )
    )
    session.flush()


def test_the_model_of_a_day_is_the_last_that_began(session: Session) -> None:
    load(session, active=True)
    assert model_on(session, date(2023, 1, 1)).id == "rsu-2023-unofficial"
    assert model_on(session, date(2026, 12, 31)).id == "rsu-2023-unofficial"
    assert model_on(session, date(2027, 1, 1)).id == "rsu-2027"


def test_no_model_holds_before_the_first(session: Session) -> None:
    with pytest.raises(LookupError, match="2022-12-31"):
        model_on(session, date(2022, 12, 31))


def test_a_model_that_is_only_loaded_holds_on_no_day_and_has_a_name(session: Session) -> None:
    load(session, active=False)
    assert [model.id for model in installed_models(session)] == ["rsu-2023-unofficial"]
    assert model_named(session, "rsu-2027").id == "rsu-2027"
    with pytest.raises(LookupError, match="rsu-2099"):
        model_named(session, "rsu-2099")


def test_a_model_whose_variables_are_no_longer_known_is_one_clear_error(session: Session) -> None:
    text = NEWER.replace("garage =", "camel =")
    values = {"id": "rsu-2027", "text": text, "digest": hashlib.sha256(text.encode()).digest(), "official": False}
    session.add(ScoreModel(**values, valid_from=date(2027, 1, 1), loaded_at=NOW, activated_at=NOW))
    session.flush()
    with pytest.raises(LookupError, match=r"cannot be read by this version: line 44: urban.coefficients.camel"):
        model_on(session, date(2027, 1, 1))
