"""The command, run in this process on a test's database."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from services.database import Database
from tests.services.crypto.rings import use_keys

__all__ = ["use_keys", "usrati"]
Usrati = Callable[..., Result]


@pytest.fixture
def usrati(database: Database, monkeypatch: pytest.MonkeyPatch) -> Usrati:
    """Run ``usrati`` with some arguments; ``stdout``, ``stderr`` and ``exit_code`` stand in the result."""
    monkeypatch.setenv("USRATI_DATABASE_URL", database.url.render_as_string(hide_password=False))
    return lambda *arguments: CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)
