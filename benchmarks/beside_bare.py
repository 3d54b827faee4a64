"""The portal as it is served, with a bare Flask page beside it: ``python -m benchmarks.beside_bare PORT``."""

import os
import sys
from typing import Any

from portal.counts import keep_room, share_counts
from services.settings import load_settings

BARE = "/bare/"
PROCESSES = 2


def main() -> None:
    """Serve until SIGTERM."""
    settings = load_settings(os.environ)
    # Before anything that counts is imported, as the command does.
    share_counts(settings.metrics_dir / "portal")
    keep_room()
    from flask import Flask
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    from portal.server import PortalServer, options_for
    from services.logs import configure_logs

    class ServerBesideBare(PortalServer):
        """One app of each, in each process."""

        def load(self) -> Any:
            """The portal, and under ``/bare/`` the other."""
            portal, bare = super().load(), Flask("bare")
            bare.add_url_rule("/", "bare", lambda: "<!doctype html><title>bare</title><p>bare")
            portal.wsgi_app = DispatcherMiddleware(portal.wsgi_app, {"/bare": bare})
            return portal

    configure_logs()
    ServerBesideBare(settings, options_for(host="127.0.0.1", port=int(sys.argv[1]), workers=PROCESSES)).run()


if __name__ == "__main__":
    main()
