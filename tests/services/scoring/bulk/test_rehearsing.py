"""What a run would do is known before it is done, and nothing is written."""

from dataclasses import replace
from statistics import median_low
from types import MappingProxyType

import sqlalchemy as sa

from services.database import Database
from services.scoring.bulk.rehearsing import Admission, ModelDiff, Movement, compare_models, rehearse
from services.scoring.bulk.scoring import Progress
from services.scoring.compute import compute_score
from services.scoring.formula import Model
from services.scoring.models import RunScore, ScoreInputs, ScoreRun
from tests.services.scoring.bulk.countries import MODEL, NEXT_YEAR, documents, populate

LIMIT = 9_500_000_000


def other_model() -> Model:
    """A bathroom counts for less than nothing, and a rural constant is a little higher."""
    urban, rural = MODEL.formulas["urban"], MODEL.formulas["rural"]
    terms = tuple(replace(term, coefficient_nano=-(10**9)) if term.key == "bath" else term for term in urban.terms)
    formulas = {
        "urban": replace(urban, terms=terms),
        "rural": replace(rural, constant_nano=rural.constant_nano + 7),
    }
    return replace(MODEL, id="other", formulas=MappingProxyType(formulas))


def compared(database: Database, other: Model, passed: list[Progress]) -> ModelDiff:
    limits = {"asd": LIMIT}
    return compare_models(
        database, MODEL, other, on=NEXT_YEAR, limits=(limits, limits | {"new": 10**12}), progress=passed.append
    )


def test_who_would_move_is_counted_as_one_by_one(database: Database) -> None:
    populate(database)
    other, passed = other_model(), list[Progress]()
    with database.writing() as session:
        declared = documents(session)
        one = session.scalars(sa.select(ScoreInputs).limit(1)).one()
        declared.pop(one.household_id)
        one.packed = b"\x01"
        # Some were decided before inputs were kept.
        session.execute(sa.delete(ScoreInputs).where(ScoreInputs.household_id == sorted(declared)[0]))
    diff = compared(database, other, passed)
    pairs = {
        id_: tuple(compute_score(document, model=model, on=NEXT_YEAR).total_nano for model in (MODEL, other))
        for id_, document in declared.items()
    }
    moves = [second - first for first, second in pairs.values()]
    up, down = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
    assert diff.whole == Movement(len(moves), up, down, median_low(moves))
    assert (diff.left_out, sum(one.passed for one in passed)) == (1, len(moves) + 1)
    assert diff.milieus["rural"].up == diff.milieus["rural"].households > 0
    assert diff.milieus["rural"].median_nano == 7
    assert sum(part.households for part in diff.regions.values()) == len(moves)
    assert {code: part.households for code, part in diff.regions.items()} == {
        code: sum(document["region"] == code for document in declared.values()) for code in diff.regions
    }
    admitted = [(first <= LIMIT, second <= LIMIT) for first, second in pairs.values()]
    assert diff.programmes["asd"] == Admission(
        sum(first for first, _ in admitted),
        sum(second for _, second in admitted),
        sum(second and not first for first, second in admitted),
        sum(first and not second for first, second in admitted),
    )
    assert diff.programmes["new"] == Admission(0, len(moves), len(moves), 0)


def test_a_model_beside_itself_moves_nobody(sqlite_database: Database) -> None:
    populate(sqlite_database)
    diff = compared(sqlite_database, replace(MODEL), [])
    assert (diff.whole.unmoved, diff.whole.median_nano) == (diff.whole.households, 0)


def test_a_country_of_nobody_can_be_compared(database: Database) -> None:
    diff = compared(database, other_model(), [])
    assert (diff.whole, diff.regions, diff.left_out) == (Movement(0, 0, 0, 0), {}, 0)


def test_a_rehearsal_writes_nothing(database: Database) -> None:
    populate(database)
    seen = list[Progress]()
    rehearsed = rehearse(database, model=MODEL, on=NEXT_YEAR, progress=seen.append)
    assert (rehearsed.scored, rehearsed.left_out) == (seen[0].households, 0)
    with database.reading() as session:
        assert session.scalars(sa.select(ScoreRun)).all() == session.scalars(sa.select(RunScore)).all() == []
