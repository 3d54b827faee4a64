"""Migrates a database in a process that ends itself with −9 before its statement number N; without N, says how many.

Each address comes on a line of its own with its N: ``5 postgresql://…``; each is migrated in a child.
"""

import os
import signal
import sys
from typing import Any

import sqlalchemy as sa

from services.database import Database
from services.migrations import migrate

statements = 0


def migrate_until(url: str, last: int) -> None:
    """Migrate; where ``last`` is not 0, die at that statement."""

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def count(*others: Any) -> None:
        global statements
        statements += 1
        if statements == last:
            os.kill(os.getpid(), signal.SIGKILL)

    database = Database(url)
    migrate(database)
    database.dispose()
    print(statements, flush=True)


if __name__ == "__main__":
    for line in sys.stdin:
        number, _, address = line.strip().partition(" ")
        child = os.fork()
        if not child:
            migrate_until(address, int(number))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            print(f"killed {os.WTERMSIG(status)}", flush=True)
        elif os.WEXITSTATUS(status):
            print("failed", flush=True)
