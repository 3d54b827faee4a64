"""The same formula on the same households by openfisca-core, where it can be installed beside the product."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from services.database import Database
from services.scoring.bulk.columns import Columns, read_columns
from services.scoring.bulk.engine import add_up, measure
from services.scoring.bulk.packing import AMOUNTS, BILLS, COUNTS, HOUSEHOLD_CODES, MEMBER_CODES, TRUTHS
from services.scoring.bulk.storage import read_batch
from services.scoring.formula import MILIEUS, Model
from services.scoring.household import GROUPS

FORMULA = Path(__file__).parent / "openfisca_formula.py"


def measure_openfisca(database: Database, folder: Path, model: Model, on: date, *, most: int) -> None:
    """Print what both engines take for the first ``most`` households, from columns in memory to scores."""
    python = _python_with_openfisca(folder)
    if python is None:
        print("openfisca-core does not install here: not compared\n")
        return
    with database.reading() as session:
        batch = read_batch(session, after=None, most=most)
    columns, _ = read_columns(batch.packed, batch.lengths)
    begun = perf_counter()
    totals, _ = add_up(measure(columns, model=model, on=on))
    ours = perf_counter() - begun
    _leave(folder, columns, totals, model, on)
    said = subprocess.run([python, FORMULA, folder], check=True, stdout=subprocess.PIPE, text=True)
    theirs = json.loads(said.stdout)
    print(
        f"{len(columns):,} households from columns in memory to scores: {ours:.2f} s here, exact; "
        f"{theirs['computing']:.2f} s in openfisca-core, in floats, at most {theirs['away']:.1e} away "
        f"(and {theirs['building']:.2f} s to build its simulation)\n"
    )


def _python_with_openfisca(folder: Path) -> str | None:
    given = os.environ.get("OPENFISCA_PYTHON")
    if given:
        return given
    place = folder / "openfisca"
    made = subprocess.run([sys.executable, "-m", "venv", place], capture_output=True)
    pip = [place / "bin" / "pip", "install", "--quiet", "openfisca-core"]
    if made.returncode or subprocess.run(pip, capture_output=True).returncode:
        return None
    return str(place / "bin" / "python")


def _leave(folder: Path, columns: Columns, totals: np.ndarray, model: Model, on: date) -> None:
    members = columns.members
    heads = np.zeros(len(members), dtype=bool)
    heads[columns.first + columns.number("head")] = True
    given = {f"h_{key}": columns.number(key) for key in (*HOUSEHOLD_CODES, *COUNTS, *AMOUNTS, *BILLS)}
    given |= {f"h_{key}": columns.truth(key).astype(np.int64) for key in TRUTHS}
    given |= {f"m_{key}": members[key].astype(np.int64) for key in (*MEMBER_CODES, "literate")}
    given |= {
        "m_birth_year": members["year"].astype(np.int64),
        "m_birth_month": np.maximum(members["month"], 1).astype(np.int64),
        "m_birth_day": np.maximum(members["day"], 1).astype(np.int64),
        "m_household": np.repeat(np.arange(len(columns)), columns.size),
        "m_head": heads,
    }
    np.savez(folder / "columns.npz", exact=totals, **given)
    said = {"day": on.isoformat(), "codes": HOUSEHOLD_CODES | MEMBER_CODES, "groups": _groups(), "model": _terms(model)}
    (folder / "formula.json").write_text(json.dumps(said))


def _groups() -> dict[str, Any]:
    return {key: (*group.ages, group.question, _codes(group.question, group.answers)) for key, group in GROUPS.items()}


def _codes(question: str | None, answers: frozenset[str | bool]) -> list[int]:
    if question is None:
        return []
    if question == "literate":
        return [int(answer) for answer in answers]
    return [MEMBER_CODES[question].index(str(answer)) for answer in answers]


def _terms(model: Model) -> dict[str, Any]:
    return {
        milieu: {
            "constant": model.formulas[milieu].constant_nano / 1e9,
            "regions": [model.formulas[milieu].regions[code] / 1e9 for code in HOUSEHOLD_CODES["region"]],
            "coefficients": {term.key: term.coefficient_nano / 1e9 for term in model.formulas[milieu].terms},
        }
        for milieu in MILIEUS
    }
