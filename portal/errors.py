"""Each refusal of the services, and each fault of a request, as one kind page."""

import structlog
from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from portal.access import ask_nobody
from portal.htmx import page
from portal.languages import LANGUAGES, is_sentence, preferred_language
from services import errors
from services.logs import place_of
from services.messages import N_, NN_, Words, counted

log = structlog.get_logger()

PAGES = {
    400: (N_("This page is too old"), N_("Open the page again and send it once more. Nothing was changed.")),
    403: (N_("You cannot do this"), N_("Only the head of the household or the person who registered it can do this.")),
    404: (N_("This page does not exist"), N_("Check the address, or start again from the home page.")),
    405: (N_("This page does not exist"), N_("Check the address, or start again from the home page.")),
    409: (N_("Something has changed"), N_("This was changed in the meantime. Nothing you did was lost: look again.")),
    413: (N_("This is too long"), N_("What you sent is too long. Go back and write less.")),
    429: (N_("Too many attempts"), N_("What you had saved is safe. Try again in a few minutes.")),
    500: (N_("Something went wrong on our side"), N_("What you had saved is safe. Try again in a few minutes.")),
    503: (N_("Not available now"), N_("What you had saved is safe. Try again in a few minutes.")),
}
WAIT_MINUTES = NN_(
    "To protect families, please wait %(count)s minute and try again.",
    "To protect families, please wait %(count)s minutes and try again.",
)
STATUS_OF = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.StateConflict: 409,
    errors.Unavailable: 503,
}
RETRY_AFTER_SECONDS = 10
# What may go well when it is sent once more: the page keeps what was posted, ready to send.
WORTH_ANOTHER_TRY = (429, 500, 503)
NEVER_SHOWN = {"csrf_token", "password", "password_again"}


def init_app(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(errors.ServiceError, refused)
    app.register_error_handler(errors.TooManyAttempts, too_many)
    app.register_error_handler(CSRFError, too_old)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DBAPIError, database_fault)
    app.register_error_handler(PoolExhausted, database_fault)
    app.register_error_handler(Exception, unexpected)


def refused(error: errors.ServiceError) -> Response:
    """A service said no: in its own words, where they are for people."""
    status = STATUS_OF[type(error)]
    own_words = Words(str(error)) if status != 404 and is_sentence(str(error)) else None
    title = PAGES[403][0] if own_words and status == 409 else None
    response = error_page(status, title=title, advice=own_words)
    return ask_again(response) if status == 503 else response


def too_many(error: errors.TooManyAttempts) -> Response:
    """A limit is reached; say for how long."""
    response = error_page(429, advice=counted(WAIT_MINUTES, max(1, -(-error.retry_after // 60))))
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


def database_fault(error: DBAPIError | PoolExhausted) -> Response:
    """The database is locked, full, busy or away: not now, and nothing is half done."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    log.error("database_fault", error=type(cause).__name__, endpoint=request.endpoint)
    ask_nobody()
    return ask_again(error_page(503))


def ask_again(response: Response) -> Response:
    """Say, to machines that ask, when this may have passed."""
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def unexpected(error: Exception) -> Response:
    """A fault of ours. The log says where, never what anybody typed."""
    where = place_of(error.__traceback__)
    log.error("request_failed", error=type(error).__name__, where=where, endpoint=request.endpoint)
    ask_nobody()
    return error_page(500)


def error_page(status: int, *, title: str | None = None, advice: Words | None = None) -> Response:
    """One error in words: those of its status, but for the ``title`` and ``advice`` given."""
    if "language" not in g:
        first = request.path.split("/", 2)[1]
        g.language = LANGUAGES.get(first) or preferred_language()
    usual_title, usual_advice = PAGES[status]
    words = {"title": title or usual_title, "advice": advice or Words(usual_advice)}
    try:
        return page("errors/error", status, **words, posted=posted_fields(status))
    except (DBAPIError, PoolExhausted) as fault:
        # Nobody was asked yet who is here, and now the database does not say: then that is the news.
        if status == 503:
            raise
        return database_fault(fault)


def posted_fields(status: int) -> list[tuple[str, str]]:
    """What was posted, to be sent once more from the page that says why it did not go through."""
    if request.method != "POST" or status not in WORTH_ANOTHER_TRY:
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_SHOWN]
