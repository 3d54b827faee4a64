"""Messages come in the language in which the family last did something."""

from tests.portal.conftest import OpenPortal
from tests.portal.stages import WIDOW
from tests.services.households.families import statements


def test_who_goes_on_in_another_language_is_written_to_in_it(open_portal: OpenPortal) -> None:
    portal = open_portal("answered")
    for language in ("fr", "ar"):
        walker = portal.family(language=language)
        walker.get("/form/home")
        walker.fill(rooms="3")
    walker.get("/form/check")
    walker.fill(form="/form/check")
    assert [message["locale"] for message in portal.sms.messages(WIDOW.mobile)] == ["ar"]


def test_the_language_is_written_once(open_portal: OpenPortal) -> None:
    portal = open_portal("answered")
    walker = portal.family()
    for times in (1, 0):
        walker.get("/form/home")
        with statements(portal.database) as run:
            walker.fill(rooms="3")
        assert sum("INTO accounts" in statement for statement in run) == times
