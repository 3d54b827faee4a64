"""``usrati score``: a declaration in JSON in, its score with every line out."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from services.households.declaration import Fault, faults_of
from services.messages import Words
from services.scoring.compute import ScoreResult, compute_score
from services.scoring.display import in_full
from services.scoring.formula import Model


class _Refused(Exception):
    """There is nothing to score; the argument is one line that says why."""


@dataclass(frozen=True)
class ScoredDocument:
    """Either what is ``printed``, as plain data for JSON, or ``faults``, one line for each."""

    printed: dict[str, Any] | None
    faults: tuple[str, ...] = ()


def score_document(text: str, *, model: Model, on: date) -> ScoredDocument:
    """Score the declaration in ``text`` as of the day ``on``.

    Printed are nano-units as integers; score, coefficients (null when unknown) and values
    (``"2/5"``) as exact strings.
    """
    try:
        document = _read(text)
    except _Refused as refused:
        return ScoredDocument(None, (str(refused),))
    faults = faults_of(document, on=on)
    if faults:
        return ScoredDocument(None, tuple(_line(fault) for fault in faults))
    return ScoredDocument(_as_data(compute_score(document, model=model, on=on)))


def _as_data(result: ScoreResult) -> dict[str, Any]:
    return {
        "model": result.model,
        "official": result.official,
        "milieu": result.milieu,
        "on": result.on.isoformat(),
        "score": f"{in_full(result.total_nano):f}",
        "score_nano": result.total_nano,
        "constant_nano": result.constant_nano,
        "region": {"code": result.region, "contribution_nano": result.region_nano},
        "lines": [
            {
                "key": line.key,
                "coefficient": None if line.coefficient is None else f"{line.coefficient:f}",
                "value": str(line.value),
                "contribution_nano": line.contribution_nano,
            }
            for line in result.lines
        ],
    }


def _read(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once_each)
    except RecursionError:
        raise _Refused("the JSON is nested too deeply") from None
    except ValueError as error:
        raise _Refused(f"not JSON: {error}") from None
    if not isinstance(document, dict):
        raise _Refused("a declaration is one JSON object")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        times = Counter(key for key, _ in pairs)
        raise ValueError(f"{times.most_common(1)[0][0]!r} stands more than once in one object")
    return document


def _line(fault: Fault) -> str:
    text = f"{fault.path}: {_english(fault.words)}"
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _english(words: Words) -> str:
    values = {name: _english(value) if isinstance(value, Words) else value for name, value in words.params.items()}
    many = words.plural is not None and values.get("count") != 1
    return (words.plural if many and words.plural else words.key) % values
