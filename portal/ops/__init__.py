"""The operator's space: whether the service does its work, and what it sends."""

from typing import Any

from flask import Blueprint, Response

from portal.database import now
from portal.htmx import page
from portal.staff import the_agent
from services.messages import N_

pages = Blueprint("ops", __name__)

# The pages of the menu: endpoint, name, pictogram.
NAVIGATION = (("ops.overview", N_("Overview"), "meter"), ("ops.messages", N_("Messages"), "phone"))


def show(name: str, status: int = 200, **context: Any) -> Response:
    """Render one page of the space, in its own frame."""
    agent = the_agent()
    idle_seconds = int((agent.ends_at - now()).total_seconds())
    frame = {"agent": agent, "navigation": NAVIGATION, "idle_seconds": idle_seconds, "stay": "desk.stay"}
    return page(name, status, **(frame | context))


from portal.ops import messages, overview  # noqa: E402, F401 (each file adds its pages to the blueprint)
