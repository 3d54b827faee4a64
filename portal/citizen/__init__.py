"""Pages of a signed-in family, and the way in."""

from flask import Blueprint

pages = Blueprint("citizen", __name__)

from portal.citizen import (  # noqa: E402, F401 (each file adds its pages to the blueprint)
    application,
    check,
    confirmations,
    correction,
    form,
    household,
    member_codes,
    members,
    my_data,
    programmes,
    receipts,
    requests,
    score,
    score_history,
    sign_in,
    statements,
    what_if,
)
