"""What each adult member does."""

from services.households.questionnaire.questions import (
    ADULTS,
    EVERYWHERE,
    Choice,
    Kind,
    Page,
    Question,
    When,
)
from services.messages import N_

WORK = Page(
    key="work",
    step="complete",
    title=N_("Work"),
    pictogram="work",
    per_member=True,
    questions=(
        Question(
            key="activity",
            kind=Kind.CHOICE,
            label=N_("Situation"),
            title=N_("What does this person do now?"),
            help=N_(
                "Choose what takes most of the time. Example: she keeps the house and sometimes helps a "
                "neighbour, choose “Looks after the home”. He works some days on building sites, choose “Works”."
            ),
            pictogram="work",
            ages=ADULTS,
            choices=(
                Choice("employed", N_("Works"), "work", N_("Every day or some days, with or without papers")),
                Choice("unemployed", N_("Looks for work"), "find"),
                Choice("pensioner", N_("Is retired and has a pension"), "clock"),
                Choice("rentier", N_("Lives on rents or savings"), "coins"),
                Choice("student", N_("Studies"), "school"),
                Choice("home", N_("Looks after the home"), "home"),
                Choice("other", N_("Another situation"), None, N_("For example too ill or too old to work")),
            ),
            counts=EVERYWHERE,
        ),
        Question(
            key="occupation",
            kind=Kind.CHOICE,
            label=N_("Occupation"),
            title=N_("What work is it?"),
            help=N_(
                "Choose the answer nearest to the work. Example: for a cook in a canteen choose “Employee”, for "
                "a taxi driver “Driver or machine operator”, for a day worker on a farm “Labourer”."
            ),
            ages=ADULTS,
            shown_if=(When("activity", ("employed",)),),
            choices=(
                Choice(
                    "senior_manager",
                    N_("Senior manager"),
                    hint=N_("Director, doctor, engineer, lawyer, university teacher"),
                ),
                Choice("middle_manager", N_("Middle manager"), hint=N_("School teacher, nurse, technician")),
                Choice("employer", N_("Employer"), hint=N_("Owns a business and pays other people to work in it")),
                Choice(
                    "employee", N_("Employee"), "person", N_("In an office, a shop, a hotel, a house, or as a guard")
                ),
                Choice(
                    "machine_operator",
                    N_("Driver or machine operator"),
                    "car",
                    N_("Taxi, lorry, tractor, machine in a factory"),
                ),
                Choice("craftsman", N_("Craft worker"), "work", N_("Mason, carpenter, mechanic, tailor, weaver")),
                Choice("farmer", N_("Farmer or fisher"), "field", N_("Works the family’s own land, herd or boat")),
                Choice("trader", N_("Trader"), "shop", N_("In a shop, on the market or in the street")),
                Choice("labourer", N_("Labourer"), "hand", N_("Day work on a farm, a building site, a port")),
                Choice("other", N_("Another occupation")),
            ),
            counts=EVERYWHERE,
        ),
    ),
)
