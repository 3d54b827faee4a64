"""Numbers, amounts, dates and identifiers as people read them.

Digits are Latin everywhere, as in Morocco. On an Arabic page every run of four digits or more
stands in ``<bdi dir="ltr">``, so that it never reads backwards. Patterns are our own where
Babel's are broken (Amazigh money and dates); the month names are Babel's, Moroccan in Arabic.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from jinja2 import Environment
from markupsafe import Markup, escape

from portal.languages import LANGUAGES, plain, say
from services.households.places import Place
from services.messages import Words
from services.population.identifiers import format_idcs, mask_mobile
from services.requests.references import format_reference

MOROCCO = ZoneInfo("Africa/Casablanca")
NANO = 1_000_000_000
MINUS = "\N{MINUS SIGN}"
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
# What stands between a day and the time of day, and how the time is written.
MOMENT_PATTERNS = {"ar": ("، ", "HH:mm"), "fr": (" à ", "H\u00a0'h'\u00a0mm"), "zgh": (", ", "HH:mm")}
REFERENCE = r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b"
LONG_RUN = re.compile(REFERENCE + r"|\d(?:[ \u202f\u00a0.,:-]?\d){3,}")
ARABIC_LETTER = re.compile("[\u0620-\u064a]")
LEFT_TO_RIGHT_MARK = "\u200e"
# Most numbers of a page have three digits at most: nothing groups, isolates or escapes them.
SHORT = 1000


def isolate(text: str) -> Markup:
    """Text that reads from left to right wherever it stands."""
    return Markup(f'<bdi dir="ltr">{escape(text)}</bdi>')  # noqa: S704 (escaped here; a page has dozens)


def number(value: int | Decimal) -> str:
    """``40000`` as ``40 000``, ``12.5`` as ``12,5``."""
    digits = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return digits.replace(",", THIN_SPACE).replace(".", ",").replace("-", MINUS)


SHORT_NUMBERS = {value: Markup(number(value)) for value in range(1 - SHORT, SHORT)}  # noqa: S704 (digits)


def score(nano: int, places: int = 3) -> str:
    """A score in nano-units with a decimal comma: ``9296428400`` as ``9,296``. Rounds half up."""
    unit = 10 ** (9 - places)
    rounded = (abs(nano) + unit // 2) // unit
    whole, rest = divmod(rounded, 10**places)
    sign = MINUS if nano < 0 and rounded else ""
    return f"{sign}{whole},{rest:0{places}d}" if places else f"{sign}{whole}"


def signed_thousandths(thousandths: int) -> str:
    """How far a line moves the score, with its sign: ``60`` as ``+0,060``."""
    sign = "+" if thousandths > 0 else MINUS if thousandths < 0 else ""
    return f"{sign}{abs(thousandths) // 1000},{abs(thousandths) % 1000:03d}"


@lru_cache(maxsize=4096)  # lines of most families move their scores by the same few hundred thousandths
def _signed(value: int) -> Markup:
    return isolate(signed_thousandths(value))


def decimal(value: Decimal) -> str:
    """An exact decimal with a comma, as many places as it has."""
    return f"{value:f}".replace(".", ",").replace("-", MINUS)


def thousandths(value: int) -> str:
    """A score in thousandths: ``9296`` as ``9,296``."""
    return score(value * (NANO // 1000))


def fraction(value: Fraction) -> str:
    """A value of the formula: whole, or with up to four decimals."""
    if value.denominator == 1:
        return number(value.numerator)
    return f"{float(value):.4f}".rstrip("0").replace(".", ",")


def day(value: date, code: str) -> str:
    """``15 juin 2026``, ``15 يونيو 2026``; an instant is taken in Moroccan time."""
    return _day(value.astimezone(MOROCCO).date() if isinstance(value, datetime) else value, code)


@lru_cache(maxsize=4096)  # a page says the same day on line after line
def _day(value: date, code: str) -> str:
    if code == "fr" and value.day == 1:
        return format_date(value, "'1er' MMMM y", locale=LANGUAGES[code].locale)
    return format_date(value, "d MMMM y", locale=LANGUAGES[code].locale)


def moment(value: datetime, code: str) -> str:
    """A day and the time of day in Morocco."""
    local = value.astimezone(MOROCCO)
    between, clock = MOMENT_PATTERNS[code]
    return day(value, code) + between + format_time(local, clock, locale=LANGUAGES[code].locale)


def birth(iso: str, code: str) -> str:
    """A possibly partial birth date: ``1984``, ``mai 1984``, ``2 mai 1984``."""
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    pattern = "MMMM y" if len(parts) == 2 else "d MMMM y"
    return format_date(date(*[*parts, 1][:3]), pattern, locale=LANGUAGES[code].locale)


def for_text(value: Any, code: str) -> str:
    """Any value of a sentence, as plain text in one language."""
    if isinstance(value, Words):
        return plain(value, code)
    if isinstance(value, Place):
        return value.names[code]
    if isinstance(value, datetime):
        return moment(value, code)
    if isinstance(value, date):
        return day(value, code)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return number(value)
    return str(value)


def for_page(value: Any, code: str) -> Markup:
    """Any value of a sentence, safe in a page and never reading backwards."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Words):
        return say(value, code)
    if type(value) is int and -SHORT < value < SHORT:
        return SHORT_NUMBERS[value]
    return protect(for_text(value, code), code)


