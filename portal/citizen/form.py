"""Step 2: the form as a list of parts, its pages one topic at a time."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import access, current_actor
from portal.citizen import pages
from portal.citizen.file import OpenForm, my_form
from portal.citizen.question_form import QuestionForm
from portal.database import act
from portal.htmx import page, part
from services.households.copying import copy_from_previous, find_model
from services.households.drafts import Conflict, Saved, save_page
from services.households.questionnaire import QUESTIONNAIRE, Step

PROVINCE = next(question for question in QUESTIONNAIRE.by_key["address"].questions if question.key == "province")


@pages.get("/form")
@access("citizen")
def form() -> Any:
    """The parts of the form, each with its status."""
    mine = my_form()
    if isinstance(mine, Response):
        return mine
    return page(
        "citizen/form",
        step=2,
        tasks=mine.flow.tasks(),
        members={member.position: member for member in mine.household.members},
        progress=mine.flow.progress(),
        address=address_of,
        go_on=address_of(mine.flow.first_unanswered()),
        expires_at=mine.draft.expires_at,
    )


@pages.route("/form/<page_key>", methods=["GET", "POST"])
@pages.route("/form/<page_key>/<int:position>", methods=["GET", "POST"])
@access("citizen")
def form_page(page_key: str, position: int = 0) -> Any:
    """One page: show it, save it, go on."""
    mine = my_form()
    if isinstance(mine, Response):
        return mine
    step = Step(page_key, position)
    if not mine.flow.is_reachable(step):
        return redirect(address_of(mine.flow.first_unanswered()))
    asked = QuestionForm(mine.flow, step, version=mine.draft.version(*step))
    if asked.submitted():
        outcome = _save(mine, step, asked)
        if isinstance(outcome, Saved):
            return redirect(after(step), 303)
        asked.show_conflict(outcome)
    return page("citizen/question", asked.status, **question_context(mine, step, asked))


@pages.get("/form/provinces")
@access("public")
def provinces() -> Any:
    """The provinces of the chosen region, for HTMX: no secret, so that a session's end breaks no page in hand."""
    chosen = {"region": request.args.get("region", "")}
    return part("citizen/question/_province.html", question=PROVINCE, choices=PROVINCE.choices_given(chosen))


def _save(mine: OpenForm, step: Step, asked: QuestionForm) -> Saved | Conflict:
    place = {"actor": current_actor(), "draft_id": mine.draft.id, "page": step.page, "position": step.position}
    if asked.copies:
        return act(copy_from_previous, **place, seen_version=asked.version)
    return act(save_page, **place, values=asked.parsed.values, seen_version=asked.version)


def question_context(mine: OpenForm, step: Step, asked: QuestionForm) -> dict[str, Any]:
    """What the page of one topic shows around its questions."""
    progress = mine.flow.progress()
    return {
        "step": 1 if asked.page.step == "register" else 2,
        "form": asked,
        "errors": asked.problems,
        "member": mine.household.member_at(step.position),
        "back": address_of(mine.flow.previous_to(step))
        if asked.page.step == "complete"
        else url_for("citizen.household"),
        "place": mine.flow.steps.index(step) + 1,
        "total": progress.total,
        "expires_at": mine.draft.expires_at,
        "copy_from": find_model(mine.draft, mine.household, page=step.page, position=step.position),
    }


def after(step: Step) -> str:
    """Where Continue leads, as the form stands now that the page is saved."""
    if request.args.get("then") == "check":
        return url_for("citizen.check")
    if step.page == "address":
        return url_for("citizen.household")
    mine = my_form()
    if isinstance(mine, Response):
        return mine.location or url_for("citizen.household")
    return address_of(mine.flow.first_unanswered())


def address_of(step: Step | None) -> str:
    """The address of a page; None is the page behind the last one."""
    if step is None:
        return url_for("citizen.check")
    if step.position:
        return url_for("citizen.form_page", page_key=step.page, position=step.position)
    return url_for("citizen.form_page", page_key=step.page)
