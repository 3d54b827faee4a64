"""The statement of a score: everything it comes from, as a paper that anyone can check."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import access, current_actor
from portal.citizen import pages
from portal.citizen.statement_words import words_of
from portal.database import act, now, read
from portal.htmx import page
from portal.languages import current_language
from portal.printing import SIZES, pdf_answer, set_paper
from services.errors import NotFound
from services.papers.statements import Statement, contents_of, find_statement, issue_statement


@pages.get("/score/statement")
@access("citizen")
def statement() -> Any:
    """What the paper says, and where it is; a button for each size, which makes it where it was never made."""
    mine = my_statement()
    return redirect(url_for("citizen.score")) if mine is None else page("citizen/statement", step=3, mine=mine)


@pages.post("/score/statement")
@access("citizen")
def make_statement() -> Response:
    """Issue the paper and give it; however often, it is made once."""
    chosen = {"number": number_asked(), "paper": size_asked()}
    act(issue_statement, actor=current_actor(), number=chosen["number"])
    return redirect(url_for("citizen.statement_pdf", **chosen), 303)


@pages.get("/score/statement.pdf")
@access("citizen")
def statement_pdf() -> Response:
    """The paper to print as it was issued, on the size that ``?paper=`` names."""
    size, mine = size_asked(), my_statement()
    if mine is None or mine.paper is None:
        return redirect(url_for("citizen.statement", number=number_asked()))
    contents = read(contents_of, statement=mine)
    made = set_paper("statement", {**words_of(mine, mine.paper, contents), "paper": size})
    return pdf_answer(made, f"usrati-{mine.stored.on.isoformat()}-{mine.paper.locale}.pdf")


def my_statement() -> Statement | None:
    """The statement that was asked for, in the language of the page. Raises NotFound for who may not have it."""
    where = {"actor": current_actor(), "locale": current_language().code, "now": now()}
    return read(find_statement, number=number_asked(), **where)


def number_asked() -> int | None:
    """Which score of the household, by its number; None for the latest."""
    asked = request.values.get("number", "")
    if not asked:
        return None
    if not asked.isascii() or not asked.isdigit() or len(asked) > 9:
        raise NotFound("statement")
    return int(asked)


def size_asked() -> str:
    """A4 or A5. Raises NotFound for another."""
    size = request.values.get("paper", SIZES[0])
    if size not in SIZES:
        raise NotFound("statement")
    return size
