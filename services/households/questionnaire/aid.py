"""The aid asked for. It goes with the request, beside the declaration and not in it."""

from services.households.questionnaire.questions import NOWHERE, Choice, Kind, Page, Question
from services.messages import N_

AID = Page(
    key="aid",
    step="complete",
    title=N_("The aid you ask for"),
    pictogram="hand",
    questions=(
        Question(
            key="aids",
            kind=Kind.CHOICES,
            label=N_("Aid"),
            title=N_("Which aid do you ask for?"),
            hint=N_("You may choose more than one."),
            help=N_(
                "Example: you have children and no health cover, choose both. If you only want to know your "
                "score, choose “None for now”: you can ask later without filling in the form again."
            ),
            choices=(
                Choice(
                    "asd",
                    N_("Direct social aid (ASD)"),
                    "coins",
                    N_("Money every month, for families with or without children"),
                ),
                Choice("amo_tadamon", N_("AMO-Tadamon"), "health", N_("Health cover for which you pay nothing")),
                Choice("none", N_("None for now"), alone=True),
            ),
            counts=NOWHERE,
        ),
    ),
)
