"""Health cover, disability, and the parents of the young."""

from services.households.questionnaire.questions import (
    EVERYWHERE,
    NOWHERE,
    UNDER_21,
    Choice,
    Kind,
    Page,
    Question,
)
from services.messages import N_

HEALTH = Page(
    key="health",
    step="complete",
    title=N_("Health and family"),
    pictogram="health",
    per_member=True,
    questions=(
        Question(
            key="health_cover",
            kind=Kind.CHOICE,
            label=N_("Health cover"),
            title=N_("Does this person have health cover?"),
            hint=N_("A child is most often covered with a parent."),
            help=N_(
                "Example: his employer declares him to the CNSS and it covers the children too, choose “Another "
                "cover” for him and for each child. You had RAMED before, choose “AMO-Tadamon”."
            ),
            pictogram="shield",
            choices=(
                Choice("none", N_("No cover")),
                Choice("amo_tadamon", N_("AMO-Tadamon"), "hand"),
                Choice("other", N_("Another cover"), "shield", N_("CNSS, CNOPS, the army, an insurance")),
            ),
            counts=EVERYWHERE,
        ),
        Question(
            key="severe_disability",
            kind=Kind.YES_NO,
            label=N_("Severe disability"),
            title=N_("Does this person have a severe disability?"),
            hint=N_("Someone who needs help every day to eat, wash, dress or move."),
            help=N_(
                "Example: a child who cannot walk and must be carried, choose “Yes”. A person who wears glasses or "
                "limps a little, choose “No”. No paper is asked now."
            ),
            pictogram="hand",
            counts=NOWHERE,
        ),
        Question(
            key="father_deceased",
            kind=Kind.YES_NO,
            label=N_("Death of the father"),
            title=N_("Has the father of this person died?"),
            hint=N_("Choose “No” if he is alive, even if he lives elsewhere."),
            help=N_(
                "We ask because a child who has lost the father may receive a higher aid. Example: the parents "
                "are divorced and the father lives in another town, choose “No”."
            ),
            ages=UNDER_21,
            counts=NOWHERE,
        ),
        Question(
            key="mother_deceased",
            kind=Kind.YES_NO,
            label=N_("Death of the mother"),
            title=N_("Has the mother of this person died?"),
            hint=N_("Choose “No” if she is alive, even if she lives elsewhere."),
            help=N_(
                "We ask because a child who has lost a parent may have a right to more help. Example: the child "
                "lives with a grandmother and the mother works abroad, choose “No”."
            ),
            ages=UNDER_21,
            counts=NOWHERE,
        ),
    ),
)
