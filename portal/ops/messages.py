"""What became of messages: how many left and arrived, what waits, and each fault; no number, no text."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import request

from portal.access import access
from portal.database import now, read
from portal.languages import LANGUAGES
from portal.ops import pages, show
from services.jobs import QUEUE_CODES, QUEUE_NEWS
from services.messages import N_, Words
from services.messaging.deliveries import (
    TROUBLES,
    MessageView,
    Spread,
    Standing,
    count_messages,
    find_backlog,
    find_message,
    latest_messages,
    measure_times,
)
from services.messaging.reports import NETWORK
from services.messaging.states import REFUSAL_WORDS

PERIODS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
PERIOD_WORDS = {"hour": N_("The last hour"), "day": N_("The last 24 hours"), "week": N_("The last 7 days")}
TROUBLED = "trouble"
STANDING_WORDS = {
    TROUBLED: N_("All that did not go well"),
    Standing.WAITING: N_("Not tried yet"),
    Standing.RETRYING: N_("Tried again later"),
    Standing.SENT: N_("Handed to the gateway"),
    Standing.BUFFERED: N_("Waits for the phone"),
    Standing.DELIVERED: N_("On the phone"),
    Standing.FAILED: N_("Did not reach the phone"),
    Standing.REJECTED: N_("Refused by the operator"),
    Standing.GIVEN_UP: N_("Given up"),
    Standing.IN_PORTAL: N_("Without a mobile number"),
}
QUEUE_WORDS = {QUEUE_CODES: N_("Codes"), QUEUE_NEWS: N_("News")}
KIND_WORDS = {
    "code": N_("Code"),
    "submission": N_("Request received"),
    "needs_citizen": N_("We need the family"),
    "decision": N_("Decision"),
    "expiry": N_("Closed without an answer"),
    "score_changed": N_("New score"),
}
UNITS = (
    (timedelta(days=2), timedelta(days=1), N_("%(number)s days")),
    (timedelta(hours=2), timedelta(hours=1), N_("%(number)s h")),
    (timedelta(minutes=2), timedelta(minutes=1), N_("%(number)s min")),
    (timedelta(0), timedelta(seconds=1), N_("%(number)s s")),
)
SPREAD = N_("Half within %(half)s, nine in ten within %(most)s.")
NETWORK_SAYS = N_("The phone network says: fault %(code)s.")


@pages.get("/messages")
@access("operator")
def messages() -> Any:
    """Counts, times and what waits, over the chosen time; the latest of the chosen standing, or one by its id."""
    period = request.args.get("period", "hour")
    standing = request.args.get("standing", TROUBLED)
    period = period if period in PERIODS else "hour"
    standing = standing if standing in STANDING_WORDS else TROUBLED
    since = now() - PERIODS[period]
    chosen = TROUBLES if standing == TROUBLED else (Standing(standing),)
    asked = "".join(filter(str.isprintable, request.args.get("message", "")))[:40].strip()
    return show(
        "ops/messages",
        periods=PERIOD_WORDS,
        period=period,
        standings=STANDING_WORDS,
        standing=standing,
        counts=read(count_messages, since=since),
        backlog=read(find_backlog, now=now()),
        times=read(measure_times, since=since),
        listed=read(latest_messages, standing=chosen, since=since),
        asked=asked,
        found=_find(asked),
        troubles=TROUBLES,
        kinds=KIND_WORDS,
        queues=QUEUE_WORDS,
        names=LANGUAGES,
        reason=reason_words,
        lasting=lasting,
        spread=spread_words,
        moment=now(),
    )


def reason_words(reason: str | None) -> Words | None:
    """Why, in a sentence; a code that no sentence is for stays unsaid."""
    if reason and reason.startswith(NETWORK):
        return Words(NETWORK_SAYS, {"code": reason.removeprefix(NETWORK)})
    return Words(REFUSAL_WORDS[reason]) if reason in REFUSAL_WORDS else None


def lasting(time: timedelta) -> Words:
    """A length of time in its own unit: ``45 s``, ``12 min``, ``5 h``."""
    unit, words = next((unit, words) for least, unit, words in UNITS if time >= least)
    return Words(words, {"number": round(time / unit)})


def spread_words(spread: Spread) -> Words:
    """How long half and nine in ten of the messages took."""
    return Words(SPREAD, {"half": lasting(spread.half), "most": lasting(spread.most)})


def _find(asked: str) -> MessageView | None:
    try:
        return read(find_message, message_id=UUID(asked)) if asked else None
    except ValueError:
        return None
