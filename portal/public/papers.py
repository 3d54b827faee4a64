"""Whether a paper is genuine: for anyone who holds one, at an address short enough for its code.

What stands behind ``#`` in a square code never comes here: it is for checking without us, with the
public keys that anyone can fetch here.
"""

from typing import Any

from flask import Blueprint, Response, g, jsonify, request, url_for

from portal.access import access
from portal.database import read
from portal.htmx import page
from portal.languages import LANGUAGES
from services.papers.checking import check_paper
from services.signing import keys_document, published_keys

papers = Blueprint("papers", __name__)


@papers.get("/v/<code>")
@access("public")
def check(code: str) -> Any:
    """Genuine or unknown, and nothing about anybody; in the visitor's language, or the one he chose here."""
    chosen = LANGUAGES.get(request.args.get("lang", ""))
    if chosen is not None:
        g.language = chosen
    found = read(check_paper, code=code)
    here = {other: url_for("papers.check", code=code, lang=other) for other in LANGUAGES}
    return page("public/paper", 200 if found.genuine else 404, found=found, here=here)


@papers.get("/v/keys")
@access("public")
def keys() -> Response:
    """Every public key that ever signed a paper, as JSON: enough to check papers without asking again."""
    answer = jsonify(keys_document(read(published_keys)))
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
