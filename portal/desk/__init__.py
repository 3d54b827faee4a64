"""The door of the staff: enrolling, signing in, signing out."""

from flask import Blueprint

from portal.access import ask_nobody

pages = Blueprint("desk", __name__)
# A citizen who is signed in on the same machine has nothing to do with these pages.
pages.before_request(ask_nobody)

from portal.desk import enrol, sign_in  # noqa: E402, F401 (each file adds its pages to the blueprint)
