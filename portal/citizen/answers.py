"""What the paper of an answered application says."""

from typing import Any

from portal.formatting import day, format_reference
from portal.languages import current_language, plain
from portal.printing import typed_address, words_of_paper
from services.messages import N_, Words
from services.papers.confirmations import AnswerPaper
from services.papers.issuing import Paper
from services.programmes.catalogue import NAMES
from services.programmes.eligibility import Outcome
from services.requests.applications.answer import Reason

SAID = {
    "title": N_("Answer to your application"),
    "reasons_title": N_("Our reasons, condition by condition"),
    "contest_title": N_("If something is wrong"),
    "contest": N_(
        "Call the help line or go to any counter: somebody looks at it with you, free of charge. "
        "You find every line of your score, and what you declared, at the address below."
    ),
    "sources": N_("Conditions, limits and amounts come from public sources and are not official."),
    "unofficial": N_("This paper is not an official decision of any government."),
}
STANDINGS = {Outcome.MET: N_("Met"), Outcome.NOT_MET: N_("Not met"), Outcome.UNKNOWN: N_("Not known")}
PROGRAMME, PAYEE, DECIDED_ON = N_("Programme"), N_("Who is paid"), N_("Day of the decision")


def words_of_answer(mine: AnswerPaper, paper: Paper) -> dict[str, Any]:
    """Everything that the paper says, in the language of the page."""
    decision, code = mine.decision, current_language().code
    return {
        **words_of_paper(paper, SAID),
        "reference": format_reference(decision.reference),
        "facts": _facts_of(mine),
        "sentence": plain(decision.answer.sentence or "", code),
        "reasons": [_reason_words(reason) for reason in decision.answer.reasons],
        "contest_address": typed_address("score"),
    }


def _facts_of(mine: AnswerPaper) -> list[tuple[str, str]]:
    """Which programme, who is paid, decided when."""
    code, answer = current_language().code, mine.decision.answer
    payee = mine.payee if answer.is_granted else None
    name = "" if payee is None else payee.arabic if code == "ar" else payee.latin
    programme, decided = plain(Words(NAMES[answer.programme]), code), day(mine.decision.decided_at, code)
    facts = ((PROGRAMME, programme), (PAYEE, name), (DECIDED_ON, decided))
    return [(plain(label, code), value) for label, value in facts if value]


def _reason_words(reason: Reason) -> dict[str, str]:
    code = current_language().code
    told = [plain(words, code) for words in (reason.words, reason.to_do) if words is not None]
    return {
        "title": plain(reason.title, code),
        "standing": plain(STANDINGS[reason.outcome], code),
        "told": " ".join(told),
    }
