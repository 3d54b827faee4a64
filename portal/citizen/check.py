"""Check the answers, then send them: once, whatever is clicked; or leave with a deposit number."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.access import access, current_actor
from portal.answer_words import answer_words
from portal.citizen import pages
from portal.citizen.file import OpenForm, my_form, my_household
from portal.citizen.form import address_of
from portal.database import act
from portal.forms import Form
from portal.htmx import page
from services.errors import NotFound
from services.households.household_view import MemberView
from services.households.questionnaire import RELATION, Page, Question
from services.messages import Words
from services.papers.receipts import submit_with_receipt
from services.requests.deposits import make_deposit


@dataclass(frozen=True)
class Section:
    """One page's answers, and where to change them."""

    page: Page
    member: MemberView | None
    answers: tuple[tuple[Question, Words | Markup], ...]
    address: str


@pages.get("/form/check")
@access("citizen")
def check() -> Any:
    """Every answer with a way to change it, and the button that sends."""
    mine = my_form()
    if isinstance(mine, Response):
        return mine
    if not mine.flow.is_complete() or mine.household.missing:
        return redirect(url_for("citizen.household"))
    return page(
        "citizen/check",
        step=2,
        household=mine.household,
        relations=RELATION.by_value,
        sections=sections(mine),
        submission_key=mine.draft.id.hex,
    )


@pages.post("/form/check")
@access("citizen")
def send() -> Response:
    """Send the draft that the page showed: ten clicks, a retry or a step back make one request."""
    household = my_household()
    if household is None or not Form().submitted():
        raise NotFound("household")
    key = request.form.get("submission_key", "")
    sent = act(submit_with_receipt, actor=current_actor(), household_id=household.id, submission_key=key)
    return redirect(url_for("citizen.receipt", reference=sent.reference), 303)


@pages.post("/form/deposit")
@access("citizen")
def deposit() -> Any:
    """Keep the finished draft under a number that a counter opens."""
    household = my_household()
    if household is None:
        raise NotFound("household")
    number = act(make_deposit, actor=current_actor(), household_id=household.id)
    return page("citizen/deposit", step=2, number=number, expires_at=household.draft_expires_at)


def sections(mine: OpenForm) -> list[Section]:
    """The answers page by page, in the order they were asked."""
    found = []
    for step in mine.flow.steps:
        saved = mine.flow.saved(step)
        # What was answered before another answer made it pointless stays saved, and is not sent.
        counted = {**mine.flow.known, **saved}
        answers = tuple(
            (question, answer_words(question, saved[question.key]))
            for question in mine.flow.questions(step)
            if question.key in saved and question.holds(counted)
        )
        member = mine.household.member_at(step.position)
        found.append(Section(mine.flow.page(step), member, answers, f"{address_of(step)}?then=check"))
    return found
