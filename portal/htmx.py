"""One view, one context, for a whole page and for what HTMX swaps in."""

from typing import Any

from flask import Response, g, make_response, request

from portal.languages import current_language, keep_language
from portal.templating import render_template


def is_swap() -> bool:
    """Whether HTMX asks and will swap; a history restore needs the whole page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def page(name: str, status: int = 200, **context: Any) -> Response:
    """Render ``<name>/page.html``: whole, or its body alone for HTMX."""
    return _answer(f"{name}/page.html", status, fragment=is_swap(), **context)


def part(name: str, status: int = 200, **context: Any) -> Response:
    """Render one ``_part.html`` that HTMX swaps into a place of its own."""
    return _answer(name, status, **context)


def _answer(template: str, status: int, **context: Any) -> Response:
    from portal.shell import shell

    response = make_response(render_template(template, current_language().code, shell() | context), status)
    keep_language(response)
    response.vary.add("HX-Request")
    response.vary.add("Cookie")
    response.headers["X-Usrati-Page"] = "1"
    if not g.get("cacheable"):
        response.headers["Cache-Control"] = "no-store"
    return response
