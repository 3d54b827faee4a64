"""How people reach the services: Flask lives only here."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from services.settings import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The portal, from its settings. Raises SettingsError where they cannot be run with."""
    # Here and not above: the commands live in this package too, and most of them need no web.
    from flask import Flask
    from flask_compress import Compress

    from portal import access, assets, database, errors, languages, observation, routes, security
    from services import crypto
    from services.settings import load_settings

    settings = settings or load_settings(os.environ)
    crypto.install_keys(settings)
    app = Flask(__name__, static_folder=None)
    security.configure(app, settings)
    database.init_app(app)
    languages.babel.init_app(app, locale_selector=languages.select_locale, default_timezone="Africa/Casablanca")
    access.init_app(app)
    security.init_app(app)
    errors.init_app(app)
    routes.init_app(app)
    Compress(app)
    assets.init_app(app)
    observation.init_app(app)
    return app
