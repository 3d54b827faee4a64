"""The gateway of a demonstration: a file."""

import errno
import fcntl
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from services.messaging.gateways.port import GatewayFailed


class FileGateway:
    """Appends each message to a file, one JSON a line: ``{"to", "locale", "text", "at"}``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(
        self, *, to: str, locale: str, text: str, idempotency_key: str, at: datetime, lifetime: timedelta | None = None
    ) -> None:
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
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            end = os.fstat(descriptor).st_size
            try:
                if os.write(descriptor, line) < len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
            except OSError:
                # A part of a line would spoil the next one.
                os.ftruncate(descriptor, end)
                raise
        finally:
            os.close(descriptor)
