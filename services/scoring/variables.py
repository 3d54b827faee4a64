"""The variables of the formula: for each key an exact number read of a household, and its name.

Nothing here knows a coefficient.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from services.messages import N_
from services.scoring.household import Household

Measure = Callable[[Household], Fraction]

NO, YES = Fraction(0), Fraction(1)
exact = lru_cache(maxsize=10_000)(Fraction)  # the same small fractions come again and again
SOLID_DWELLINGS = ("villa", "apartment", "traditional_house", "rural_stone_house", "rural_earth_house")


@dataclass(frozen=True)
class Variable:
    """How a variable is measured, and what it is called where the arithmetic is shown."""

    measure: Measure
    name: str


def _true(question: str) -> Measure:
    return lambda household: YES if household.document[question] else NO


def _more_than(least: int, question: str) -> Measure:
    return lambda household: YES if household.document[question] > least else NO


def _one_of(question: str, *answers: str) -> Measure:
    return lambda household: YES if household.document[question] in answers else NO


def _head(question: str, *answers: str) -> Measure:
    return lambda household: YES if household.members[household.head][question] in answers else NO


def _amount(question: str) -> Measure:
    return lambda household: exact(household.document[question])


def _yearly_per_head(question: str) -> Measure:
    return lambda household: exact(household.document[question] * 12, household.size)


def _utilities_per_head(household: Household) -> Fraction:
    return exact(sum(household.document["water_electricity"]) * 12, 3 * household.size)


def _people_per_room(above: int | None, at_most: int) -> Measure:
    def measure(household: Household) -> Fraction:
        rooms, people = household.document["rooms"], household.size
        return YES if people <= at_most * rooms and (above is None or people > above * rooms) else NO

    return measure


def _any(group: str) -> Measure:
    return lambda household: YES if household.places(group) else NO


def _number(group: str) -> Measure:
    return lambda household: exact(len(household.places(group)))


def _share(group: str) -> Measure:
    return lambda household: exact(len(household.places(group)), household.size)


def _size(household: Household) -> Fraction:
    return exact(household.size)


def _size_squared(household: Household) -> Fraction:
    return exact(household.size**2)


def _head_age(household: Household) -> Fraction:
    return exact(household.ages[household.head])


def _head_age_squared(household: Household) -> Fraction:
    return exact(household.ages[household.head] ** 2)


def _small(household: Household) -> Fraction:
    return YES if household.is_small else NO


VARIABLES: Mapping[str, Variable] = {
    "small_household": Variable(_small, N_("One person alone, or a couple alone")),
    "multi_nucleus": Variable(_more_than(1, "nuclei"), N_("More than one family in the household")),
    "two_per_room": Variable(_people_per_room(None, 2), N_("Two people or fewer in each room")),
    "three_per_room": Variable(_people_per_room(2, 3), N_("More than two people and up to three in each room")),
    "solid_dwelling": Variable(
        _one_of("dwelling", *SOLID_DWELLINGS), N_("A villa, a flat, or a house with walls of stone or earth")
    ),
    "bath": Variable(_true("has_bath"), N_("A bathroom or a shower in the home")),
    "own_meter": Variable(_one_of("electricity", "own_meter"), N_("An electricity meter of your own")),
    "head_basic_education": Variable(_head("education", "basic"), N_("Head of household: basic education")),
    "head_higher_education": Variable(_head("education", "higher"), N_("Head of household: higher education")),
    "head_senior_manager": Variable(_head("occupation", "senior_manager"), N_("Head of household: senior manager")),
    "head_middle_manager": Variable(_head("occupation", "middle_manager"), N_("Head of household: middle manager")),
    "head_employer": Variable(_head("occupation", "employer"), N_("Head of household: employer")),
    "head_machine_operator": Variable(
        _head("occupation", "machine_operator"), N_("Head of household: machine operator")
    ),
    "head_craftsman": Variable(_head("occupation", "craftsman"), N_("Head of household: craftsman")),
    "head_farmer": Variable(_head("occupation", "farmer"), N_("Head of household: farmer")),
    "head_pensioner": Variable(
        _head("activity", "pensioner", "rentier"), N_("Head of household: living on a pension or rents")
    ),
    "computer": Variable(_more_than(0, "computers"), N_("At least one computer")),
    "satellite_dish": Variable(_true("satellite_dish"), N_("A satellite dish")),
    "landline": Variable(_true("landline"), N_("A fixed telephone line")),
    "health_cover": Variable(_any("health_cover"), N_("Health cover other than AMO-Tadamon for at least one person")),
    "loan": Variable(_true("loan"), N_("A loan being paid back")),
    "second_home": Variable(_true("second_home"), N_("A second home")),
    "garage": Variable(_true("garage"), N_("A garage")),
    "business_premises": Variable(_true("business_premises"), N_("Premises for a trade")),
    "non_agricultural_land": Variable(_true("non_agricultural_land"), N_("Land that is not for farming")),
    "irrigated_land": Variable(_true("irrigated_land"), N_("Farm land that is watered")),
    "members": Variable(_size, N_("Number of people")),
    "members_squared": Variable(_size_squared, N_("Number of people, multiplied by itself")),
    "head_age": Variable(_head_age, N_("Age of the head of household")),
    "head_age_squared": Variable(_head_age_squared, N_("Age of the head of household, multiplied by itself")),
    "aged_19_29": Variable(_number("aged_19_29"), N_("People aged 19 to 29")),
    "aged_30_59": Variable(_number("aged_30_59"), N_("People aged 30 to 59")),
    "aged_60_plus": Variable(_number("aged_60_plus"), N_("People aged 60 or more")),
    "children_private_school": Variable(
        _number("children_private_school"), N_("Children aged 6 to 14 in a private school")
    ),
    "children_public_school": Variable(
        _number("children_public_school"), N_("Children aged 6 to 14 in a public school")
    ),
    "share_no_diploma": Variable(_share("share_no_diploma"), N_("Share of you aged 15 or more without a diploma")),
    "share_technical": Variable(_share("share_technical"), N_("Share of you aged 15 or more with a technical diploma")),
    "share_higher_education": Variable(
        _share("share_higher_education"), N_("Share of you aged 15 or more with higher education")
    ),
    "share_literate": Variable(_share("share_literate"), N_("Share of you aged 15 or more who can read and write")),
    "share_earning": Variable(_share("share_earning"), N_("Share of you aged 15 or more who work")),
    "share_machine_operators": Variable(
        _share("share_machine_operators"), N_("Share of you aged 15 or more who work as machine operators")
    ),
    "share_senior_managers": Variable(_share("share_senior_managers"), N_("Share of you who work as senior managers")),
    "share_traders": Variable(_share("share_traders"), N_("Share of you aged 15 or more who work as traders")),
    "mobile_phones": Variable(_amount("mobile_phones"), N_("Mobile phones")),
    "cars": Variable(_amount("cars"), N_("Cars")),
    "car": Variable(_more_than(0, "cars"), N_("At least one car")),
    "motorbikes": Variable(_amount("motorbikes"), N_("Motorbikes")),
    "motorbike": Variable(_more_than(0, "motorbikes"), N_("At least one motorbike")),
    "cows": Variable(_amount("cows"), N_("Cows")),
    "butane_per_head": Variable(_yearly_per_head("butane_monthly"), N_("Gas bottles: dirhams a year for each person")),
    "utilities_per_head": Variable(_utilities_per_head, N_("Water and electricity: dirhams a year for each person")),
    "telecom_per_head": Variable(
        _yearly_per_head("telecom_monthly"), N_("Phone and internet: dirhams a year for each person")
    ),
}
