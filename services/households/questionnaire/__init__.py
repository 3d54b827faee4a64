"""The questionnaire of the declaration, as data: what is asked, of whom, and in which words."""

from services.households.questionnaire.address import ADDRESS
from services.households.questionnaire.aid import AID
from services.households.questionnaire.dwelling import COMFORT, HOME
from services.households.questionnaire.health import HEALTH
from services.households.questionnaire.people import RELATION, SEX
from services.households.questionnaire.possessions import EQUIPMENT, PROPERTY, VEHICLES
from services.households.questionnaire.questions import (
    YES_OR_NO,
    Choice,
    Kind,
    Page,
    Question,
    Questionnaire,
    Step,
    When,
)
from services.households.questionnaire.spending import BILLS, SPENDING
from services.households.questionnaire.studies import STUDIES
from services.households.questionnaire.work import WORK

QUESTIONNAIRE = Questionnaire(
    ADDRESS, HOME, COMFORT, PROPERTY, EQUIPMENT, VEHICLES, BILLS, SPENDING, STUDIES, WORK, HEALTH, AID
)

__all__ = [
    "QUESTIONNAIRE",
    "RELATION",
    "SEX",
    "YES_OR_NO",
    "Choice",
    "Kind",
    "Page",
    "Question",
    "Questionnaire",
    "Step",
    "When",
]
