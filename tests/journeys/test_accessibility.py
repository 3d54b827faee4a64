"""No page fails axe-core, in any language or state; and none is too wide for the smallest phone."""

from itertools import cycle
from pathlib import Path

import pytest

from tests.journeys.checks import fits_small_phones, speaks_its_language
from tests.journeys.conftest import OpenPhone
from tests.journeys.gallery import SCENES, Cast, Scene
from tests.journeys.installation import Installation
from tests.journeys.pages import DIRECTIONS, Phone

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(one =>
    one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`))"""


def violations(phone: Phone, cast: Cast, scene: Scene) -> list[str]:
    """What axe-core finds wrong with a scene."""
    phone.seen.clear()
    scene.open(phone, cast)
    speaks_its_language(phone)
    fits_small_phones(phone)
    # Evaluated from outside the page, so that the page's own policy stays as it is.
    phone.page.evaluate(AXE)
    found: list[str] = phone.page.evaluate(RUN)
    return [f"{phone.language} {scene.page}, {scene.state}: {one}" for one in found]


def test_every_page_once(portal: Installation, open_phone: OpenPhone, cast: Cast) -> None:
    phones = cycle([open_phone(portal, language) for language in DIRECTIONS])
    # Of each page its last state, which shows the most.
    pages = {scene.page: scene for scene in SCENES}.values()
    assert [one for scene, phone in zip(pages, phones, strict=False) for one in violations(phone, cast, scene)] == []


@pytest.mark.matrix
@pytest.mark.parametrize("language", DIRECTIONS)
def test_every_page_in_every_state_and_language(
    portal: Installation, open_phone: OpenPhone, cast: Cast, language: str
) -> None:
    phone = open_phone(portal, language)
    assert [one for scene in SCENES for one in violations(phone, cast, scene)] == []
