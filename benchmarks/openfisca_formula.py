"""The formula of the score in OpenFisca, run by a Python that has openfisca-core: ``… FOLDER``.

Reads the columns that ``beside_openfisca`` left in the folder, computes every household's score in
floats as a microsimulation does, and prints as JSON what it took. Never part of the product.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERSON = build_entity(key="person", plural="people", label="Person", is_person=True)
ROLES = [{"key": "head", "label": "Head", "max": 1}, {"key": "member", "plural": "members", "label": "Member"}]
HOUSEHOLD = build_entity(key="household", plural="households", label="Household", roles=ROLES)


def variable(name, entity, formula=None, kind=int):
    """A variable of one day; without a formula it is given."""
    body = {"value_type": kind, "entity": entity, "definition_period": DateUnit.DAY}
    if formula:
        body["formula"] = formula
    return type(name, (Variable,), body)


def given(key):
    return lambda household, period: household(key, period)


def size(household, period):
    return household.nb_persons()


def age(person, period):
    day = period.start
    to_come = person("birth_month", period) * 100 + person("birth_day", period) > day.month * 100 + day.day
    return day.year - person("birth_year", period) - to_come


def number(group):
    """How many members are of the group's ages and gave one of its answers."""
    least, most, question, codes = group

    def formula(household, period):
        ages = household.members("age", period)
        chosen = (ages >= least) & (ages <= most)
        if question:
            chosen = chosen & np.isin(household.members(question, period), codes)
        return household.sum(chosen)

    return formula


def share(group):
    return lambda household, period: number(group)(household, period) / size(household, period)


def head(question, *codes):
    role = HOUSEHOLD.HEAD
    return lambda household, period: np.isin(
        household.value_from_person(household.members(question, period), role), codes
    )


def head_age(household, period):
    return household.value_from_person(household.members("age", period), HOUSEHOLD.HEAD)


def small(household, period):
    people = size(household, period)
    spouses = household.sum(household.members("relation", period) == 1)
    return (people == 1) | ((people == 2) & (spouses == 1))


def rooms(above, most):
    def formula(household, period):
        ratio = size(household, period) / household("rooms", period)
        return (ratio > above) & (ratio <= most)

    return formula


def yearly(key):
    return lambda household, period: household(key, period) * 12 / size(household, period)


def utilities(household, period):
    bills = sum(household(f"water_electricity_{number}", period) for number in (1, 2, 3))
    return bills / 3 * 12 / size(household, period)


def more_than(least, key):
    return lambda household, period: household(key, period) > least


def formulas(codes, groups):
    """The variables of the score, in the words of OpenFisca. ``codes`` name the answers' numbers."""
    of = lambda question, *answers: [codes[question].index(answer) for answer in answers]  # noqa: E731
    occupations = {
        f"head_{name}": head("occupation", *of("occupation", name))
        for name in ("senior_manager", "middle_manager", "employer", "machine_operator", "craftsman", "farmer")
    }
    solid = of("dwelling", "villa", "apartment", "traditional_house", "rural_stone_house", "rural_earth_house")
    return {
        "small_household": small,
        "multi_nucleus": more_than(1, "nuclei"),
        "two_per_room": rooms(0, 2),
        "three_per_room": rooms(2, 3),
        "solid_dwelling": lambda household, period: np.isin(household("dwelling", period), solid),
        "bath": given("has_bath"),
        "own_meter": lambda household, period: household("electricity", period) == 0,
        "head_basic_education": head("education", *of("education", "basic")),
        "head_higher_education": head("education", *of("education", "higher")),
        **occupations,
        "head_pensioner": head("activity", *of("activity", "pensioner", "rentier")),
        "computer": more_than(0, "computers"),
        "car": more_than(0, "cars"),
        "motorbike": more_than(0, "motorbikes"),
        "health_cover": lambda household, period: number(groups["health_cover"])(household, period) > 0,
        "members": size,
        "members_squared": lambda household, period: size(household, period) ** 2,
        "head_age": head_age,
        "head_age_squared": lambda household, period: head_age(household, period) ** 2,
        **{key: number(group) for key, group in groups.items() if key.startswith(("aged_", "children_"))},
        **{key: share(group) for key, group in groups.items() if key.startswith("share_")},
        "butane_per_head": yearly("butane_monthly"),
        "utilities_per_head": utilities,
        "telecom_per_head": yearly("telecom_monthly"),
    }


def score(model, terms):
    def formula(household, period):
        is_rural, region = household("milieu", period), household("region", period)
        total = 0
        for milieu, inside in (("urban", is_rural == 0), ("rural", is_rural == 1)):
            one = model[milieu]
            part = one["constant"] + np.array(one["regions"])[region]
            for key, coefficient in one["coefficients"].items():
                part = part + coefficient * household(terms.get(key, key), period)
            total = total + inside * part
        return total

    return formula


def main(folder):
    columns, said = np.load(folder / "columns.npz"), json.loads((folder / "formula.json").read_text())
    period, households, people = said["day"], len(columns["h_rooms"]), len(columns["m_household"])
    found = formulas(said["codes"], said["groups"])
    # A variable and a question may have the same name.
    terms = {key: f"of_{key}" for key in found}
    system = TaxBenefitSystem([PERSON, HOUSEHOLD])
    inputs = {name[2:]: columns[name] for name in columns.files if name not in ("m_household", "m_head", "exact")}
    for name in inputs:
        system.add_variable(variable(name, HOUSEHOLD if f"h_{name}" in columns.files else PERSON))
    system.add_variable(variable("age", PERSON, age))
    for key, formula in found.items():
        system.add_variable(variable(terms[key], HOUSEHOLD, formula, float))
    system.add_variable(variable("score", HOUSEHOLD, score(said["model"], terms), float))
    begun = perf_counter()
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", np.arange(people))
    declared = builder.declare_entity("household", np.arange(households))
    roles = np.where(columns["m_head"], "head", "member")
    builder.join_with_persons(declared, columns["m_household"], roles)
    simulation = builder.build(system)
    for name, values in inputs.items():
        simulation.set_input(name, period, values)
    built = perf_counter()
    scores = simulation.calculate("score", period)
    took = perf_counter() - built
    away = float(np.abs(scores - columns["exact"] / 1e9).max())
    print(json.dumps({"building": built - begun, "computing": took, "away": away}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
