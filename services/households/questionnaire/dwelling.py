"""The home: of what kind, whose, how large, with which comfort."""

from services.households.questionnaire.questions import (
    EVERYWHERE,
    NOWHERE,
    RURAL,
    URBAN,
    Choice,
    Kind,
    Page,
    Question,
)
from services.messages import N_

HOME = Page(
    key="home",
    step="complete",
    title=N_("Your home"),
    pictogram="home",
    questions=(
        Question(
            key="dwelling",
            kind=Kind.CHOICE,
            label=N_("Kind of home"),
            title=N_("What kind of home do you live in?"),
            help=N_(
                "Choose the answer that looks most like your home. Example: a house of brick and concrete, with "
                "one floor or more, is “A modern Moroccan house”."
            ),
            choices=(
                Choice("villa", N_("A villa"), hint=N_("A house with a garden")),
                Choice("apartment", N_("A flat in a building")),
                Choice("modern_house", N_("A modern Moroccan house"), hint=N_("Walls of brick or concrete")),
                Choice(
                    "traditional_house", N_("A traditional Moroccan house"), hint=N_("An old house around a courtyard")
                ),
                Choice("rural_stone_house", N_("A country house with walls of stone")),
                Choice("rural_earth_house", N_("A country house with walls of earth")),
                Choice("room", N_("One room only"), hint=N_("In a house, a building or the place where you work")),
                Choice("informal", N_("A makeshift home"), hint=N_("Made of boards, sheet metal or plastic")),
                Choice("other", N_("Another kind of home")),
            ),
            counts=RURAL,
        ),
        Question(
            key="tenure",
            kind=Kind.CHOICE,
            label=N_("Owner or tenant"),
            title=N_("Do you own this home, or do you pay rent?"),
            help=N_(
                "Example: you pay the owner every month, choose “We pay rent”. You live in the house of your "
                "parents and pay nothing, choose “We live here free of charge”."
            ),
            choices=(
                Choice("owner", N_("It belongs to someone of the household"), "key"),
                Choice("tenant", N_("We pay rent"), "coins"),
                Choice("housed_free", N_("We live here free of charge"), "hand"),
                Choice("other", N_("Another situation")),
            ),
            counts=NOWHERE,
        ),
        Question(
            key="rooms",
            kind=Kind.COUNT,
            label=N_("Rooms"),
            title=N_("How many rooms does your household live in?"),
            hint=N_("Count bedrooms and living rooms. Do not count the kitchen, the bathroom and the hall."),
            help=N_(
                "Example: two bedrooms and one living room, write 3. If you share the home with another "
                "household, count only your rooms."
            ),
            least=1,
            unusual_above=15,
            example=3,
            counts=EVERYWHERE,
        ),
        Question(
            key="nuclei",
            kind=Kind.COUNT,
            label=N_("Families in the household"),
            title=N_("How many families make up your household?"),
            hint=N_(
                "A family is a couple, with or without children, or one parent with children. Someone who lives "
                "alone counts as one."
            ),
            help=N_(
                "Example: you, your wife and your children, write 1. Your married son and his wife eat and live "
                "with you too, write 2. People who have their own household in the same house are not counted: "
                "they register by themselves."
            ),
            pictogram="people",
            least=1,
            unusual_above=6,
            example=1,
            counts=URBAN,
        ),
    ),
)

COMFORT = Page(
    key="comfort",
    step="complete",
    title=N_("Water, electricity and bath"),
    pictogram="bath",
    questions=(
        Question(
            key="has_bath",
            kind=Kind.YES_NO,
            label=N_("Bath or shower"),
            title=N_("Is there a bath or a shower in your home?"),
            hint=N_("A place made for washing, with a tub or a shower. The public hammam does not count."),
            help=N_(
                "Example: you have a small room with a shower, choose “Yes”. You wash with a bucket in the yard or "
                "in the toilet, choose “No”."
            ),
            pictogram="bath",
            counts=URBAN,
        ),
        Question(
            key="electricity",
            kind=Kind.CHOICE,
            label=N_("Electricity"),
            title=N_("How do you get electricity?"),
            help=N_(
                "Example: the bill is for your household alone, choose “From a meter of our own”. You share one "
                "bill with neighbours or with the owner, choose “From a meter shared with others”."
            ),
            pictogram="bolt",
            choices=(
                Choice("own_meter", N_("From a meter of our own"), "meter"),
                Choice("shared_meter", N_("From a meter shared with others"), "people"),
                Choice("solar", N_("From solar panels")),
                Choice("none", N_("We have no electricity")),
            ),
            counts=URBAN,
        ),
        Question(
            key="water",
            kind=Kind.CHOICE,
            label=N_("Water"),
            title=N_("How do you get water?"),
            help=N_(
                "Example: you have a tap and the bill is for your household alone, choose “From a tap and a "
                "meter of our own”. You fetch water from a fountain, choose “From a public fountain, a well or a "
                "spring”."
            ),
            pictogram="drop",
            choices=(
                Choice("own_connection", N_("From a tap and a meter of our own"), "meter"),
                Choice("shared_connection", N_("From a tap or a meter shared with others"), "people"),
                Choice("fountain_or_well", N_("From a public fountain, a well or a spring"), "drop"),
                Choice("other", N_("In another way")),
            ),
            counts=NOWHERE,
        ),
    ),
)
