"""``usrati serve`` and ``usrati worker``: the two kinds of process of an installation."""

import os

import click

from portal.cli import installation


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, envvar="PORT", show_default=True)
@click.option("--workers", default=os.cpu_count() or 2, show_default=True, help="Server processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the portal."""
    from portal import server

    settings, _ = installation()
    server.serve(settings, host=host, port=port, workers=workers)


@click.command()
def worker() -> None:
    """Run durable work: verification, scores, messages."""
    from portal.languages import render_message
    from services import workflows

    settings, database = installation()
    database.dispose()
    workflows.run_worker(settings, render_message)
