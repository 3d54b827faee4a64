"""The receipt of a request: on the screen, and as the paper that was issued with it."""

from typing import Any

from flask import Response, request
from markupsafe import Markup

from portal.access import access, current_actor
from portal.citizen import pages
from portal.citizen.requests import reference_typed
from portal.database import now, read
from portal.formatting import format_reference
from portal.htmx import page
from portal.languages import current_language
from portal.printing import SIZES, pdf_answer, set_paper, square_code, typed_address, words_of_paper
from services.errors import NotFound
from services.messages import N_, Words
from services.papers.issuing import Paper
from services.papers.receipts import Receipt, find_receipt

SAID = {
    "title": N_("We received your request"),
    "next_title": N_("What happens next"),
    "news": N_("A message on your phone tells you when there is news. You have nothing to pay and no paper to bring."),
    "follow_title": N_("To follow it"),
    "follow": N_("Open this address and write the reference. We then send a code to your phone."),
}


@pages.get("/requests/<reference>/receipt")
@access("citizen")
def receipt(reference: str) -> Any:
    """What a family keeps: the reference, what happens next, who to call."""
    mine = my_receipt(reference)
    code = Markup(square_code(typed_address("track")))  # noqa: S704 (drawn by us)
    return page("citizen/receipt", step=3, found=mine.request, is_issued=mine.paper is not None, code=code)


@pages.get("/requests/<reference>/receipt.pdf")
@access("citizen")
def receipt_pdf(reference: str) -> Response:
    """The same to print, signed, on the paper that ``?paper=`` names."""
    size = request.args.get("paper", SIZES[0])
    mine = my_receipt(reference)
    if size not in SIZES or mine.paper is None:
        raise NotFound("receipt")
    made = set_paper("receipt", {**words_of(mine, mine.paper), "paper": size})
    return pdf_answer(made, f"usrati-{format_reference(mine.request.reference)}.pdf")


def my_receipt(reference: str) -> Receipt:
    """The receipt in the language of the page, if it is the subject's to see. Raises NotFound."""
    where = {"actor": current_actor(), "locale": current_language().code, "now": now()}
    return read(find_receipt, reference=reference_typed(reference), **where)


def words_of(mine: Receipt, paper: Paper) -> dict[str, Any]:
    """Everything that the paper says, in the language of the page."""
    said = {
        **SAID,
        "kind": mine.request.kind_words,
        "received": Words(N_("Received on %(when)s"), {"when": mine.request.submitted_at}),
        "next_step": mine.next_step,
    }
    return {
        **words_of_paper(paper, said),
        "reference": format_reference(mine.request.reference),
        "follow_address": typed_address("track"),
    }
