"""The migrations make the very tables that the models describe, on both databases."""

import importlib
import pkgutil
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import services
from services.database import Base, Database
from services.migrations import migrate


def every_table() -> sa.MetaData:
    """The metadata with the tables of every room."""
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if module.name.endswith((".models", ".jobs")):
            importlib.import_module(module.name)
    return Base.metadata


def test_the_migrations_and_the_models_agree(database: Database) -> None:
    assert differences(database) == []


def differences(database: Database) -> list[Any]:
    """What Alembic would change to make the tables those of the models."""
    metadata = every_table()

    def ours(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "table" or name in metadata.tables

    with database.write_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours, "compare_type": True})
        return list(compare_metadata(context, metadata))


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = tables_of(database)
    migrate(database)
    assert tables_of(database) == before
    assert set(every_table().tables) <= before


def tables_of(database: Database) -> set[str]:
    with database.read_engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


@pytest.mark.parametrize("name", ["notifications", "queues", "streams", "operation_outputs", "application_versions"])
def test_our_tables_keep_out_of_the_way_of_the_queues(name: str) -> None:
    assert name not in every_table().tables
    assert not [table for table in every_table().tables if table.startswith("workflow_")]
