"""The receipt of a request: on the screen, and as the paper that was issued with it."""

from typing import Any

from flask import Response, current_app, request
from markupsafe import Markup

from portal.access import access, current_actor
from portal.citizen import pages
from portal.database import now, read
from portal.formatting import format_reference
from portal.htmx import page
from portal.languages import current_language, plain
from portal.printing import SIZES, pdf_answer, set_paper, square_code
from services.errors import NotFound
from services.messages import N_, Words
from services.papers.codes import format_code
from services.papers.receipts import Paper, Receipt, find_receipt
from services.requests.references import InvalidReference, parse_reference

FIXED = {
    "brand": N_("Usrati"),
    "title": N_("We received your request"),
    "reference_label": N_("Your reference:"),
    "next_title": N_("What happens next"),
    "news": N_("A message on your phone tells you when there is news. You have nothing to pay and no paper to bring."),
    "follow_title": N_("To follow it"),
    "follow": N_("Open this address and write the reference. We then send a code to your phone."),
    "help_label": N_("Free help:"),
    "free": N_("This service is free everywhere. Nobody may ask you for money or papers."),
    "unofficial": N_("This is not an official site of any government."),
    "key_label": N_("Key of the signature:"),
    "check": N_("Is this paper genuine? Anyone can check: scan the code, or open this address."),
}
INVENTED = N_("Demonstration, with invented people.")


@pages.get("/requests/<reference>/receipt")
@access("citizen")
def receipt(reference: str) -> Any:
    """What a family keeps: the reference, what happens next, who to call."""
    mine = my_receipt(reference)
    code = Markup(square_code(track_address()))  # noqa: S704 (drawn by us)
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
    try:
        return read(find_receipt, reference=parse_reference(reference), **where)
    except InvalidReference:
        raise NotFound("request") from None


def words_of(mine: Receipt, paper: Paper) -> dict[str, str]:
    """Everything that the paper says, in the language of the page."""
    language, settings = current_language(), current_app.config["SETTINGS"]
    address = f"{settings.public_url}/v/{paper.code}"
    said = {
        **{name: Words(key) for name, key in FIXED.items()},
        "kind": mine.request.kind_words,
        "received": Words(N_("Received on %(when)s"), {"when": mine.request.submitted_at}),
        "next_step": mine.next_step,
        "issued": Words(N_("Issued on %(day)s"), {"day": paper.issued_on}),
    }
    return {
        **{name: plain(words, language.code) for name, words in said.items()},
        "invented": plain(INVENTED, language.code) if settings.is_demo else "",
        "language": language.code,
        "direction": language.direction,
        "reference": format_reference(mine.request.reference),
        "follow_address": track_address(),
        "help_phone": settings.help_phone,
        "code": format_code(paper.code),
        "key": paper.key_id,
        "check_address": address,
        "qr": square_code(address),
    }


def track_address() -> str:
    """Where a reference is followed, as people type it."""
    return f"{current_app.config['SETTINGS'].public_url}/{current_language().code}/track"
