"""A page that only reads costs the session and at most two statements more, and writes nothing."""

import pytest

from tests.portal.conftest import OpenPortal
from tests.portal.every_page import OPEN_TO_FAMILIES, STAGES_TO_VISIT, paths_of, walker_at
from tests.portal.stages import STORIES
from tests.services.households.families import statements

SESSION, PAGE = 1, 2
# Who was not confirmed stands in a table of its own, and his name in his household;
# so do the decision, the paper of it, and the name of the head.
# An application looks at the household, its score, and what was asked before.
# Of messages an operator is told counts, what waits, the last that was taken, times, and the latest.
# The statement of a score is looked for beside it.
DEARER = {"/correct": 1, "/confirmation": 2, "/statement": 1, "/messages": 3, "/apply": 1}
FREE = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


def counted(seen: list[str]) -> list[str]:
    return [statement for statement in seen if not statement.startswith(FREE)]


@pytest.mark.parametrize("stage", STAGES_TO_VISIT)
def test_a_page_reads_little_and_writes_nothing(open_portal: OpenPortal, stage: str) -> None:
    walker, portal = walker_at(stage, open_portal)
    for path in paths_of(stage, portal):
        with statements(portal.database) as seen:
            walker.get(path)
        run = counted(seen)
        assert all(statement.startswith("SELECT") for statement in run), path
        # Where the page sent on to another one, each of the two is a page.
        pages = 2 if not walker.page.path.endswith(path) else 1
        most = (
            0
            if stage.startswith(("visitor", "staff"))
            else (SESSION + PAGE) * pages + DEARER.get("/" + path.partition("?")[0].rpartition("/")[2], 0)
        )
        assert len(run) <= most, f"{path}: {run}"


def test_every_stage_of_a_family_is_counted() -> None:
    assert set(OPEN_TO_FAMILIES) < set(STAGES_TO_VISIT)


@pytest.mark.parametrize("path", ["/household", "/form", "/form/home", "/form/work/30", "/form/check"])
def test_a_household_of_fifty_costs_no_more_statements_than_one_of_four(open_portal: OpenPortal, path: str) -> None:
    portal = open_portal("fifty answered")
    walker = portal.family(STORIES["household-of-fifty"])
    walker.get(path)
    with statements(portal.database) as seen:
        page = walker.get(path)
    assert page.path.endswith(path)
    assert len(counted(seen)) <= SESSION + PAGE
