"""The synthetic people of the demonstration, in households that each tell a story.

``demo.csv`` is a file of people (:mod:`services.population.people_file`) with four columns more:
``story``, its name on the line of whom it is about; ``household`` and ``relation``, of each
household that names this person, separated by ``;``; ``declared_birth_date``, where the family
believes another date than the register. A household bears the name of its story. Every family,
number and date is invented.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.database import Database
from services.population.identifiers import parse_mobile
from services.population.loading import load_people

DEMO_FILE = Path(__file__).with_name("demo.csv")


@dataclass(frozen=True)
class Story:
    """One household, and the person in it who signs in with these data.

    ``mobile`` is E.164, as in the outgoing messages; None where none is on file. ``household``
    lists everyone the family names, this person first, each with ``idcs``, ``birth_date`` (as
    registered), ``declared_birth_date`` (None, or what the family believes), ``relation`` (to
    the head), ``name_latin``, ``name_arabic`` and ``sex``.
    """

    story: str
    idcs: str
    sex: str
    birth_date: str
    mobile: str | None
    household: list[dict[str, str | None]]


def demo_stories() -> list[Story]:
    """The stories, in the order of the file."""
    with DEMO_FILE.open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    households: dict[str, list[dict[str, str | None]]] = {}
    for person in people:
        places = zip(person["household"].split(";"), person["relation"].split(";"), strict=True)
        for household, relation in places:
            households.setdefault(household, []).append(_member(person, relation))
    return [_story(person, households[person["story"]]) for person in people if person["story"]]


def load_demo(database: Database, *, now: datetime) -> list[Story]:
    """Bring the people of the stories into the register; again changes nothing.

    Raises ValueError if a line is refused, as on a clock that is years slow.
    """
    report = load_people(database, DEMO_FILE, now=now)
    if report.faults:
        raise ValueError("; ".join(f"demo.csv, line {fault.line}: {fault.reason}" for fault in report.faults))
    return demo_stories()


def _member(person: dict[str, str], relation: str) -> dict[str, str | None]:
    return {
        "idcs": person["idcs"],
        "birth_date": person["birth_date"],
        "declared_birth_date": person["declared_birth_date"] or None,
        "relation": relation,
        "name_latin": person["name_latin"],
        "name_arabic": person["name_arabic"],
        "sex": person["sex"],
    }


def _story(person: dict[str, str], household: list[dict[str, str | None]]) -> Story:
    return Story(
        story=person["story"],
        idcs=person["idcs"],
        sex=person["sex"],
        birth_date=person["birth_date"],
        mobile=parse_mobile(person["mobile"]) if person["mobile"] else None,
        household=sorted(household, key=lambda member: member["idcs"] != person["idcs"]),
    )
