"""Every page in every language is valid, accessible in its bones, private and light."""

import re
from pathlib import Path

import brotli
import pytest

import portal
from portal.languages import LANGUAGES
from tests.portal.conftest import OpenPortal
from tests.portal.every_page import STAGES_TO_VISIT, visits_of, walker_at

STATIC = Path(portal.__file__).parent / "static"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", STAGES_TO_VISIT)
def test_every_page_is_sound(open_portal: OpenPortal, stage: str, language: str) -> None:
    for name, visit in visits_of(stage):
        walker, behind = walker_at(stage, open_portal, language=language)
        visit(walker, behind)
        assert walker.page.status < 500, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_of_ours_has_a_sound_page_too(open_portal: OpenPortal, language: str) -> None:
    behind = open_portal("enrolled", shows_faults=False)
    behind.app.add_url_rule("/<lang>/broken", "broken", lambda: 1 / 0)
    page = behind.visitor(language=language).get("/broken")
    assert (page.status, page.heading == "") == (500, False)
    assert "ZeroDivision" not in page.text


def test_the_stylesheet_knows_neither_left_nor_right() -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "portal.css").read_text(), flags=re.DOTALL)
    assert re.findall(r"\b(?:left|right)\b[^;]*", css) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_is_light(open_portal: OpenPortal, language: str) -> None:
    page = open_portal("enrolled").visitor(language=language).get("/")
    linked = {one.get("src") or one.get("href") for tag in ("script", "link") for one in page.all(tag)}
    linked |= {(one.get("href") or "").split("#")[0] for one in page.all("use")}
    names = [address.split("?")[0].removeprefix("/static/") for address in linked if address]
    static = [(STATIC / name).read_bytes() for name in names]
    assert len(names) + 1 <= 8
    assert (
        len(brotli.compress(page.body, quality=4)) + sum(len(brotli.compress(content)) for content in static) <= 50_000
    )
