"""Bringing a database to the tables of this version."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from dbos import DBOS
from sqlalchemy.orm import Session

from services.database import Database


def migrate(database: Database) -> None:
    """Create or upgrade every table, the queue's own included. Safe to run again."""
    if database.url.get_backend_name() == "sqlite" and database.url.database:
        Path(database.url.database).parent.mkdir(parents=True, exist_ok=True)
    config = _config()
    with database.write_engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    DBOS.migrate(system_database_url=database.url.render_as_string(hide_password=False))


@cache
def newest_revision() -> str | None:
    """The revision to which :func:`migrate` brings a database."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revision_of(session: Session) -> str | None:
    """The revision that a database has now; None before its first migration."""
    if not sa.inspect(session.connection()).has_table("alembic_version"):
        return None
    found: str | None = session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def is_known(revision: str) -> bool:
    """Whether this version of the program has ``revision``."""
    script = ScriptDirectory.from_config(_config())
    return revision in {known.revision for known in script.walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
