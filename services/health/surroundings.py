"""The part of an examination that looks at the machine: files, disk, gateway, proxies, tools."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from services.backups.postgresql import tool_version
from services.database import Database
from services.health.findings import Finding, fine, note, wrong
from services.messaging.gateways import gateway_for
from services.settings import Settings, SettingsError

GIB = 1024**3
PORTS = {"http": 80, "https": 443}
ANSWER_SECONDS = 3.0


def examine_machine(settings: Settings, database: Database) -> Iterator[Finding]:
    """Each check that needs no answer of the database."""
    yield from check_files(settings)
    yield from check_disk(settings, database)
    yield from check_gateway(settings)
    yield from check_proxies(settings)
    yield from check_tools(database)


def check_files(settings: Settings) -> Iterator[Finding]:
    """Whether the data folder can be written, by us alone."""
    folder = settings.data_dir
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield wrong("files", f"{folder} cannot be written by this user.")
    elif folder.stat().st_mode & 0o007 and not settings.is_demo:
        yield wrong("files", f"Everybody on this machine may enter {folder}: `chmod o= {folder}`.")
    else:
        yield fine("files", f"{folder} can be written.")


def check_disk(settings: Settings, database: Database) -> Iterator[Finding]:
    """Whether there is room where we write."""
    folders = {settings.data_dir}
    if database.url.get_backend_name() == "sqlite":
        folders.add(Path(database.url.database or "").absolute().parent)
    for folder in sorted(folder for folder in folders if folder.is_dir()):
        usage = shutil.disk_usage(folder)
        left = f"{usage.free / GIB:.1f} GiB are left in {folder}"
        if usage.free < GIB:
            yield wrong("disk", f"Only {left}: make room before families' answers are refused.")
        elif usage.free < usage.total / 10:
            yield note("disk", f"{left}, less than a tenth.")
        else:
            yield fine("disk", f"{left}.")


def check_gateway(settings: Settings) -> Iterator[Finding]:
    """Whether an SMS could leave."""
    try:
        gateway_for(settings)
    except SettingsError as error:
        yield from (wrong("gateway", f"{fault}.") for fault in error.faults)
        return
    address = urlsplit(settings.sms_url)
    if address.scheme == "file":
        yield note("gateway", f"Messages go to the file {settings.sms_url.partition('://')[2]}, to no phone.")
        return
    place = (address.hostname or "", address.port or PORTS.get(address.scheme, 0))
    try:
        socket.create_connection(place, timeout=ANSWER_SECONDS).close()
    except OSError as error:
        yield wrong(
            "gateway", f"The SMS gateway at {place[0]}:{place[1]} cannot be reached: {error.strerror or error}."
        )
    else:
        yield fine("gateway", f"The SMS gateway at {place[0]}:{place[1]} can be reached.")


def check_proxies(settings: Settings) -> Iterator[Finding]:
    """Whether each visitor is told from the next."""
    count = settings.trusted_proxies
    if settings.secure_cookies and not count:
        yield wrong(
            "proxies",
            "The public address is https, which a proxy in front must speak, but no proxy is trusted: all families"
            " count as one visitor. Set USRATI_TRUSTED_PROXIES to the number of proxies in front, most often 1.",
        )
    elif count and not settings.secure_cookies:
        yield note("proxies", f"{count} trusted, though the public address is not https.")
    else:
        yield fine("proxies", f"{count} trusted.")


def check_tools(database: Database) -> Iterator[Finding]:
    """Whether a backup could be made here."""
    if database.url.get_backend_name() == "sqlite":
        return
    for name in ("pg_dump", "pg_restore"):
        version = tool_version(name)
        if version is None:
            yield wrong("tools", f"{name} is missing: no backup can be made here. Install postgresql-client.")
        else:
            yield fine("tools", f"{version} is there.")
