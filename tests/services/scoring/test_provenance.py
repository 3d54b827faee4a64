"""Every value of a score says where it came from, and when."""

from datetime import date

from services.scoring.compute import compute_score
from services.scoring.explain import explain
from services.scoring.installed import shipped_models
from services.scoring.provenance import SENTENCES, Origin, origins_of, provenance_of
from services.scoring.topics import TOPICS
from tests.services.scoring.declarations import DAY, a_child, a_declaration, a_head

MODEL = shipped_models()["rsu-2023-unofficial"]
DECLARED_ON = date(2026, 6, 2)
D, R, C = Origin


def test_every_line_says_where_its_values_came_from() -> None:
    told = explain(compute_score(a_declaration(a_head(), a_child("2015")), model=MODEL, on=DAY))
    origins = {line.key: line.origins for line in told.lines}
    assert all(origins.values())
    assert (origins["mobile_phones"], origins["head_age"], origins["members"]) == ((D,), (C,), (D, R))
    assert origins["children_public_school"] == origins["share_earning"] == (D, C)
    assert origins["health_cover"] == origins["share_senior_managers"] == (D,)


def test_what_the_family_declared_bears_the_day_it_did_and_an_age_that_of_the_score() -> None:
    words = [(one.origin, one.on) for one in provenance_of((D, C), declared_on=DECLARED_ON, on=DAY)]
    assert words == [(D, DECLARED_ON), (C, DAY)]
    [declared] = provenance_of((D,), declared_on=DECLARED_ON, on=DAY)
    assert declared.words.params == {"day": DECLARED_ON}


def test_each_origin_is_said_once_and_in_the_same_order() -> None:
    assert origins_of(("birth_date", "schooling", "activity")) == (D, C)
    assert {origin for topic in TOPICS for origin in topic.origins} == set(Origin) == set(SENTENCES)
