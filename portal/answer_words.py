"""A stored answer in the words of its question, for summaries."""

from typing import Any

from markupsafe import Markup, escape

from portal.languages import current_language
from services.households.questionnaire import Kind, Question
from services.messages import N_, Words

YES, NO = Words(N_("Yes")), Words(N_("No"))
DIRHAMS = N_("%(amount)s DH")
AND = N_("%(first)s and %(second)s")


def answer_words(question: Question, value: Any) -> Words | Markup:
    """What the family answered: the choice's label, yes or no, a number, an amount, its own text."""
    if value is None:
        return Markup("–")
    if question.kind is Kind.YES_NO:
        return YES if value else NO
    if question.kind is Kind.AMOUNT:
        return Words(DIRHAMS, {"amount": value})
    if question.kind is Kind.CHOICE:
        return _choice(question, value)
    if question.kind is Kind.CHOICES:
        words = [_choice(question, one) for one in value]
        return words[0] if len(words) == 1 else Words(AND, {"first": words[0], "second": words[1]})
    return Markup("<bdi>{}</bdi>").format(value)


def _choice(question: Question, value: str) -> Words | Markup:
    choice = question.by_value[value]
    return escape(choice.names[current_language().code]) if choice.names else Words(choice.label)
