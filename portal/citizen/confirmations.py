"""The confirmation of a decided request: the paper that a family shows at a counter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import access, current_actor
from portal.citizen import pages
from portal.citizen.answers import words_of_answer
from portal.citizen.file import my_household
from portal.citizen.requests import reference_typed
from portal.citizen.standing import SCALE_WIDTH, LimitShown, formula_words, standing_of
from portal.database import act, now, read
from portal.formatting import day, decimal, format_reference
from portal.htmx import page
from portal.languages import current_language, plain
from portal.printing import SIZES, pdf_answer, set_paper, typed_address, words_of_paper
from services.errors import NotFound
from services.messages import N_, Words
from services.papers.confirmations import AnswerPaper, Confirmation, find_confirmation, issue_confirmation
from services.papers.issuing import Paper
from services.population.register import DisplayName
from services.requests.kinds import APPLICATION, REGISTRATION
from services.requests.states import Status
from services.requests.tracking import requests_of

SAID = {
    "title": N_("Your household is registered"),
    "score_title": N_("The score of your household"),
    "contest_title": N_("If something is wrong"),
    "contest": N_(
        "Call the help line or go to any counter: somebody looks at it with you, free of charge. "
        "You find every line of your score, and what you declared, at the address below."
    ),
    "unofficial": N_("This paper is not an official decision of any government."),
}
HEAD, PEOPLE, DECIDED_ON = N_("Head of the household"), N_("People in the household"), N_("Day of the decision")
UNDER, ABOVE = N_("at or under the limit"), N_("above the limit")
BETTER = N_("The smaller the score, the higher the priority. Computed as of %(day)s.")


@pages.get("/requests/<reference>/confirmation")
@access("citizen")
def confirmation(reference: str) -> Any:
    """What the paper is for, and where it is; a button that makes it where it was never made."""
    mine = my_confirmation(reference)
    return page(PRINTED[mine.decision.kind].page, step=3, mine=mine)


@pages.post("/requests/<reference>/confirmation")
@access("citizen")
def make_confirmation(reference: str) -> Response:
    """Issue the paper of a request that was decided before there were papers; again makes none."""
    found = reference_typed(reference)
    act(issue_confirmation, actor=current_actor(), reference=found)
    return redirect(url_for("citizen.confirmation", reference=found), 303)


@pages.get("/requests/<reference>/confirmation.pdf")
@access("citizen")
def confirmation_pdf(reference: str) -> Response:
    """The paper to print, signed, on the size that ``?paper=`` names."""
    size = request.args.get("paper", SIZES[0])
    if size not in SIZES:
        raise NotFound("confirmation")
    mine = my_confirmation(reference)
    if mine.paper is None:
        return redirect(url_for("citizen.confirmation", reference=mine.decision.reference))
    printed = PRINTED[mine.decision.kind]
    made = set_paper(printed.source, {**printed.words(mine, mine.paper), "paper": size})
    return pdf_answer(made, f"usrati-{format_reference(mine.decision.reference)}-confirmation.pdf")


@pages.get("/score/confirmation")
@access("citizen")
def score_confirmation() -> Response:
    """From the score to the confirmation of the request that led to it."""
    household = my_household()
    found = read(requests_of, household_id=household.id, now=now()) if household else ()
    for one in found:
        if one.kind == REGISTRATION and one.status is Status.DECIDED:
            return redirect(url_for("citizen.confirmation", reference=one.reference))
    return redirect(url_for("citizen.requests"))


def my_confirmation(reference: str) -> Confirmation | AnswerPaper:
    """The confirmation in the language of the page, if it is the subject's to see. Raises NotFound."""
    where = {"actor": current_actor(), "locale": current_language().code, "now": now()}
    return read(find_confirmation, reference=reference_typed(reference), **where)


def words_of(mine: Confirmation, paper: Paper) -> dict[str, Any]:
    """Everything that the paper says, in the language of the page."""
    decision = mine.decision
    standing = standing_of(decision.total_nano, mine.limits)
    said = {
        **SAID,
        "better": Words(BETTER, {"day": decision.on}),
        "model": formula_words(decision.model, official=mine.official),
    }
    return {
        **words_of_paper(paper, said),
        "reference": format_reference(decision.reference),
        "facts": _facts_of(mine),
        "score": decimal(standing.score),
        "place": standing.place / SCALE_WIDTH,
        "limits": [limit_words(one) for one in standing.limits],
        "contest_address": typed_address("score"),
    }


def _facts_of(mine: Confirmation) -> list[tuple[str, str]]:
    """Whose household, how many, decided when; without what is forgotten by now."""
    code = current_language().code
    decided = day(mine.decision.decided_at, code)
    name = "" if mine.head is None else name_of(mine.head)
    facts = ((HEAD, name), (PEOPLE, str(mine.decision.members or "")), (DECIDED_ON, decided))
    return [(plain(label, code), value) for label, value in facts if value]


def name_of(name: DisplayName) -> str:
    """A display name in the script of the paper: Arabic script for Arabic, Latin for the others."""
    return name.arabic if current_language().code == "ar" else name.latin


def limit_words(shown: LimitShown) -> dict[str, Any]:
    """One programme's limit, as the table and the scale show it."""
    code = current_language().code
    return {
        "name": plain(shown.limit.name, code),
        "limit": plain(Words(N_("limit %(limit)s"), {"limit": decimal(shown.at_most)}), code),
        "standing": plain(UNDER if shown.admits else ABOVE, code),
        "place": shown.place / SCALE_WIDTH,
    }


@dataclass(frozen=True)
class Printed:
    """How what was decided is shown and printed: its page, the source of its paper, its words."""

    page: str
    source: str
    words: Callable[[Any, Paper], dict[str, Any]]


# By the kind of the request.
PRINTED = {
    REGISTRATION: Printed("citizen/confirmation", "confirmation", words_of),
    APPLICATION: Printed("citizen/answer", "answer", words_of_answer),
}
