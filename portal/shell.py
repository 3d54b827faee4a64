"""What every page needs around its own words: languages, navigation, help, the session's end."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import current_app, g, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.urls import iri_to_uri

from portal.assets import asset
from portal.database import now
from portal.languages import LANGUAGES, current_language
from services.messages import N_, Words

RESCUED = N_("This is what you had written before your session ended. Check it and continue.")


def shell() -> Mapping[str, Any]:
    """The context of every template."""
    signed_in = current_user.is_authenticated
    return {
        "url": link,
        "asset": asset,
        "csrf_token": generate_csrf,
        "here": {code: address_in(code) for code in LANGUAGES},
        "signed_in": signed_in,
        "idle_seconds": int((current_user.session.ends_at - now()).total_seconds()) if signed_in else None,
        "stay": "citizen.stay",
        "help_phone": current_app.config["SETTINGS"].help_phone,
        "is_demo": current_app.config["SETTINGS"].is_demo,
        "notice": Words(RESCUED) if g.get("shows_rescued") else take_notice(),
        "form": None,
        "form_id": None,
        "errors": (),
        "step": None,
    }


def link(endpoint: str, **values: Any) -> str:
    """The address of a page in the language of this one. Those without values are made once."""
    return url_for(endpoint, **values) if values else fixed_link(endpoint, current_language().code)


@cache
def fixed_link(endpoint: str, code: str) -> str:
    """The address of a page that takes no values."""
    return url_for(endpoint, lang=code)


def say_next(words: Words) -> None:
    """Have the next page say this, once; its values are codes and counts, for they travel in a cookie."""
    session["notice"] = [words.key, dict(words.params), words.plural]


def take_notice() -> Words | None:
    """What the page before wanted said here."""
    return Words(*session.pop("notice")) if "notice" in session else None


def address_in(code: str) -> str:
    """This page's address in another language."""
    # As the browser wrote it: a path may hold signs that no page may.
    pieces = iri_to_uri(request.full_path).rstrip("?").split("/", 2)
    if len(pieces) < 3 or pieces[1] not in LANGUAGES:
        return f"/{code}/"
    return f"/{code}/{pieces[2]}"
