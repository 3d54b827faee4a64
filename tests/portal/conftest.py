"""A portal for each test, on a copy of a prepared database, at one moment of one day."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from werkzeug.routing import Rule

from portal import create_app
from portal.languages import render_message
from services.accounts.sessions import open_session
from services.database import Database
from services.messaging.gateways import gateway_for
from services.messaging.models import Message
from services.messaging.sending import send_message
from services.population.demo import Story
from services.settings import Settings, load_settings
from tests.portal.soundness import SoundWalker
from tests.portal.stages import NOW, WIDOW, Stages, person_id_of, reference_of
from tests.portal.walking import FlaskBrowser, SmsFile, Walker
from tests.services.accounts.agents.colleagues import session_of, take_on


@dataclass(frozen=True)
class Portal:
    """A portal under test, and what happens behind it."""

    app: Flask
    database: Database
    settings: Settings

    @property
    def sms(self) -> SmsFile:
        return SmsFile(self.settings.data_dir / "sms.jsonl", self.deliver)

    @property
    def reference(self) -> str:
        """The reference of the one request there is."""
        return reference_of(self.database)

    def visitor(self, **options: Any) -> Walker:
        """Somebody who has not signed in; each page he sees must be sound."""
        return SoundWalker(FlaskBrowser(self.app.test_client()), **options)

    def family(self, story: Story = WIDOW, **options: Any) -> Walker:
        """The person of a story, signed in without walking through the pages of it."""
        return self.person(story.idcs, **options)

    def person(self, idcs: str, **options: Any) -> Walker:
        """Whoever bears this IDCS, signed in."""
        with self.database.writing() as session:
            secret = open_session(session, person_id=person_id_of(self.database, idcs), now=datetime.now(UTC))
        client = self.app.test_client()
        client.set_cookie("usrati", secret)
        return SoundWalker(FlaskBrowser(client), **options)

    def agent(self, name: str = "hind.alami", roles: Sequence[str] = ("operator",), **options: Any) -> Walker:
        """One of the staff, signed in."""
        client = self.app.test_client()
        client.set_cookie("usrati_desk", session_of(self.database, take_on(self.database, name, roles=roles)))
        return SoundWalker(FlaskBrowser(client), **options)

    def deliver(self) -> None:
        """What the worker does with the messages that wait."""
        with self.database.reading() as session:
            waiting = sa.select(Message.id).where(
                Message.to_sealed.is_not(None), Message.sent_at.is_(None), Message.given_up_at.is_(None)
            )
            found = list(session.scalars(waiting.order_by(Message.created_at)))
        gateway = gateway_for(self.settings)
        for message_id in found:
            with self.database.writing() as session:
                send_message(
                    session, message_id=message_id, gateway=gateway, render=render_message, now=datetime.now(UTC)
                )


OpenPortal = Callable[..., Portal]


@pytest.fixture(scope="session", autouse=True)
def addresses_compiled_once() -> Iterator[None]:
    """Werkzeug writes and compiles two functions for each address of each app; here each test has an app."""
    compile_one, known = Rule._compile_builder, {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, rule.subdomain, repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compile_one(rule, append_unknown)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The day of the tests; ``clock.shift(seconds)`` lets time pass."""
    with time_machine.travel(NOW, tick=True) as clock:
        yield clock


@pytest.fixture(scope="session")
def stages(settings: Settings, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"), sqlite_template)


@pytest.fixture
def open_portal(stages: Stages, tmp_path: Path) -> Iterator[OpenPortal]:
    """``open_portal("answered")``: a portal where the widow's family has come that far."""
    with ExitStack() as opened:

        def open_one(stage: str = "enrolled", *, shows_faults: bool = True, **environment: str) -> Portal:
            folder = tmp_path / str(len(list(tmp_path.iterdir())))
            folder.mkdir()
            shutil.copy(stages.path(stage), folder / "usrati.db")
            settings = load_settings({"USRATI_DATA_DIR": str(folder), **environment})
            app = create_app(settings)
            if shows_faults:
                # A test sees the exception itself, not the page that stands for it.
                app.config["PROPAGATE_EXCEPTIONS"] = True
                del app.error_handler_spec[None][None][Exception]
            database: Database = app.extensions["database"]
            opened.callback(database.dispose)
            return Portal(app, database, settings)

        yield open_one


@pytest.fixture
def portal(open_portal: OpenPortal) -> Portal:
    """People are in the register, nobody has a household yet."""
    return open_portal("enrolled")


@pytest.fixture
def answered(open_portal: OpenPortal) -> Portal:
    """The widow's family has answered everything and sent nothing."""
    return open_portal("answered")
