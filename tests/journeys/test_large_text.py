"""Text at twice its size on the smallest phone: pages grow downwards, never sideways."""

import pytest

from tests.journeys.checks import OUTSIDE
from tests.journeys.conftest import OpenPhone
from tests.journeys.gallery import SCENES, Cast
from tests.journeys.installation import Installation
from tests.journeys.pages import DIRECTIONS, Phone

MAIN_PAGES = ("front", "sign-in", "code", "start", "members", "add member", "bills", "check", "request", "score")
MAIN_SCENES = {scene.page: scene for scene in SCENES if scene.page in MAIN_PAGES}
WIDTHS = "() => [document.documentElement.scrollWidth, innerWidth, getComputedStyle(document.documentElement).fontSize]"


def double_the_text(phone: Phone) -> None:
    """What the browser's own setting does."""
    session = phone.context.new_cdp_session(phone.page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})


@pytest.mark.parametrize("language", DIRECTIONS)
def test_the_main_pages_at_200_percent(portal: Installation, open_phone: OpenPhone, cast: Cast, language: str) -> None:
    phone = open_phone(portal, language, width=320)
    double_the_text(phone)
    too_wide = []
    for scene in MAIN_SCENES.values():
        scene.open(phone, cast)
        content, screen, size = phone.page.evaluate(WIDTHS)
        assert (screen, size) == (320, "32px")
        if content > screen:
            too_wide.append(f"{scene.page}, {scene.state}: {content} px, {phone.page.evaluate(OUTSIDE)}")
    assert too_wide == []
    assert len(MAIN_SCENES) == 10
