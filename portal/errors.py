"""Each refusal of the services, and each fault of a request, as one kind page."""

from typing import Any

import structlog
from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from portal.htmx import page
from portal.languages import LANGUAGES, preferred_language
from services import errors
from services.messages import N_, Words

log = structlog.get_logger()

PAGES = {
    400: (N_("This page is too old"), N_("Open the page again and send it once more. Nothing was changed.")),
    403: (N_("You cannot do this"), N_("Only the head of the household or the person who registered it can do this.")),
    404: (N_("This page does not exist"), N_("Check the address, or start again from the home page.")),
    405: (N_("This page does not exist"), N_("Check the address, or start again from the home page.")),
    409: (N_("Something has changed"), N_("This was changed in the meantime. Nothing you did was lost: look again.")),
    413: (N_("This is too long"), N_("What you sent is too long. Go back and write less.")),
    429: (N_("Too many attempts"), N_("To protect families, please wait %(minutes)s minutes and try again.")),
    500: (N_("Something went wrong on our side"), N_("What you had saved is safe. Try again in a few minutes.")),
    503: (N_("Not available now"), N_("What you had saved is safe. Try again in a few minutes.")),
}
STATUS_OF = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.StateConflict: 409,
    errors.Unavailable: 503,
}


def init_app(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(errors.ServiceError, refused)
    app.register_error_handler(errors.TooManyAttempts, too_many)
    app.register_error_handler(CSRFError, too_old)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DBAPIError, database_fault)
    app.register_error_handler(Exception, unexpected)


def refused(error: errors.ServiceError) -> Response:
    """A service said no."""
    return error_page(STATUS_OF[type(error)])


def too_many(error: errors.TooManyAttempts) -> Response:
    """A limit is reached; say for how long."""
    response = error_page(429, minutes=max(1, -(-error.retry_after // 60)))
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def too_old(error: CSRFError) -> Response:
    """A form without its token: an old page, or a browser without cookies."""
    if not request.cookies:
        return page("errors/cookies", 400)
    return error_page(400)


def http_error(error: HTTPException) -> Response | HTTPException:
    """What Werkzeug refuses; redirects pass."""
    if error.code is None or error.code < 400:
        return error
    return error_page(error.code if error.code in PAGES else 404 if error.code < 500 else 500)


def database_fault(error: DBAPIError) -> Response:
    """The database is locked, full or away: not now, and nothing is half done."""
    log.error("database.fault", kind=type(error.orig).__name__, endpoint=request.endpoint)
    return error_page(503)


def unexpected(error: Exception) -> Response:
    """A fault of ours. The log says where, never what anybody typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("request.failed", kind=type(error).__name__, where=where, endpoint=request.endpoint)
    return error_page(500)


def error_page(status: int, **values: Any) -> Response:
    """One error in words."""
    if "language" not in g:
        first = request.path.split("/", 2)[1]
        g.language = LANGUAGES.get(first) or preferred_language()
    title, advice = PAGES[status]
    return page("errors/error", status, title=title, advice=Words(advice, values))
