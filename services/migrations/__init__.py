"""Bringing a database to the tables of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from dbos import DBOS

from services.database import Database


def migrate(database: Database) -> None:
    """Create or upgrade every table, the queue's own included. Safe to run again."""
    if database.url.get_backend_name() == "sqlite" and database.url.database:
        Path(database.url.database).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with database.write_engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    DBOS.migrate(system_database_url=database.url.render_as_string(hide_password=False))
