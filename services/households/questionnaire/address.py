"""Where the household lives."""

from services.households.places import REGIONS, provinces_of
from services.households.questionnaire.questions import (
    EVERYWHERE,
    MOST_CHARACTERS,
    NOWHERE,
    Choice,
    Kind,
    Page,
    Question,
    When,
)
from services.messages import N_

_REGION_CHOICES = tuple(Choice(place.code, place.names["fr"], names=place.names) for place in REGIONS)
_PROVINCE_CHOICES = tuple(
    Choice(place.code, place.names["fr"], names=place.names, only_if=When("region", (region.code,)))
    for region in REGIONS
    for place in provinces_of(region.code)
)

ADDRESS = Page(
    key="address",
    step="register",
    title=N_("Where you live"),
    pictogram="map",
    intro=N_("Write the place where your household lives now, even if your identity card shows another one."),
    questions=(
        Question(
            key="region",
            kind=Kind.CHOICE,
            label=N_("Region"),
            title=N_("Which region do you live in?"),
            help=N_(
                "Choose the region of the town or village where you sleep. Example: you live in Salé, choose "
                "“Rabat-Salé-Kénitra”."
            ),
            choices=_REGION_CHOICES,
            counts=EVERYWHERE,
        ),
        Question(
            key="province",
            kind=Kind.CHOICE,
            label=N_("Province or prefecture"),
            title=N_("Which province or prefecture do you live in?"),
            hint=N_("Choose your region first. You then see its provinces."),
            help=N_(
                "It is written on letters from your caïdat or your annexe. Example: you live in Azrou, choose “Ifrane”."
            ),
            choices=_PROVINCE_CHOICES,
            counts=NOWHERE,
        ),
        Question(
            key="commune",
            kind=Kind.TEXT,
            label=N_("Commune"),
            title=N_("What is the name of your commune?"),
            hint=N_("The name of your town, or of your rural commune."),
            help=N_(
                "It is the place whose town hall gives you your papers. Example: Agouraï. In a large city, you "
                "may add the district: Rabat, Yacoub El Mansour."
            ),
            example=N_("Agouraï"),
            most=MOST_CHARACTERS,
            personal=True,
            counts=NOWHERE,
        ),
        Question(
            key="address",
            kind=Kind.TEXT,
            label=N_("Address"),
            title=N_("What is your address?"),
            hint=N_("Street and number, or the name of the douar."),
            help=N_(
                "Write what you would tell someone who comes to see you. Example: 12, rue des Oliviers, first "
                "floor. Or: douar Aït Ali, near the school."
            ),
            example=N_("12, rue des Oliviers"),
            most=MOST_CHARACTERS,
            personal=True,
            counts=NOWHERE,
        ),
        Question(
            key="milieu",
            kind=Kind.CHOICE,
            label=N_("Town or countryside"),
            title=N_("Do you live in a town or in the countryside?"),
            help=N_(
                "Example: you live in Fès or in a small town, choose “In a town”. You live in a village or a "
                "douar that depends on a caïdat, choose “In the countryside”. The score is not worked out in the "
                "same way in the two."
            ),
            choices=(
                Choice("urban", N_("In a town"), "building"),
                Choice("rural", N_("In the countryside"), "field"),
            ),
            counts=EVERYWHERE,
        ),
    ),
)
