"""Synthetic declarations: a plain one to vary, and any that the form could give."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

DAY = date(2026, 6, 15)
HEAD = {
    "idcs": "2345678904",
    "relation": "head",
    "sex": "F",
    "birth_date": "1984-05-02",
    "education": "basic",
    "literate": True,
    "schooling": "none",
    "school_level": "none",
    "activity": "employed",
    "occupation": "employee",
    "health_cover": "none",
    "severe_disability": False,
    "father_deceased": False,
    "mother_deceased": False,
}
CHILD = HEAD | {
    "relation": "child",
    "education": "none",
    "literate": False,
    "activity": "student",
    "occupation": "none",
}
HOUSEHOLD = {
    "milieu": "urban",
    "region": "MA-04",
    "province": "MA-RAB",
    "commune": "Rabat",
    "address": "12, rue des Oliviers",
    "nuclei": 1,
    "dwelling": "modern_house",
    "tenure": "tenant",
    "rooms": 2,
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
    "water_electricity": [210, 195, 240],
    "telecom_monthly": 60,
}
CHOICES = {
    "relation": ("spouse", "child", "parent", "parent_in_law", "sibling", "grandchild", "other"),
    "education": ("none", "basic", "secondary", "technical", "higher"),
    "schooling": ("none", "public", "private"),
    "activity": ("employed", "unemployed", "pensioner", "rentier", "student", "home", "infant", "other"),
    "occupation": (
        "none",
        "senior_manager",
        "middle_manager",
        "employer",
        "employee",
        "machine_operator",
        "craftsman",
        "farmer",
        "trader",
        "labourer",
        "other",
    ),
    "health_cover": ("none", "amo_tadamon", "other"),
    "dwelling": (
        "villa",
        "apartment",
        "modern_house",
        "traditional_house",
        "rural_stone_house",
        "rural_earth_house",
        "room",
        "informal",
        "other",
    ),
    "electricity": ("own_meter", "shared_meter", "solar", "none"),
}
YES_NO = (
    "has_bath",
    "garage",
    "second_home",
    "business_premises",
    "non_agricultural_land",
    "irrigated_land",
    "satellite_dish",
    "landline",
    "loan",
)
COUNTS = ("cows", "computers", "mobile_phones", "cars", "motorbikes")
AMOUNTS = ("butane_monthly", "telecom_monthly")


def a_head(**answers: Any) -> dict[str, Any]:
    return HEAD | answers


def a_child(birth_date: str, **answers: Any) -> dict[str, Any]:
    return CHILD | {"birth_date": birth_date} | answers


def a_declaration(*members: dict[str, Any], **answers: Any) -> dict[str, Any]:
    """The example of the domain, with other members or answers."""
    return deepcopy(HOUSEHOLD | {"members": list(members) or [HEAD]} | answers)


def _birth_dates() -> st.SearchStrategy[str]:
    days = st.integers(0, 105 * 365).map(lambda days: (DAY - timedelta(days)).isoformat())
    return st.tuples(days, st.sampled_from((4, 7, 10))).map(lambda drawn: drawn[0][: drawn[1]])


def _members() -> st.SearchStrategy[dict[str, Any]]:
    chosen = {key: st.sampled_from(values) for key, values in CHOICES.items() if key in HEAD}
    return st.fixed_dictionaries(chosen | {"birth_date": _birth_dates(), "literate": st.booleans()}).map(
        lambda answers: HEAD | answers
    )


def declarations(milieux: tuple[str, ...] = ("urban", "rural")) -> st.SearchStrategy[dict[str, Any]]:
    """Any declaration, its head anywhere among its members."""
    amounts = st.integers(0, 5000)
    answers = st.fixed_dictionaries(
        {
            "milieu": st.sampled_from(milieux),
            "region": st.integers(1, 12).map(lambda number: f"MA-{number:02}"),
            "rooms": st.integers(1, 12),
            "nuclei": st.integers(1, 4),
            "water_electricity": st.lists(amounts, min_size=3, max_size=3),
        }
        | {key: st.sampled_from(values) for key, values in CHOICES.items() if key not in HEAD}
        | {key: st.booleans() for key in YES_NO}
        | {key: st.integers(0, 9) for key in COUNTS}
        | dict.fromkeys(AMOUNTS, amounts)
    )
    members = st.lists(_members(), min_size=1, max_size=9)
    return st.tuples(answers, members, st.integers(0, 8)).map(
        lambda drawn: HOUSEHOLD | drawn[0] | {"members": _with_head(drawn[1], drawn[2])}
    )


def _with_head(members: list[dict[str, Any]], place: int) -> list[dict[str, Any]]:
    members[place % len(members)] |= {"relation": "head"}
    return members
