"""A family understands its score: a line, what changed since last year, what if, and a paper that anyone can check."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from services.population.demo import Story, demo_stories
from tests.journeys.checks import fits_small_phones, speaks_its_language
from tests.journeys.conftest import OpenPhone
from tests.journeys.installation import USRATI, Installation
from tests.journeys.pages import Phone

# Declared last year, and scored anew this year (services/demonstration.toml).
STORY = "just-under-the-limit"
TELECOM = "telecom_monthly"
RUNS = [
    pytest.param("ar", True, id="ar"),
    pytest.param("fr", False, id="fr-without-js"),
    pytest.param("zgh", True, id="zgh"),
    pytest.param("ar", False, id="ar-without-js", marks=pytest.mark.matrix),
    pytest.param("fr", True, id="fr", marks=pytest.mark.matrix),
    pytest.param("zgh", False, id="zgh-without-js", marks=pytest.mark.matrix),
]


@pytest.fixture(scope="module")
def story() -> Story:
    return next(story for story in demo_stories() if story.story == STORY)


@pytest.mark.parametrize(("language", "javascript"), RUNS)
def test_a_family_understands_checks_and_proves_its_score(
    portal: Installation, open_phone: OpenPhone, tmp_path: Path, story: Story, language: str, javascript: bool
) -> None:
    phone = open_phone(portal, language, javascript=javascript)
    phone.arrivals += [speaks_its_language, fits_small_phones]
    phone.have_session(portal.secret_for(story.idcs, language))
    phone.go("/score")
    score = number(phone.page.inner_text("main .number"))
    a_line_says_what_is_wrong_and_where_to_turn(phone)
    the_lines_make_the_score(phone, score)
    last_year_is_compared(phone, score)
    what_if_answers_without_changing_anything(phone, score)
    paper = make_statement(phone, tmp_path)
    anyone_can_check(portal, paper, tmp_path)


def a_line_says_what_is_wrong_and_where_to_turn(phone: Phone) -> None:
    line = phone.page.locator("ul.lines > li").first
    assert line.locator("svg.weigh").count() == 1
    line.locator("a[href='#wrong']").click()
    assert phone.page.url.endswith("#wrong")
    assert phone.page.locator("#wrong a[href^='tel:']").is_visible()


def the_lines_make_the_score(phone: Phone, score: Decimal) -> None:
    assert sum(map(number, phone.page.locator("h2.theme .sum").all_inner_texts())) == score


def last_year_is_compared(phone: Phone, score: Decimal) -> None:
    phone.go("/score/history")
    phone.follow("/score/compare?from=1&to=2")
    moved = sum(map(number, phone.page.locator("ul.lines .top > :last-child").all_inner_texts()))
    assert moved == number(phone.page.inner_text(".together").split(":")[1])
    assert moved != 0
    phone.go("/score/compare")
    assert phone.page.locator("ul.people li").count() == 4
    phone.go("/score")
    assert number(phone.page.inner_text("main .number")) == score


def what_if_answers_without_changing_anything(phone: Phone, score: Decimal) -> None:
    phone.follow("/score/what-if")
    phone.page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    telecom = int(phone.page.input_value(f"#{TELECOM}"))
    phone.page.fill(f"#{TELECOM}", str(telecom + 100))
    phone.page.locator("form#what-if button.button:not(.plain)").last.click()
    phone.page.locator("#result").wait_for()
    supposed = number(phone.page.inner_text("#result .number"))
    # 100 DH more a month for four people, by the coefficient of the towns: domain §4.
    assert abs(supposed - score - Decimal("0.0906")) <= Decimal("0.001")
    phone.go("/score")
    assert number(phone.page.inner_text("main .number")) == score


def make_statement(phone: Phone, folder: Path) -> str:
    """What the square code on the printed statement says."""
    phone.go("/score/statement")
    paper = folder / "statement.pdf"
    button = phone.page.locator("main form button.button, main a.button").first
    with phone.page.expect_download() as download:
        button.click()
    download.value.save_as(paper)
    subprocess.run(["pdftoppm", "-gray", "-r", "200", paper, folder / "page"], check=True)
    codes = {code.text for page in folder.glob("page*.pgm") for code in zxingcpp.read_barcodes(picture(page))}
    assert len(codes) == 1, codes
    return codes.pop()


def picture(path: Path) -> np.ndarray:
    """A page as poppler draws it: three words of heading, then a byte a point."""
    _, size, _, points = path.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(points, np.uint8).reshape(height, width)


def anyone_can_check(portal: Installation, square: str, folder: Path) -> None:
    """At the portal by the code alone; and without it, by the published keys, where a changed letter fails."""
    assert square.startswith(f"{portal.base}/v/")
    keys = folder / "keys.json"
    keys.write_text(json.dumps(published_keys(portal)), encoding="utf-8")
    assert verify(portal, square, keys) == 0
    changed = square[:-40] + ("A" if square[-40] != "A" else "B") + square[-39:]
    assert verify(portal, changed, keys) == 1


def published_keys(portal: Installation) -> object:
    command = [USRATI, "keys", "list", "--json"]
    return json.loads(subprocess.run(command, env=portal.environment, check=True, capture_output=True).stdout)


def verify(portal: Installation, square: str, keys: Path) -> int:
    command = [USRATI, "papers", "verify", square, "--keys", keys]
    return subprocess.run(command, env=portal.environment, capture_output=True, check=False).returncode


def number(text: str) -> Decimal:
    """A number as the page writes it."""
    return Decimal(text.strip().strip("\u2066\u2069\u200e\u200f").replace(",", ".").replace("\N{MINUS SIGN}", "-"))
