"""Real processes, a real browser. The journeys come last: Playwright's loop stays in this thread."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from services.settings import Settings
from tests.journeys.families import Family, new_family
from tests.journeys.gallery import Cast
from tests.journeys.installation import Installation
from tests.journeys.pages import Phone

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
ALONE = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
OpenPhone = Callable[..., Phone]
Enrol = Callable[..., Family]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
    items.sort(key=lambda item: HERE in item.path.parents)


@contextmanager
def running(installation: Installation) -> Iterator[Installation]:
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="session")
def portal(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The portal on SQLite with the demonstration, as `make run` starts it."""
    with running(Installation(tmp_path_factory.mktemp("portal"))) as installation:
        installation.command("demo")
        yield installation


@pytest.fixture(scope="session")
def cast(portal: Installation) -> Cast:
    """The families who look at every page."""
    return Cast(portal)


@pytest.fixture
def portal_on_postgresql(
    settings: Settings, postgresql_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """The same on a database of its own of the PostgreSQL cluster."""
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE journeys")
    url = postgresql_server.rsplit("/", 1)[0] + "/journeys"
    with running(Installation(tmp_path_factory.mktemp("portal"), url)) as installation:
        yield installation


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        with closing(playwright.chromium.launch(executable_path=CHROMIUM, args=list(ALONE))) as browser:
            yield browser


@pytest.fixture
def open_phone(chromium: Browser) -> Iterator[OpenPhone]:
    """Open phones: ``open_phone(portal, "ar", javascript=False)``. None of them may have complained."""
    phones: list[Phone] = []

    def open_one(portal: Installation, language: str = "fr", *, javascript: bool = True, width: int = 360) -> Phone:
        context = chromium.new_context(
            viewport={"width": width, "height": 740}, java_script_enabled=javascript, has_touch=True
        )
        context.set_default_timeout(20_000)
        phones.append(Phone(context, portal, language, javascript=javascript))
        return phones[-1]

    yield open_one
    for phone in phones:
        phone.close()
    assert [complaint for phone in phones for complaint in phone.complaints] == []


@pytest.fixture
def family(portal: Installation) -> Family:
    """A family that the register knows and the portal does not yet."""
    return portal.enrol(new_family())
