"""Logs: one JSON object a line on stdout, from the web and the worker alike.

No personal data: an exception is named by its kind and its place, never by its message, which
may quote what somebody typed. Of what other people's libraries say, values that are not numbers
are left out.
"""

import json
import logging
import sys
import traceback
from contextlib import suppress
from types import TracebackType
from typing import Any

import structlog

# Libraries that would otherwise write by a handler of their own.
THEIR_OWN_WAY = ("dbos",)
# Sentences that end in an address or in what a client sent.
CUT_AFTER = ("Invalid request",)
LEFT_OUT = "…"
_encoder = json.JSONEncoder(ensure_ascii=False, default=str)


def configure_logs() -> None:
    """Have this process log as JSON; its libraries from a warning on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _name_exception,
            _as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: Unstoppable(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    handler = _FromLibraries()
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    for name in THEIR_OWN_WAY:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False


class Unstoppable(structlog.BytesLogger):
    """Writes a line where it can. A full disk or a closed pipe under the log stops nothing that is logged about."""

    def msg(self, message: bytes) -> None:
        """Write one line, or lose it."""
        with suppress(OSError, ValueError):
            super().msg(message)

    debug = info = warning = error = critical = exception = fatal = log = warn = failure = err = msg


def place_of(trace: TracebackType | None) -> str:
    """``file.py:12``, where an exception was raised."""
    frames = traceback.extract_tb(trace)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"


class _FromLibraries(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        log.log(record.levelno, plain_message(record), logger=record.name, exc_info=record.exc_info)


def plain_message(record: logging.LogRecord) -> str:
    """What a library said, without the values that could be somebody's."""
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    for beginning in CUT_AFTER:
        if record.msg.startswith(beginning):
            return beginning
    values = record.args if isinstance(record.args, tuple) else ()
    kept = tuple(value if isinstance(value, (int, float)) else LEFT_OUT for value in values)
    try:
        return record.msg % kept if kept else record.msg
    except (TypeError, ValueError):
        return record.msg


def _name_exception(logger: Any, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    told = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["error"], event["where"] = type(error).__name__, place_of(error.__traceback__)
    return event


def _as_json(logger: Any, method: str, event: structlog.typing.EventDict) -> bytes:
    first = {"at": event.pop("at"), "level": event.pop("level"), "event": event.pop("event")}
    return _encoder.encode({**first, **event}).encode()
