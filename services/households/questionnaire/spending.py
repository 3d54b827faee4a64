"""What the household pays: water, electricity and gas, phone and internet, loans."""

from services.households.questionnaire.questions import EVERYWHERE, MOST_DIRHAMS, URBAN, Kind, Page, Question
from services.messages import N_

_BILL_HELP = N_(
    "The amount stands at the bottom of the bill, beside the words “total to pay”. Example: 70 dirhams of water "
    "and 140 of electricity, write 210. If one bill covers two months, write half of it. If you pay nothing, "
    "write 0."
)


def _bill(number: int, label: str, title: str) -> Question:
    return Question(
        key=f"water_electricity_{number}",
        kind=Kind.AMOUNT,
        label=label,
        title=title,
        hint=N_("In dirhams, water and electricity together."),
        help=_BILL_HELP,
        pictogram="paper",
        most=MOST_DIRHAMS,
        unusual_above=3_000,
        example=210,
        counts=EVERYWHERE,
    )


BILLS = Page(
    key="bills",
    step="complete",
    title=N_("Water, electricity and gas bills"),
    pictogram="paper",
    intro=N_("Have your bills at hand if you can. If you have lost one, write what you think you paid."),
    questions=(
        _bill(1, N_("Bill of last month"), N_("How much did you pay for water and electricity last month?")),
        _bill(2, N_("Bill of two months ago"), N_("And two months ago?")),
        _bill(3, N_("Bill of three months ago"), N_("And three months ago?")),
        Question(
            key="butane_monthly",
            kind=Kind.AMOUNT,
            label=N_("Gas bottles"),
            title=N_("How much do you pay for gas bottles in one month?"),
            hint=N_("In dirhams, large and small bottles together. Write 0 if you use none."),
            help=N_(
                "Example: two large bottles at 50 dirhams each in one month, write 100. One large bottle lasts "
                "you two months, write 25."
            ),
            pictogram="gas",
            most=MOST_DIRHAMS,
            unusual_above=1_000,
            example=50,
            counts=EVERYWHERE,
        ),
    ),
)

SPENDING = Page(
    key="spending",
    step="complete",
    title=N_("Phone, internet and loans"),
    pictogram="wifi",
    questions=(
        Question(
            key="telecom_monthly",
            kind=Kind.AMOUNT,
            label=N_("Phone and internet"),
            title=N_("How much does the household pay for phone and internet in one month?"),
            hint=N_("In dirhams. Add the top-ups and subscriptions of all members. Write 0 if you pay nothing."),
            help=N_(
                "Example: your husband tops up 20 dirhams, you top up 10, and the internet at home costs 100: "
                "write 130."
            ),
            pictogram="wifi",
            most=MOST_DIRHAMS,
            unusual_above=2_000,
            example=60,
            counts=EVERYWHERE,
        ),
        Question(
            key="loan",
            kind=Kind.YES_NO,
            label=N_("Loan"),
            title=N_("Is anyone in the household paying back a loan?"),
            hint=N_("From a bank, a credit company or a microcredit association."),
            help=N_(
                "Example: you pay the bank every month for a motorbike or for the house, choose “Yes”. You owe "
                "money to your brother or to the grocer, choose “No”."
            ),
            pictogram="coins",
            counts=URBAN,
        ),
    ),
)
