"""Every address of the portal: the blueprints, under their language."""

from typing import Any

from flask import Flask, abort, g, redirect
from werkzeug.wrappers import Response

from portal import citizen, desk, machine, ops, public
from portal.access import access
from portal.languages import LANGUAGES, preferred_language


def init_app(app: Flask) -> None:
    """Register the pages under ``/<lang>`` and the few addresses without language."""
    for blueprint in (public.pages, citizen.pages):
        app.register_blueprint(blueprint, url_prefix="/<lang>")
    app.register_blueprint(desk.pages, url_prefix="/<lang>/desk")
    app.register_blueprint(ops.pages, url_prefix="/<lang>/ops")
    app.register_blueprint(machine.pages)
    app.register_blueprint(public.papers.papers)
    app.url_value_preprocessor(take_language)
    app.url_defaults(give_language)
    app.add_url_rule("/", "choose_language", choose_language)


def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The first piece of the address says the language; an unknown one is no page."""
    if not values or "lang" not in values:
        return
    code = values.pop("lang")
    if code not in LANGUAGES:
        abort(404)
    g.language = LANGUAGES[code]


def give_language(endpoint: str, values: dict[str, Any]) -> None:
    """Links stay in the language of the page."""
    if "." in endpoint and "lang" not in values:
        values["lang"] = (g.get("language") or preferred_language()).code


@access("public")
def choose_language() -> Response:
    """Send to the visitor's language."""
    response = redirect(f"/{preferred_language().code}/", 302)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
