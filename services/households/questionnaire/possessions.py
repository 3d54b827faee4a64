"""What the household owns: property and land, devices, vehicles."""

from services.households.questionnaire.questions import EVERYWHERE, RURAL, URBAN, Kind, Page, Question, When
from services.messages import N_

_IN_THE_COUNTRYSIDE = (When("milieu", ("rural",)),)

PROPERTY = Page(
    key="property",
    step="complete",
    title=N_("What you own"),
    pictogram="key",
    intro=N_("Count what belongs to any member of the household."),
    questions=(
        Question(
            key="garage",
            kind=Kind.YES_NO,
            label=N_("Garage"),
            title=N_("Do you own a garage?"),
            hint=N_("A closed place where a vehicle can be kept."),
            help=N_(
                "Example: the ground floor of your house is a garage, choose “Yes”, even if you keep no car in it. "
                "You rent a garage from someone, choose “No”."
            ),
            pictogram="garage",
            counts=URBAN,
        ),
        Question(
            key="second_home",
            kind=Kind.YES_NO,
            label=N_("Second home"),
            title=N_("Do you own another home, besides the one you live in?"),
            hint=N_("A house or a flat, empty, lent or rented out."),
            help=N_(
                "Example: you live in Tanger and own a house in your village, choose “Yes”. The house in the "
                "village belongs to your parents who live there, choose “No”."
            ),
            pictogram="home",
            counts=EVERYWHERE,
        ),
        Question(
            key="business_premises",
            kind=Kind.YES_NO,
            label=N_("Business premises"),
            title=N_("Do you own premises for a trade?"),
            hint=N_("A shop, a workshop, a store or an office."),
            help=N_(
                "Example: the small shop under your house is yours, choose “Yes”. You pay rent for your shop, or "
                "you sell in the street, choose “No”."
            ),
            pictogram="shop",
            counts=URBAN,
        ),
        Question(
            key="non_agricultural_land",
            kind=Kind.YES_NO,
            label=N_("Land that is not farmed"),
            title=N_("Do you own land that is not for farming?"),
            hint=N_("For example a plot to build on."),
            help=N_(
                "Example: you bought a plot to build a house later, choose “Yes”. Your only land is a field of "
                "barley, choose “No”."
            ),
            pictogram="map",
            shown_if=_IN_THE_COUNTRYSIDE,
            counts=RURAL,
        ),
        Question(
            key="irrigated_land",
            kind=Kind.YES_NO,
            label=N_("Irrigated land"),
            title=N_("Do you own farm land that is watered?"),
            hint=N_("Watered from a canal, a well or a pump. Land that has only the rain does not count."),
            help=N_(
                "Example: a canal brings water to your olive trees, choose “Yes”. Your field waits for the rain, "
                "choose “No”."
            ),
            pictogram="field",
            shown_if=_IN_THE_COUNTRYSIDE,
            counts=RURAL,
        ),
        Question(
            key="cows",
            kind=Kind.COUNT,
            label=N_("Cows"),
            title=N_("How many cows do you own?"),
            hint=N_("Write 0 if you have none. Sheep and goats do not count."),
            help=N_("Example: you have two cows at home and one that a neighbour looks after for you, write 3."),
            pictogram="cow",
            shown_if=_IN_THE_COUNTRYSIDE,
            unusual_above=50,
            example=2,
            counts=RURAL,
        ),
    ),
)

EQUIPMENT = Page(
    key="equipment",
    step="complete",
    title=N_("Devices at home"),
    pictogram="computer",
    intro=N_("Count only what works."),
    questions=(
        Question(
            key="computers",
            kind=Kind.COUNT,
            label=N_("Computers"),
            title=N_("How many computers do you have?"),
            hint=N_("On a desk or portable. Telephones do not count. Write 0 if you have none."),
            help=N_(
                "Example: your daughter has a portable computer for her studies and there is no other, write 1. "
                "A computer that belongs to the school or to an employer does not count."
            ),
            pictogram="computer",
            unusual_above=10,
            example=1,
            counts=URBAN,
        ),
        Question(
            key="satellite_dish",
            kind=Kind.YES_NO,
            label=N_("Satellite dish"),
            title=N_("Do you have a satellite dish?"),
            help=N_(
                "It is the round dish on the roof or the wall that receives television. Example: you share a "
                "dish with the neighbours and it serves your television, choose “Yes”."
            ),
            pictogram="dish",
            counts=URBAN,
        ),
        Question(
            key="landline",
            kind=Kind.YES_NO,
            label=N_("Fixed telephone"),
            title=N_("Do you have a fixed telephone line at home?"),
            help=N_(
                "Its number begins with 05 or 08. Example: you have internet by cable with a telephone number "
                "that begins with 05, choose “Yes”. You only have mobile phones, choose “No”."
            ),
            pictogram="phone",
            counts=URBAN,
        ),
        Question(
            key="mobile_phones",
            kind=Kind.COUNT,
            label=N_("Mobile phones"),
            title=N_("How many mobile phones does the household have?"),
            hint=N_("Count the phones of all members. Write 0 if there are none."),
            help=N_("Example: you have one, your husband has one, and an old one in a drawer does not work: write 2."),
            pictogram="phone",
            unusual_above=20,
            example=2,
            counts=URBAN,
        ),
    ),
)

VEHICLES = Page(
    key="vehicles",
    step="complete",
    title=N_("Cars and motorbikes"),
    pictogram="car",
    questions=(
        Question(
            key="cars",
            kind=Kind.COUNT,
            label=N_("Cars"),
            title=N_("How many cars does the household own?"),
            hint=N_("Vans and pick-ups count too. Write 0 if you have none."),
            help=N_(
                "Example: the registration paper of one car bears the name of your son who lives with you, write "
                "1. A car of the employer does not count."
            ),
            pictogram="car",
            unusual_above=4,
            example=1,
            counts=EVERYWHERE,
        ),
        Question(
            key="motorbikes",
            kind=Kind.COUNT,
            label=N_("Motorbikes"),
            title=N_("How many motorbikes does the household own?"),
            hint=N_("Mopeds, scooters and three-wheelers with an engine count too. Write 0 if you have none."),
            help=N_("Example: you go to work on a moped that is yours, write 1. A bicycle does not count."),
            pictogram="motorbike",
            unusual_above=5,
            example=1,
            counts=EVERYWHERE,
        ),
    ),
)
