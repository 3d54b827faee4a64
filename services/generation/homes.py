"""What a family lives in, owns and spends: the part of the declaration about the household."""

from collections.abc import Mapping
from math import exp, floor
from random import Random
from typing import Any

from services.generation.families import ADULT, Family
from services.generation.proportions import Milieu, Proportions, between
from services.households.places import provinces_of

BILLS = 3
SPREAD = 0.25
ONLY_RURAL = {"non_agricultural_land": False, "irrigated_land": False, "cows": 0}


def draw_home(
    random: Random, proportions: Proportions, family: Family, *, milieu: str, means: float
) -> Mapping[str, Any]:
    """The answers about a household whose ``means`` lie between 0 (poorest) and 1."""
    place = proportions.milieus[milieu]
    region = place.regions.draw(random)
    return {
        "milieu": milieu,
        "region": region,
        "province": random.choice(provinces_of(region)).code,
        "commune": random.choice(proportions.texts["communes"]),
        "address": _draw_address(random, proportions, milieu),
        "nuclei": 1 + (random.random() < 0.6 and _may_be_two(family)),
        **{key: place.choices[key].draw(random, means) for key in ("dwelling", "tenure", "electricity", "water")},
        "rooms": min(proportions.most_rooms, max(1, round(between(place.rooms, means) * exp(random.gauss(0, SPREAD))))),
        **ONLY_RURAL,
        **{key: random.random() < between(span, means) for key, span in place.truths.items()},
        **_draw_counts(random, place, family, means),
        **_draw_spending(random, place, len(family.relatives), means),
    }


def _draw_address(random: Random, proportions: Proportions, milieu: str) -> str:
    if milieu == "rural":
        return f"Douar {random.choice(proportions.texts['douars'])}"
    return f"{random.randint(1, 180)}, {random.choice(proportions.texts['streets'])}"


def _may_be_two(family: Family) -> bool:
    return any(relative.relation in ("parent", "sibling") for relative in family.relatives)


def _draw_counts(random: Random, place: Milieu, family: Family, means: float) -> dict[str, int]:
    adults = sum(relative.age >= ADULT for relative in family.relatives)
    counts = {}
    for key, span in place.counts.items():
        mean = between(span, means) * (adults if key == "mobile_phones" else 1)
        counts[key] = floor(mean * random.uniform(0.5, 1.5) + random.random())
    return counts


def _draw_spending(random: Random, place: Milieu, people: int, means: float) -> dict[str, Any]:
    spending: dict[str, Any] = {}
    for key, (household, person) in place.amounts.items():
        mean = (between(household, means) + between(person, means) * people) * exp(random.gauss(0, SPREAD))
        spending[key] = round(mean)
    usual = spending["water_electricity"]
    spending["water_electricity"] = [round(usual * random.uniform(0.8, 1.2)) for _ in range(BILLS)]
    return spending
