"""Pages for anyone."""

from flask import Blueprint

pages = Blueprint("public", __name__)

from portal.public import home, papers, privacy, simulate, track  # noqa: E402, F401 (each file adds its pages to the blueprint)
