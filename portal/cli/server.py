"""``usrati serve`` and ``usrati worker``: the two kinds of process of an installation."""

import os

import click

from portal.cli import chosen_settings, installation, refuse
from portal.counts import keep_room, share_counts
from services.settings import Settings, SettingsError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, envvar="PORT", show_default=True)
@click.option("--workers", default=os.cpu_count() or 2, show_default=True, help="Server processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the portal."""
    settings = _prepare("portal")
    from portal import server

    server.serve(settings, host=host, port=port, workers=workers)


@click.command()
@click.option("--metrics-port", type=int, help="Answer /metrics on this port of 127.0.0.1.")
def worker(metrics_port: int | None) -> None:
    """Run durable work: verification, scores, messages."""
    settings = _prepare("worker")
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    from portal.languages import render_message
    from services import workflows

    if metrics_port:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        start_http_server(metrics_port, "127.0.0.1", registry)
    workflows.run_worker(settings, render_message)


def _prepare(role: str) -> Settings:
    settings = chosen_settings()
    # Before anything that counts is imported: it looks for the folder when it is.
    share_counts(settings.metrics_dir / role)
    keep_room()
    from services.logs import configure_logs
    from services.messaging import gateway_for

    try:
        gateway_for(settings)
    except SettingsError as error:
        refuse(error.faults)

    _, database = installation()
    database.dispose()
    configure_logs()
    return settings
