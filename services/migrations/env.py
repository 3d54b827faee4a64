"""Alembic's environment: the connection comes from ``migrate``, the tables from every room."""

from alembic import context

from services.database import Base

OURS = set(Base.metadata.tables)


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Leave the queue's own tables alone."""
    return kind != "table" or name in OURS


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=is_ours,
    render_as_batch=True,
    # SQLite too: an upgrade that is interrupted leaves the tables of the former version, whole.
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
