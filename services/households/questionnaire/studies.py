"""School, studies and diplomas of each member."""

from services.households.questionnaire.questions import (
    ADULTS,
    EVERYWHERE,
    NOWHERE,
    RURAL,
    SCHOOL_AGE,
    URBAN,
    Choice,
    Kind,
    Page,
    Question,
    When,
)
from services.messages import N_

STUDIES = Page(
    key="studies",
    step="complete",
    title=N_("School and studies"),
    pictogram="school",
    per_member=True,
    questions=(
        Question(
            key="schooling",
            kind=Kind.CHOICE,
            label=N_("School"),
            title=N_("Does this person go to school this year?"),
            help=N_(
                "School, training centre and university all count. Example: he learns a trade in a public "
                "training centre, choose “Yes, to a public school”. He left school last year, choose “No”."
            ),
            pictogram="school",
            ages=SCHOOL_AGE,
            choices=(
                Choice("public", N_("Yes, to a public school"), "school"),
                Choice("private", N_("Yes, to a private school"), "coins"),
                Choice("none", N_("No")),
            ),
            counts=URBAN,
        ),
        Question(
            key="school_level",
            kind=Kind.CHOICE,
            label=N_("School level"),
            title=N_("At which level?"),
            help=N_(
                "Example: a child in the fifth year of primary school, choose “Primary school”. A student at the "
                "university, choose “Another level”."
            ),
            ages=SCHOOL_AGE,
            shown_if=(When("schooling", ("public", "private")),),
            choices=(
                Choice("primary", N_("Primary school")),
                Choice(
                    "lower_secondary",
                    N_("Lower secondary school"),
                    hint=N_("The collège, three years after primary school"),
                ),
                Choice("upper_secondary", N_("Upper secondary school"), hint=N_("The lycée, up to the baccalaureate")),
                Choice("none", N_("Another level"), hint=N_("Nursery school, training centre, university")),
            ),
            counts=NOWHERE,
        ),
        Question(
            key="education",
            kind=Kind.CHOICE,
            label=N_("Highest diploma"),
            title=N_("What is the highest diploma of this person?"),
            help=N_(
                "Choose the last diploma obtained, not the class attended. Example: she stopped in the last year "
                "of the lycée without the baccalaureate and has the certificate of the collège, choose “Primary "
                "or collège certificate”."
            ),
            pictogram="paper",
            ages=ADULTS,
            choices=(
                Choice("none", N_("No diploma")),
                Choice("basic", N_("Primary or collège certificate")),
                Choice("secondary", N_("Baccalaureate")),
                Choice("technical", N_("Diploma of a trade"), hint=N_("From a training centre such as OFPPT")),
                Choice("higher", N_("Diploma of the university or of a higher school")),
            ),
            counts=EVERYWHERE,
        ),
        Question(
            key="literate",
            kind=Kind.YES_NO,
            label=N_("Reading and writing"),
            title=N_("Can this person read and write?"),
            hint=N_("In any language."),
            help=N_(
                "Example: he can read a short message and answer it, choose “Yes”. She can sign her name but not "
                "read a letter, choose “No”."
            ),
            pictogram="pen",
            ages=ADULTS,
            counts=RURAL,
        ),
    ),
)
