"""A code on the real way: portal, worker, Kannel, an operator; and the report of its delivery back."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from portal.languages import LANGUAGES, render_message
from services.accounts.code_sending import CODE_MESSAGES
from services.messaging.models import Message
from services.settings import Settings
from tests.deploy.kannel import Kannel, Phones
from tests.journeys.families import new_family
from tests.journeys.installation import Installation, wait_until
from tests.portal.walking import HttpBrowser, Walker


@pytest.fixture(scope="module")
def kannel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kannel]:
    with Kannel(tmp_path_factory.mktemp("kannel")).started() as kannel:
        yield kannel


@pytest.fixture(scope="module")
def installation(
    settings: Settings, kannel: Kannel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("installation"))
    installation.environment |= {"USRATI_SMS_URL": kannel.sendsms}
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


@pytest.fixture
def phones(kannel: Kannel, tmp_path: Path) -> Iterator[Phones]:
    with kannel.with_operator(tmp_path / "operator") as phones:
        yield phones


def mother(installation: Installation) -> SimpleNamespace:
    family = installation.enrol(new_family())
    of_hers = {name: family.mother[name] for name in ("idcs", "sex", "birth_date")}
    return SimpleNamespace(**of_hers, mobile=family.mobile)


def last_message(installation: Installation) -> Any:
    columns = (Message.delivery, Message.parts, Message.sent_at, Message.delivery_at, Message.reason, Message.to_sealed)
    with installation.database.reading() as session:
        return session.execute(sa.select(*columns).order_by(Message.created_at.desc()).limit(1)).one()


def ask_for_code(installation: Installation, person: SimpleNamespace, language: str) -> Walker:
    walker = Walker(HttpBrowser(installation.base), language=language)
    walker.get("/sign-in")
    year, month, day = person.birth_date.split("-")
    walker.fill(idcs=person.idcs, sex=person.sex, birth_year=year, birth_month=month, birth_day=day)
    return walker


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_reaches_the_phone_and_its_report_the_portal(
    installation: Installation, phones: Phones, language: str
) -> None:
    person = mother(installation)
    walker = ask_for_code(installation, person, language)
    code = phones.code(person.mobile)
    [got] = phones.messages(person.mobile)
    assert got["text"] == render_message(language, CODE_MESSAGES["sign_in"], {"code": code})
    assert (got["from"], got["alphabet"]) == ("Usrati", "text" if language == "fr" else "ucs-2")
    wait_until(lambda: last_message(installation).delivery == "delivered", "no report came")
    wait_until(lambda: last_message(installation).sent_at, "it was not recorded as sent")
    stored = last_message(installation)
    assert (stored.parts, stored.reason, stored.to_sealed) == (1, None, None)
    assert walker.fill(code=code).path.endswith("/household/start")


def test_a_message_that_waits_in_kannel_is_told_from_one_that_arrived(
    installation: Installation, kannel: Kannel, tmp_path: Path
) -> None:
    person = mother(installation)
    ask_for_code(installation, person, "ar")
    wait_until(lambda: last_message(installation).delivery == "queued", "Kannel did not take it")
    with kannel.with_operator(tmp_path / "operator") as phones:
        assert phones.code(person.mobile)
        wait_until(lambda: last_message(installation).delivery == "delivered", "no report came")


def test_neither_number_nor_text_nor_password_is_in_a_log(
    installation: Installation, kannel: Kannel, phones: Phones
) -> None:
    person = mother(installation)
    ask_for_code(installation, person, "fr")
    code = phones.code(person.mobile)
    wait_until(lambda: last_message(installation).delivery == "delivered", "no report came")
    logs = [*kannel.folder.glob("*.log"), installation.folder / "processes.log"]
    said = "".join(path.read_text(errors="replace") for path in logs)
    assert [secret for secret in (person.mobile[1:], code, "change-me", person.idcs) if secret in said] == []
