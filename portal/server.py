"""Gunicorn, configured here and nowhere else."""

from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import create_app
from portal.assets import prepare_assets
from portal.counts import keep_room
from portal.patience import PatientWorker
from services.population.patience import MOST_WAITING
from services.settings import Settings

# Half of them may wait for the population register while the others go on answering.
THREADS = 2 * MOST_WAITING
log = structlog.get_logger()
# For requests under way when the server is asked to stop.
GRACE_SECONDS = 20


class Quiet(Logger):
    """Gunicorn's own lines, through our log."""

    def setup(self, cfg: Any) -> None:
        """Add no handler of its own."""
        self.error_log.setLevel("WARNING")
        self.error_log.propagate = True


class PortalServer(BaseApplication):
    """The portal under gunicorn; each process makes its own app, so no connection is shared."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self.settings = settings
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app of one process."""
        app = create_app(self.settings)
        if self.settings.trusted_proxies:
            count = self.settings.trusted_proxies
            app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
        return app


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM; requests under way are finished first."""
    try:
        prepare_assets(settings.data_dir)
    except OSError as fault:
        # Without room for the compressed files, the others serve.
        log.warning("assets_not_prepared", error=fault.strerror)
    PortalServer(settings, options_for(host=host, port=port, workers=workers)).run()


def options_for(*, host: str, port: int, workers: int) -> dict[str, Any]:
    """Gunicorn's options, as the portal is always served."""
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": PatientWorker,
        "control_socket_disable": True,
        "graceful_timeout": GRACE_SECONDS,
        "timeout": 60,
        "keepalive": 15,
        "accesslog": None,
        "logger_class": Quiet,
        "post_fork": lambda _, worker: keep_room(),
        # What a proxy says is heard by ProxyFix alone, from as many proxies as were declared.
        "forwarded_allow_ips": "",
    }
