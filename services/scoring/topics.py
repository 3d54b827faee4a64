"""The lines of the explanation: for each its theme, its pictogram, its words and what it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from services.households.places import place_named
from services.messages import N_, Words, counted
from services.scoring import sentences
from services.scoring.household import GROUPS, Household
from services.scoring.provenance import Origin, origins_of

Say = Callable[[Household], Words]
Places = Callable[[Household], tuple[int, ...]]


class Theme(StrEnum):
    """The parts of the explanation, in the order they are read."""

    PEOPLE = "people"
    WORK = "work"
    HOME = "home"
    EQUIPMENT = "equipment"
    SPENDING = "spending"
    PLACE = "place"


THEMES = {
    Theme.PEOPLE: (N_("The people"), "people"),
    Theme.WORK: (N_("School and work"), "work"),
    Theme.HOME: (N_("The home and what you own"), "home"),
    Theme.EQUIPMENT: (N_("Equipment"), "computer"),
    Theme.SPENDING: (N_("Spending"), "coins"),
    Theme.PLACE: (N_("Where you live"), "map"),
}


@dataclass(frozen=True)
class Topic:
    """One line, which may sum several variables of the formula.

    ``questions`` are the declaration keys it comes from; ``places`` finds those of the
    declaration's members whose answers make it (nobody, when it is about the household).
    """

    key: str
    theme: Theme
    pictogram: str
    say: Say
    questions: tuple[str, ...]
    variables: tuple[str, ...]
    places: Places = lambda household: ()

    @cached_property
    def origins(self) -> tuple[Origin, ...]:
        """Who says what it is made of."""
        return origins_of(self.questions)


def _size(household: Household) -> Words:
    return counted(sentences.SIZE, household.size)


def _small(household: Household) -> Words:
    if household.size == 1:
        return Words(sentences.ALONE)
    return Words(sentences.COUPLE if household.is_small else sentences.NOT_SMALL)


def _head_age(household: Household) -> Words:
    return counted(sentences.HEAD_AGE, household.ages[household.head])


def _nuclei(household: Household) -> Words:
    return counted(sentences.NUCLEI, household.document["nuclei"])


def _rooms(household: Household) -> Words:
    return Words(sentences.ROOMS, {"people": household.size, "rooms": household.document["rooms"]})


def _region(household: Household) -> Words:
    return Words(sentences.REGION, {"region": place_named(household.document["region"])})


def _head(household: Household) -> tuple[int, ...]:
    return (household.head,)


def _with_what_leads_to(question: str) -> tuple[str, ...]:
    # The occupation is asked of those who work only: who disputes it may have to change the activity.
    return ("activity", question) if question == "occupation" else (question,)


def _amount(theme: Theme, pictogram: str, question: str, *variables: str) -> Topic:
    some, none = sentences.AMOUNTS[question]

    def say(household: Household) -> Words:
        amount = household.document[question]
        return counted(some, amount) if amount else Words(none)

    return Topic(question, theme, pictogram, say, (question,), variables)


def _bills(theme: Theme, pictogram: str, variable: str) -> Topic:
    some, none = sentences.AMOUNTS["water_electricity"]

    def say(household: Household) -> Words:
        bills = household.document["water_electricity"]
        mean = (2 * sum(bills) + len(bills)) // (2 * len(bills))
        return counted(some, mean) if any(bills) else Words(none)

    questions = tuple(f"water_electricity_{number}" for number in (1, 2, 3))
    return Topic("water_electricity", theme, pictogram, say, questions, (variable,))


def _thing(theme: Theme, pictogram: str, question: str, *variables: str) -> Topic:
    yes, no = (Words(sentence) for sentence in sentences.THINGS[question])

    def say(household: Household) -> Words:
        return yes if household.document[question] else no

    return Topic(question, theme, pictogram, say, (question,), variables or (question,))


def _choice(theme: Theme, pictogram: str, question: str, *variables: str) -> Topic:
    words = {value: Words(sentence) for value, sentence in sentences.CHOICES[question].items()}

    def say(household: Household) -> Words:
        return words[household.document[question]]

    return Topic(question, theme, pictogram, say, (question,), variables)


def _head_choice(pictogram: str, question: str, *variables: str) -> Topic:
    words = {value: Words(sentence) for value, sentence in sentences.CHOICES[question].items()}

    def say(household: Household) -> Words:
        return words[household.members[household.head][question]]

    return Topic(f"head_{question}", Theme.WORK, pictogram, say, _with_what_leads_to(question), variables, _head)


def _group(theme: Theme, pictogram: str, key: str) -> Topic:
    group = GROUPS[key]
    some, none = sentences.GROUPS_OF_MEMBERS[key]

    def say(household: Household) -> Words:
        places = household.places(key)
        return counted(some, len(places), size=household.size) if places else Words(none)

    asked = _with_what_leads_to(group.question) if group.question else ()
    questions = (*asked, "birth_date") if group.of_some_ages else asked
    return Topic(key, theme, pictogram, say, questions, (key,), lambda household: household.places(key))


START = _choice(Theme.PLACE, "map", "milieu", "constant")
REGION = Topic("region", Theme.PLACE, "map", _region, ("region",), ("region",))
TOPICS = (
    Topic("members", Theme.PEOPLE, "people", _size, ("members",), ("members", "members_squared")),
    Topic("small_household", Theme.PEOPLE, "person", _small, ("members", "relation"), ("small_household",)),
    Topic("head_age", Theme.PEOPLE, "person", _head_age, ("birth_date",), ("head_age", "head_age_squared"), _head),
    _group(Theme.PEOPLE, "people", "aged_19_29"),
    _group(Theme.PEOPLE, "people", "aged_30_59"),
    _group(Theme.PEOPLE, "people", "aged_60_plus"),
    _group(Theme.PEOPLE, "health", "health_cover"),
    Topic("nuclei", Theme.PEOPLE, "people", _nuclei, ("nuclei",), ("multi_nucleus",)),
    _group(Theme.WORK, "child", "children_public_school"),
    _group(Theme.WORK, "child", "children_private_school"),
    _head_choice("school", "education", "head_basic_education", "head_higher_education"),
    _head_choice(
        "work",
        "occupation",
        "head_senior_manager",
        "head_middle_manager",
        "head_employer",
        "head_machine_operator",
        "head_craftsman",
        "head_farmer",
    ),
    _head_choice("coins", "activity", "head_pensioner"),
    _group(Theme.WORK, "school", "share_literate"),
    _group(Theme.WORK, "school", "share_no_diploma"),
    _group(Theme.WORK, "school", "share_technical"),
    _group(Theme.WORK, "school", "share_higher_education"),
    _group(Theme.WORK, "work", "share_earning"),
    _group(Theme.WORK, "work", "share_machine_operators"),
    _group(Theme.WORK, "work", "share_senior_managers"),
    _group(Theme.WORK, "shop", "share_traders"),
    Topic("rooms", Theme.HOME, "home", _rooms, ("rooms", "members"), ("two_per_room", "three_per_room")),
    _choice(Theme.HOME, "home", "dwelling", "solid_dwelling"),
    _thing(Theme.HOME, "bath", "has_bath", "bath"),
    _choice(Theme.HOME, "bolt", "electricity", "own_meter"),
    _thing(Theme.HOME, "key", "second_home"),
    _thing(Theme.HOME, "garage", "garage"),
    _thing(Theme.HOME, "shop", "business_premises"),
    _thing(Theme.HOME, "field", "non_agricultural_land"),
    _thing(Theme.HOME, "field", "irrigated_land"),
    _amount(Theme.HOME, "cow", "cows", "cows"),
    _amount(Theme.EQUIPMENT, "phone", "mobile_phones", "mobile_phones"),
    _thing(Theme.EQUIPMENT, "phone", "landline"),
    _amount(Theme.EQUIPMENT, "computer", "computers", "computer"),
    _thing(Theme.EQUIPMENT, "dish", "satellite_dish"),
    _amount(Theme.EQUIPMENT, "car", "cars", "cars", "car"),
    _amount(Theme.EQUIPMENT, "motorbike", "motorbikes", "motorbikes", "motorbike"),
    _bills(Theme.SPENDING, "drop", "utilities_per_head"),
    _amount(Theme.SPENDING, "gas", "butane_monthly", "butane_per_head"),
    _amount(Theme.SPENDING, "phone", "telecom_monthly", "telecom_per_head"),
    _thing(Theme.SPENDING, "coins", "loan"),
    START,
    REGION,
)
