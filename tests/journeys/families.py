"""Synthetic families for the journeys: who they are, and the declaration that they will make.

The declaration is the document of domain §5, so that `usrati score` says what its score must be.
"""

import csv
import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from typing import Any

from services.population.identifiers import issue_idcs
from services.scoring.command import score_document
from services.scoring.compute import scoring_day
from services.scoring.shipped import shipped_models

_idcs = random.Random("journeys")
_phones: Iterator[int] = count(61_000_000)

URBAN = {
    "milieu": "urban",
    "region": "MA-04",
    "province": "MA-RAB",
    "commune": "Agdal",
    "address": "12, rue 3",
    "dwelling": "modern_house",
    "tenure": "tenant",
    "rooms": 2,
    "nuclei": 1,
    "has_bath": True,
    "electricity": "own_meter",
    "water": "own_connection",
    "garage": False,
    "second_home": False,
    "business_premises": False,
    "non_agricultural_land": False,
    "irrigated_land": False,
    "cows": 0,
    "computers": 0,
    "satellite_dish": True,
    "landline": False,
    "mobile_phones": 2,
    "cars": 0,
    "motorbikes": 1,
    "loan": False,
    "butane_monthly": 50,
    "water_electricity": [210, 195, 241],
    "telecom_monthly": 60,
}
RURAL = URBAN | {
    "milieu": "rural",
    "region": "MA-08",
    "province": "MA-TIN",
    "commune": "Imider",
    "address": "Douar Aït Ali",
    "dwelling": "rural_earth_house",
    "tenure": "owner",
    "water": "fountain_or_well",
    "irrigated_land": True,
    "cows": 2,
    "motorbikes": 0,
    "water_electricity": [85, 90, 0],
}
HEALTHY = {"health_cover": "none", "severe_disability": False, "father_deceased": False, "mother_deceased": False}
MOTHER = HEALTHY | {
    "relation": "head",
    "sex": "F",
    "education": "basic",
    "literate": True,
    "schooling": "none",
    "school_level": "none",
    "activity": "employed",
    "occupation": "employee",
}
DAUGHTER = HEALTHY | {
    "relation": "child",
    "sex": "F",
    "education": "none",
    "literate": False,
    "schooling": "public",
    "school_level": "primary",
    "activity": "student",
    "occupation": "none",
    "father_deceased": True,
}
SON = DAUGHTER | {"sex": "M", "schooling": "none", "school_level": "none", "activity": "infant"}


@dataclass(frozen=True)
class Family:
    """A mother, who is the head, her daughter at school and her small son."""

    mobile: str
    names: tuple[tuple[str, str], ...]
    declaration: dict[str, Any]

    @property
    def mother(self) -> dict[str, Any]:
        return self.declaration["members"][0]

    @property
    def children(self) -> list[dict[str, Any]]:
        return self.declaration["members"][1:]

    def answers(self, position: int) -> dict[str, Any]:
        """What the family answers, by field; ``position`` 0 is the household."""
        if position:
            return self.declaration["members"][position - 1]
        bills = {
            f"water_electricity_{place}": bill for place, bill in enumerate(self.declaration["water_electricity"], 1)
        }
        return {**self.declaration, **bills, "aids": ["asd", "amo_tadamon"]}

    def score(self) -> dict[str, Any]:
        """What `usrati score` prints for the declaration, today."""
        model = shipped_models()["rsu-2023-unofficial"]
        scored = score_document(json.dumps(self.declaration), model=model, on=scoring_day(datetime.now(UTC)))
        assert scored.printed is not None, scored.faults
        return scored.printed

    def score_shown(self) -> str:
        """The score as a page writes it, with three decimals and a comma."""
        return str(Decimal(self.score()["score"]).quantize(Decimal("0.001"), ROUND_HALF_UP)).replace(".", ",")

    def as_csv(self) -> str:
        """The family as a file of people."""
        shown = ["idcs", "name_arabic", "name_latin", "sex", "birth_date"]
        file = io.StringIO()
        rows = csv.DictWriter(file, [*shown, "nationality", "alive", "mobile", "guardians"])
        rows.writeheader()
        for member, (arabic, latin) in zip(self.declaration["members"], self.names, strict=True):
            person = {**member, "name_arabic": arabic, "name_latin": latin}
            known = {"mobile": self.mobile} if member is self.mother else {"guardians": self.mother["idcs"]}
            rows.writerow({**{name: person[name] for name in shown}, "nationality": "MA", "alive": "true", **known})
        return file.getvalue()


def new_family(milieu: str = "urban") -> Family:
    """A family that nobody registered yet. Of the son's birth only the year and the month are known."""
    year = date.today().year
    born = (f"{year - 42}-05-02", f"{year - 11}-09-14", f"{year - 3}-02")
    people = [
        {**person, "idcs": issue_idcs(_idcs), "birth_date": birth}
        for person, birth in zip((MOTHER, DAUGHTER, SON), born, strict=True)
    ]
    names = (("زينب الشرقي", "Zineb Cherki"), ("أمل النوري", "Amal Nouri"), ("سامي النوري", "Sami Nouri"))
    home = URBAN if milieu == "urban" else RURAL
    return Family(f"+2126{next(_phones)}", names, {**home, "members": people})
