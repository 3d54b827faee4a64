"""The pages of the README beside a bare Flask page, and how many submissions a second are acknowledged."""

from dataclasses import dataclass

from benchmarks.families import Cast, Visit, count_requests, visit
from benchmarks.load import SECONDS, Ask, Measured, load, measure, size
from benchmarks.servers import BARE, Serving
from services.database import Database
from services.requests.references import format_reference
from tests.services.households.families import Someone

CHECK, FORM, SIGN_IN, TRACK = "/form/check", "/form/home", "/sign-in", "/track"
FRENCH = "/fr"


@dataclass(frozen=True)
class Row:
    """One page as measured; ``compressed`` is its size in bytes, for pages that are read."""

    name: str
    measured: Measured
    compressed: int | None


def measure_pages(server: Serving, cast: Cast) -> list[Row]:
    """Every page of the README, one after another."""
    return [
        Row(name, measure(server, asks), None if asks[0].body else size(server, asks[0]))
        for name, asks in _pages(server, cast)
    ]


def measure_bare(server: Serving) -> tuple[float, float]:
    """The bare page's requests a second, and the CPU time of one in milliseconds."""
    found = load(server, [Ask(BARE)], seconds=2 * SECONDS)
    return found.rate, found.cpu


def measure_submissions(server: Serving, database: Database, cast: Cast) -> tuple[int, float]:
    """How many submissions were acknowledged, and how many a second: each of a family of its own."""
    page = visit(server.base, CHECK, cast.sending[0][0])
    asks = [
        page.ask(FRENCH + CHECK, cookie, sender=_address(place), submission_key=draft_id.hex)
        for place, (cookie, draft_id) in enumerate(cast.sending)
    ]
    before = count_requests(database)
    load(server, asks, seconds=2 * SECONDS)
    made = count_requests(database) - before
    assert made < len(asks), "more families are needed: some sent twice"
    return made, made / (2 * SECONDS)


def _pages(server: Serving, cast: Cast) -> list[tuple[str, list[Ask]]]:
    sign_in = visit(server.base, SIGN_IN)
    form, track = visit(server.base, FORM, cast.filling), visit(server.base, TRACK)
    return [
        ("home page", [Ask(FRENCH + "/")]),
        ("sign-in page", [Ask(FRENCH + SIGN_IN)]),
        ("sign-in, a code is asked for", [_sign_in(sign_in, one, n) for n, one in enumerate(cast.people)]),
        ("form page", [Ask(FRENCH + FORM, cast.filling)]),
        ("form post", [form.ask(FRENCH + FORM, cast.filling)]),
        ("tracking page", [Ask(FRENCH + TRACK)]),
        ("tracking, a code is asked for", _tracked(track, cast.reference)),
        ("request page", [Ask(f"{FRENCH}/requests/{cast.reference}", cast.five)]),
        ("score page, household of 5", [Ask(FRENCH + "/score", cast.five)]),
        ("score page, household of 50", [Ask(FRENCH + "/score", cast.fifty)]),
    ]


def _sign_in(page: Visit, person: Someone, number: int) -> Ask:
    year, month, day = [*person.birth_date.iso.split("-"), "", ""][:3]
    typed = {"idcs": person.idcs, "sex": "F", "birth_year": year, "birth_month": month, "birth_day": day}
    return page.ask(FRENCH + SIGN_IN, sender=_address(number), **typed)


def _tracked(page: Visit, reference: str) -> list[Ask]:
    typed = {"reference": format_reference(reference)}
    return [page.ask(FRENCH + TRACK, sender=_address(number), **typed) for number in range(3000)]


def _address(number: int) -> str:
    """Another visitor's address for each number: what is limited is limited by it."""
    return f"10.{1 + number // 65536}.{number // 256 % 256}.{number % 256}"
