"""How a member is related to the head of household, and woman or man: asked when members are added."""

from services.households.questionnaire.questions import EVERYWHERE, NOWHERE, Choice, Kind, Question
from services.messages import N_

RELATION = Question(
    key="relation",
    kind=Kind.CHOICE,
    label=N_("Relation to the head of household"),
    title=N_("Who is this person to the head of household?"),
    hint=N_("The head of household is the person who answers for the family."),
    help=N_(
        "Example: the head is your father, and you add your brother. For your father he is a son: choose “Son or "
        "daughter”."
    ),
    choices=(
        Choice("head", N_("The head of household"), "person"),
        Choice("spouse", N_("Wife or husband"), "people"),
        Choice("child", N_("Son or daughter"), "child"),
        Choice("parent", N_("Father or mother"), "person"),
        Choice("parent_in_law", N_("Father or mother of the wife or husband"), "person"),
        Choice("sibling", N_("Brother or sister"), "people"),
        Choice("grandchild", N_("Grandson or granddaughter"), "child"),
        Choice("other", N_("Someone else"), "person"),
    ),
    counts=EVERYWHERE,
)
SEX = Question(
    key="sex",
    kind=Kind.CHOICE,
    label=N_("Woman or man"),
    title=N_("Is this person a woman or a man?"),
    choices=(Choice("F", N_("Woman or girl")), Choice("M", N_("Man or boy"))),
    counts=NOWHERE,
)