def protect(text: str, code: str) -> Markup:
    """Escape ``text``; on an Arabic page isolate its long numbers."""
    if code != "ar":
        return escape(text)
    if re.fullmatch(r"[\d\u202f ,.+\u2212:•-]{4,}", text):
        return isolate(text)
    safe = str(escape(text))
    return Markup(LONG_RUN.sub(lambda run: f'<bdi dir="ltr">{run[0]}</bdi>', safe))  # noqa: S704 (escaped above)


def keep_in_order(text: str) -> str:
    """Text without markup: beside Arabic letters, a mark keeps the groups of a reference in their order."""
    if not ARABIC_LETTER.search(text):
        return text
    return re.sub(REFERENCE, lambda found: LEFT_TO_RIGHT_MARK + found[0], text)


def add_filters(environment: Environment, code: str) -> None:
    """Give templates of one language its filters."""

    def page_filter(name: str, render: Any) -> None:
        environment.filters[name] = lambda value, *rest: protect(render(value, *rest), code)

    page_filter("number", number)
    page_filter("day", lambda value: day(value, code))
    page_filter("moment", lambda value: moment(value, code))
    page_filter("birth", lambda value: birth(value, code))
    for name, render in (
        ("score", score),
        ("decimal", decimal),
        ("thousandths", thousandths),
        ("fraction", fraction),
        ("idcs", format_idcs),
        ("masked", mask_mobile),
        ("reference", format_reference),
    ):
        environment.filters[name] = lambda value, *rest, render=render: isolate(render(value, *rest))
    environment.filters["signed"] = _signed
    environment.filters["score_text"] = score
    environment.filters["say"] = lambda value: for_page(Words(value) if type(value) is str else value, code)
    environment.filters["plain"] = lambda value: plain(value, code)
    environment.filters["protect"] = lambda value: protect(str(value), code)
    environment.filters["name"] = lambda value: person_name(value, code)


def person_name(name: Any, code: str) -> Markup:
    """A display name in the script of the page: Arabic script for Arabic, Latin for the others."""
    if name is None:
        return Markup("")
    if code == "ar":
        return Markup("<bdi>{}</bdi>").format(name.arabic)
    return (
        Markup('<bdi lang="fr">{}</bdi>').format(name.latin)
        if code == "zgh"
        else Markup("<bdi>{}</bdi>").format(name.latin)
    )
