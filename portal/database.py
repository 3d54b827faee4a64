"""A request's way to the services: one snapshot to read, one transaction around one call."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from services.database import Database, Patience

Result = TypeVar("Result")


def init_app(app: Flask) -> None:
    """Give the app its engines; made in each server process, after any fork."""
    app.extensions["database"] = Database(app.config["SETTINGS"].database_url, patience=Patience())
    app.teardown_appcontext(_close)


def database() -> Database:
    """The engines of this process."""
    found: Database = current_app.extensions["database"]
    return found


def now() -> datetime:
    """The instant of this request: one for everything it does."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    found: datetime = g.now
    return found


def reading() -> Session:
    """The request's read-only session, opened at the first need."""
    if "reading" not in g:
        g.reading_stack = ExitStack()
        g.reading = g.reading_stack.enter_context(database().reading())
    found: Session = g.reading
    return found


def read(load: Callable[..., Result], **arguments: Any) -> Result:
    """Call one loading function of the services with the read-only session."""
    return load(reading(), **arguments)


def act(change: Callable[..., Result], **arguments: Any) -> Result:
    """Call one service function in a transaction of its own, committed before this returns.

    What it raises rolls everything back. What is read afterwards sees the change.
    """
    _close(None)
    with database().writing() as session:
        return change(session, **arguments, now=now())


def _close(error: BaseException | None) -> None:
    g.pop("reading", None)
    stack = g.pop("reading_stack", None)
    if stack is not None:
        stack.close()
