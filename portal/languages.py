"""The three languages: catalogues, and the words of a sentence in one of them."""

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.pofile import read_po
from flask import Response, current_app, g, request
from flask_babel import Babel
from markupsafe import Markup

from services.messages import Words

A_YEAR = 365 * 24 * 3600
TRANSLATIONS = Path(__file__).parent / "translations"


@dataclass(frozen=True)
class Language:
    """One language of the portal. ``locale`` is Babel's, for dates and numbers."""

    code: str
    name: str
    direction: str
    locale: Locale


LANGUAGES = {
    language.code: language
    for language in (
        Language("ar", "العربية", "rtl", Locale.parse("ar_MA")),
        Language("fr", "Français", "ltr", Locale.parse("fr_MA")),
        Language("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ltr", Locale.parse("zgh")),
    )
}
DEFAULT = LANGUAGES["ar"]
babel = Babel()


@dataclass(frozen=True)
class Catalogue:
    """The sentences of one language. A missing Amazigh one is said in Arabic."""

    code: str
    sentences: Mapping[str, str | tuple[str, ...]]
    form_of: Callable[[int], int]

    def find(self, key: str) -> str | None:
        """The sentence for ``key``, or None where nobody translated it yet."""
        found = self.sentences.get(key)
        return found if isinstance(found, str) else None

    def find_counted(self, key: str, count: int) -> str | None:
        """The form of a counted sentence for ``count``."""
        forms = self.sentences.get(key)
        return forms[self.form_of(count)] if isinstance(forms, tuple) else None


@cache
def catalogue(code: str) -> Catalogue:
    """Read one catalogue, once a process."""
    with (TRANSLATIONS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        read = read_po(file, locale=str(LANGUAGES[code].locale))
    sentences: dict[str, str | tuple[str, ...]] = {}
    for message in read:
        if message.fuzzy or not message.id or not message.string:
            continue
        if isinstance(message.id, (list, tuple)):
            if all(message.string):
                sentences[message.id[0]] = tuple(message.string)
        else:
            sentences[message.id] = message.string
    return Catalogue(code, sentences, gettext.c2py(read.plural_expr))


def count_missing(code: str) -> tuple[int, int]:
    """How many sentences a catalogue lacks, and how many it should have."""
    with (TRANSLATIONS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        known = sum(1 for message in read_po(file) if message.id)
    return known - len(catalogue(code).sentences), known


def sentence(code: str, key: str, count: int | None = None) -> tuple[str, str]:
    """The words for ``key`` and the language they are in (``ar`` where Amazigh is missing)."""
    for candidate in (code, "ar") if code == "zgh" else (code,):
        found = catalogue(candidate).find(key) if count is None else catalogue(candidate).find_counted(key, count)
        if found is not None:
            return found, candidate
    return key, "en"


def is_sentence(key: str) -> bool:
    """Whether ``key`` is a sentence for people: one that a catalogue has."""
    return any(catalogue(code).find(key) is not None for code in LANGUAGES)


@cache
def marked(text: str, spoken: str, code: str) -> Markup:
    """A sentence for a page in ``code``, wrapped in its own ``lang`` where it differs, its numbers safe."""
    from portal.formatting import protect

    if spoken in (code, "en"):
        return protect(text, code)
    return Markup('<span lang="{}" dir="{}">{}</span>').format(
        spoken, LANGUAGES[spoken].direction, protect(text, spoken)
    )


def say(words: Words | str, code: str | None = None) -> Markup:
    """A sentence for a page, its values formatted for the reader."""
    from portal import formatting

    code = code or current_language().code
    if isinstance(words, str):
        words = Words(words)
    if not words.params:
        return fixed(words.key, code)
    pattern = _pattern(words.key, code, words.params.get("count") if words.plural else None)
    # Sentence and values are escaped already: filling in as text spares escaping each again.
    return Markup(pattern % {name: formatting.for_page(value, code) for name, value in words.params.items()})  # noqa: S704


@lru_cache(maxsize=8192)
def _pattern(key: str, code: str, count: int | None) -> str:
    """The sentence for a page as plain text, its values still to be filled in."""
    return str(marked(*sentence(code, key, count), code))


@cache
def fixed(key: str, code: str) -> Markup:
    """A sentence without values, for a page."""
    text, spoken = sentence(code, key)
    return marked(text, spoken, code)


def plain(words: Words | str, code: str) -> str:
    """A sentence without markup: for titles, attributes and SMS."""
    from portal import formatting

    if isinstance(words, str):
        words = Words(words)
    text, _ = sentence(code, words.key, words.params.get("count") if words.plural else None)
    values = {name: formatting.for_text(value, code) for name, value in words.params.items()}
    return text % values if values else text


def render_message(code: str, key: str, params: Mapping[str, Any]) -> str:
    """The words of an SMS; given to the worker, which knows no language."""
    from portal.formatting import keep_in_order

    return keep_in_order(plain(Words(key, params), code))


def current_language() -> Language:
    """The language of the page being made: the address says it, else the browser's wish."""
    chosen: Language | None = g.get("language")
    return chosen or preferred_language()


def preferred_language() -> Language:
    """What the visitor chose last, else what the browser asks for, else Arabic."""
    remembered = request.cookies.get("language", "")
    if remembered in LANGUAGES:
        return LANGUAGES[remembered]
    asked = request.accept_languages.best_match(["ar", "fr", "zgh", "tzm", "ber"])
    return LANGUAGES.get({"tzm": "zgh", "ber": "zgh"}.get(asked or "", asked or ""), DEFAULT)


def keep_language(response: Response) -> None:
    """Have the browser come back to the language of this page, where an address names none."""
    code = current_language().code
    if request.cookies.get("language") != code:
        secure = current_app.config["SETTINGS"].secure_cookies
        response.set_cookie("language", code, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")


def select_locale() -> Locale:
    """For Flask-Babel, which formats."""
    return current_language().locale
