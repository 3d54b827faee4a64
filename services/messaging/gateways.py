"""The port through which an SMS leaves, and the gateway of a demonstration: a file."""

import fcntl
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from services.settings import Settings, SettingsError


class GatewayFailed(Exception):
    """The gateway did not take the message: whether it comes back is for the caller to try."""


class Gateway(Protocol):
    """Whatever carries an SMS to a phone."""

    def send(self, *, to: str, locale: str, text: str, idempotency_key: str, at: datetime) -> None:
        """Hand over ``text`` for ``to`` (E.164). Raises GatewayFailed.

        The same ``idempotency_key`` is the same message tried again; ``at`` is when it is sent.
        """


class FileGateway:
    """Appends each message to a file, one JSON a line: ``{"to", "locale", "text", "at"}``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, *, to: str, locale: str, text: str, idempotency_key: str, at: datetime) -> None:
        """Add one whole line, on the disk before this returns. Raises GatewayFailed."""
        fields = {"to": to, "locale": locale, "text": text, "at": at.isoformat()}
        line = json.dumps(fields, ensure_ascii=False) + "\n"
        try:
            self._append(line.encode())
        except OSError as fault:
            raise GatewayFailed(f"{self._path} cannot be written: {fault.strerror}") from fault

    def _append(self, line: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with open(descriptor, "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


def gateway_for(settings: Settings) -> Gateway:
    """The gateway of ``settings.sms_url``, chosen by its scheme. Raises SettingsError."""
    scheme, _, place = settings.sms_url.partition("://")
    if scheme not in GATEWAYS or not place:
        known = ", ".join(f"{name}://" for name in GATEWAYS)
        raise SettingsError([f"USRATI_SMS_URL must begin with one of {known}"])
    return GATEWAYS[scheme](place)


# The path is taken as it stands: a folder's name may hold what an address would escape.
GATEWAYS: dict[str, Callable[[str], Gateway]] = {"file": lambda place: FileGateway(Path(place))}
