"""Five households scored by hand from the tables of the domain, on 15 June 2026.

Each row is a variable, its arithmetic, and its contribution; what is not in a table is 0. The
last row was added up on paper.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.compute import compute_score
from services.scoring.installed import shipped_models
from tests.services.scoring.declarations import DAY, a_child, a_declaration, a_head

MODEL = shipped_models()["rsu-2023-unofficial"]

EXAMPLE_OF_THE_DOMAIN = a_declaration()
EXAMPLE_TABLE = {
    "constant": "9.825",
    "region": "0.0555",  # MA-04
    "small_household": "0.103",  # one person
    "two_per_room": "0.0475",  # 1 / 2 ≤ 2
    "bath": "0.096",
    "own_meter": "0.0466",
    "satellite_dish": "0.0873",
    "members": "-0.177",  # 1 · −.177
    "members_squared": "0.00533",
    "head_age": "-0.4368",  # 42 · −.0104
    "head_age_squared": "0.1360044",  # 1764 · .0000771
    "share_earning": "0.139",  # 1 of 1
    "mobile_phones": "0.1032",  # 2 · .0516
    "motorbikes": "0.0598",
    "butane_per_head": "0.2532",  # 50 · 12 = 600 · .000422
    "utilities_per_head": "0.2838",  # (210 + 195 + 240) / 3 = 215 · 12 = 2580 · .00011
    "telecom_per_head": "0.21744",  # 60 · 12 = 720 · .000302
    "total": "10.8448744",
}

URBAN_WIDOW = a_declaration(
    a_head(birth_date="1980", education="none", occupation="labourer"),  # the month counts as January: 46
    a_child("2010-09-01", schooling="public", education="basic", literate=True),  # 15: no longer 6 to 14
    a_child("2014-02-28", schooling="public"),  # 12
    a_child("2019-06-16", schooling="public"),  # 6, and 7 tomorrow
    region="MA-06",
    has_bath=False,
    electricity="shared_meter",
    motorbikes=0,
    water_electricity=[100, 100, 101],
    telecom_monthly=30,
)
URBAN_WIDOW_TABLE = {
    "constant": "9.825",
    "region": "0.220",
    "two_per_room": "0.0475",  # 4 / 2 = 2
    "satellite_dish": "0.0873",
    "members": "-0.708",  # 4 · −.177
    "members_squared": "0.08528",  # 16 · .00533
    "head_age": "-0.4784",  # 46 · −.0104
    "head_age_squared": "0.1631436",  # 2116 · .0000771
    "children_public_school": "-0.0638",  # 2 · −.0319
    "share_no_diploma": "-0.013925",  # 1/4 · −.0557: the head
    "share_earning": "0.03475",  # 1/4 · .139
    "mobile_phones": "0.1032",
    "butane_per_head": "0.0633",  # 600 / 4 = 150 · .000422
    "utilities_per_head": "0.03311",  # 301 / 3 · 12 / 4 = 301 · .00011
    "telecom_per_head": "0.02718",  # 360 / 4 = 90 · .000302
    "total": "9.4256386",
}

URBAN_PENSIONERS = a_declaration(
    a_head(birth_date="1950-01", education="higher", activity="pensioner", occupation="none", health_cover="other"),
    a_head(relation="spouse", birth_date="1956-06-15", education="none", activity="home", occupation="none"),
    region="MA-05",
    nuclei=2,
    rooms=4,
    computers=2,
    satellite_dish=False,
    landline=True,
    loan=True,
    second_home=True,
    garage=True,
    business_premises=True,
    mobile_phones=3,
    cars=1,
    motorbikes=0,
    butane_monthly=40,
    water_electricity=[400, 410, 420],
    telecom_monthly=250,
)
URBAN_PENSIONERS_TABLE = {
    "constant": "9.825",
    "small_household": "0.103",  # head and spouse
    "multi_nucleus": "0.035",
    "two_per_room": "0.0475",  # 2 / 4
    "bath": "0.096",
    "own_meter": "0.0466",
    "head_higher_education": "0.0806",
    "head_pensioner": "0.0605",
    "computer": "0.138",  # at least one, however many
    "landline": "0.0532",
    "health_cover": "0.151",
    "loan": "0.135",
    "second_home": "0.173",
    "garage": "0.117",
    "business_premises": "0.111",
    "members": "-0.354",  # 2 · −.177
    "members_squared": "0.02132",  # 4 · .00533
    "head_age": "-0.7904",  # 76 · −.0104
    "head_age_squared": "0.4453296",  # 5776 · .0000771
    "share_no_diploma": "-0.02785",  # 1/2 · −.0557
    "mobile_phones": "0.1548",  # 3 · .0516
    "cars": "0.226",
    "butane_per_head": "0.10128",  # 480 / 2 = 240 · .000422
    "utilities_per_head": "0.2706",  # 410 · 12 / 2 = 2460 · .00011
    "telecom_per_head": "0.453",  # 3000 / 2 = 1500 · .000302
    "total": "11.6724796",
}

RURAL_FARMER = a_declaration(
    a_head(birth_date="1958-03", education="none", literate=False, occupation="farmer"),  # 68
    a_head(relation="spouse", birth_date="1965-07-20", education="none", literate=False, activity="home"),  # 60
    a_child("1996-06-15", literate=True, activity="employed", occupation="trader"),  # 30 today
    a_child("2007-06-14", literate=True),  # 19 since yesterday
    a_head(relation="other", birth_date="1997-06-16", education="higher", activity="home"),  # 28 until tomorrow
    a_child("2020-02-29", relation="grandchild"),
    a_child("2023-11-02", relation="grandchild"),
    milieu="rural",
    region="MA-07",
    rooms=3,
    dwelling="rural_earth_house",
    irrigated_land=True,
    cows=3,
    cars=1,
    motorbikes=2,
    butane_monthly=100,
    water_electricity=[80, 95, 85],
    telecom_monthly=40,
)
RURAL_FARMER_TABLE = {
    "constant": "8.695",
    "region": "0.377",
    "solid_dwelling": "0.127",
    "three_per_room": "0.108",  # 2 < 7 / 3 ≤ 3
    "head_farmer": "0.0722",
    "motorbike": "0.0635",  # at least one, however many
    "irrigated_land": "0.126",
    "members": "-0.966",  # 7 · −.138
    "members_squared": "0.22981",  # 49 · .00469
    "aged_19_29": "0.1046",  # 2 · .0523
    "aged_30_59": "0.0337",
    "aged_60_plus": "0.1562",  # 2 · .0781
    "share_literate": "0.054857143",  # 3/7 · .128 = .054857142857…
    "share_higher_education": "0.049142857",  # 1/7 · .344 = .049142857142…
    "share_traders": "0.043",  # 1/7 · .301
    "cows": "0.0771",  # 3 · .0257
    "butane_per_head": "0.129428571",  # 1200 / 7 · .000755 = .906 / 7
    "utilities_per_head": "0.021542857",  # 260 / 3 · 12 / 7 = 3120 / 21 · .000145 = .4524 / 21
    "telecom_per_head": "0.058971429",  # 480 / 7 · .00086 = .4128 / 7 = .058971428571…
    "total": "9.561052857",
}

RURAL_TRADER_ALONE = a_declaration(
    a_head(birth_date="2000-02-29", occupation="trader", health_cover="other"),  # 26
    milieu="rural",
    region="MA-08",
    rooms=1,
    second_home=True,
    non_agricultural_land=True,
    motorbikes=0,
    butane_monthly=0,
    water_electricity=[0, 0, 0],
    telecom_monthly=10,
)
RURAL_TRADER_TABLE = {
    "constant": "8.695",
    "small_household": "0.130",
    "two_per_room": "0.129",
    "head_basic_education": "0.0569",
    "health_cover": "0.193",
    "second_home": "0.334",
    "non_agricultural_land": "0.233",
    "members": "-0.138",
    "members_squared": "0.00469",
    "aged_19_29": "0.0523",
    "share_literate": "0.128",
    "share_traders": "0.301",
    "telecom_per_head": "0.1032",  # 120 · .00086
    "total": "10.22209",
}

GOLDEN = {
    "the example of the domain": (EXAMPLE_OF_THE_DOMAIN, EXAMPLE_TABLE),
    "an urban widow with three children": (URBAN_WIDOW, URBAN_WIDOW_TABLE),
    "two urban pensioners": (URBAN_PENSIONERS, URBAN_PENSIONERS_TABLE),
    "a farmer with irrigated land": (RURAL_FARMER, RURAL_FARMER_TABLE),
    "a trader who lives alone": (RURAL_TRADER_ALONE, RURAL_TRADER_TABLE),
}


@pytest.mark.parametrize("story", GOLDEN)
def test_a_household_has_the_score_worked_out_by_hand(story: str) -> None:
    document, by_hand = GOLDEN[story]
    result = compute_score(document, model=MODEL, on=DAY)
    computed = {"constant": result.constant_nano, "region": result.region_nano}
    computed |= {line.key: line.contribution_nano for line in result.lines} | {"total": result.total_nano}
    expected = {key: int(Decimal(text) * 10**9) for key, text in by_hand.items()}
    assert {key: nano for key, nano in computed.items() if nano} == expected
    assert sum(nano for key, nano in expected.items() if key != "total") == expected["total"]


def test_the_rural_car_is_in_the_formula_without_a_coefficient() -> None:
    line = next(line for line in compute_score(RURAL_FARMER, model=MODEL, on=DAY).lines if line.key == "car")
    assert (line.known, line.coefficient, line.value, line.contribution_nano) == (False, None, 1, 0)


@pytest.mark.parametrize(("milieu", "moves"), [("urban", 7_248_000), ("rural", 20_640_000)])
def test_ten_dirhams_of_telecom_move_five_people_as_the_domain_says(milieu: str, moves: int) -> None:
    members = [a_head(), *(a_child("2015") for _ in range(4))]

    def score(**answers: Any) -> int:
        document = a_declaration(*members, milieu=milieu, **answers)
        return compute_score(document, model=MODEL, on=date(2026, 6, 15)).total_nano

    assert score(telecom_monthly=70) - score(telecom_monthly=60) == moves
