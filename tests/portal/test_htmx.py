"""What HTMX swaps in is the same page: its body word for word, in one answer that caches tell apart."""

import re

import brotli
import pytest

from portal.languages import LANGUAGES
from services.households.places import REGIONS, provinces_of
from tests.portal.conftest import OpenPortal, Portal
from tests.portal.every_page import STAGES_TO_VISIT, paths_of, walker_at
from tests.portal.pages import Page, words

LIGHT = 5_000
# The whole arithmetic of a score is asked for by itself; a supposed household is one form of all that counts.
HEAVIER = {"/score?arithmetic=1": 6_000, "/simulate": 5_800, "/score/what-if": 6_400}
HTMX = {"HX-Request": "true"}
TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+|(?<=name="submission_key" value=")[^"]+|(?<=data-idle=")\d+')


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", STAGES_TO_VISIT)
def test_a_fragment_is_the_body_of_the_page_and_light(open_portal: OpenPortal, stage: str, language: str) -> None:
    walker, portal = walker_at(stage, open_portal, language=language)
    for path in paths_of(stage, portal):
        walker.headers = {}
        whole = walker.get(path)
        walker.headers = HTMX
        part = walker.get(path)
        assert part.status == whole.status
        assert title_and_body(part) == title_and_body(whole), path
        assert TOKEN.sub("", part.text).strip().startswith("<title>")
        size = len(brotli.compress(part.body, quality=4))
        assert size <= HEAVIER.get(path, LIGHT), f"{path} takes {size} bytes"


def title_and_body(page: Page) -> tuple[str, str]:
    """The title, and ``#page`` as it stands in the answer."""
    text = TOKEN.sub("", page.text)
    start = text.index('<div id="page"')
    end = text.index("\n</div>\n", start)
    return words(page.one("title")), text[start:end]


def test_a_history_restore_gets_the_whole_page(portal: Portal) -> None:
    walker = portal.visitor(htmx=True)
    assert not walker.get("/").all("html")
    walker.headers["HX-History-Restore-Request"] = "true"
    assert walker.get("/").all("html")


def test_a_form_is_corrected_the_same_way(portal: Portal) -> None:
    walker = portal.visitor(htmx=True)
    walker.get("/sign-in")
    page = walker.fill(idcs="1")
    assert page.status == 422
    assert page.problems[0][0] == "idcs"
    assert "HX-Request" in page.headers["Vary"]


def test_the_provinces_of_a_region_are_a_part_of_the_address_page(open_portal: OpenPortal) -> None:
    walker = open_portal("begun").family(htmx=True)
    [region] = [one for one in REGIONS if one.code == "MA-04"]
    walker.page = walker.browser.send("GET", "/fr/form/provinces?region=MA-04", None, HTMX)
    shown = [option.get("value") for option in walker.page.all("option")]
    assert shown == ["", *(place.code for place in provinces_of(region.code))]
    assert walker.page.all("label", for_="province")


def test_an_unknown_region_has_no_provinces(open_portal: OpenPortal) -> None:
    walker = open_portal("begun").family()
    page = walker.browser.send("GET", "/fr/form/provinces?region=%00%F0", None, HTMX)
    assert page.status == 200
    assert len(page.all("option")) == 1
