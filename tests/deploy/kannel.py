"""Kannel by the sample of deploy/, before the fake of an operator that comes with it; what the fake got."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import unquote_to_bytes

from tests.deploy.proxies import DEPLOY, changed, running
from tests.journeys.installation import free_port, wait_until
from tests.portal.walking import SmsFile

FAKE_OPERATOR = "/usr/lib/kannel/test/fakesmsc"
GOT = re.compile(rb"Got message \d+: <(\S+) (\S+) (\S+) (.*)>$")


class Kannel:
    """bearerbox and smsbox, running; ``sendsms`` is the address for USRATI_SMS_URL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.admin, self.boxes, self.sendsms_port, self.operator = (free_port() for _ in range(4))
        self.sendsms = f"http://127.0.0.1:{self.sendsms_port}/cgi-bin/sendsms?username=usrati&password=change-me"

    @contextmanager
    def started(self) -> Iterator["Kannel"]:
        """Both boxes, until the block ends."""
        (self.folder / "spool").mkdir()
        changes = {
            "admin-port = 13000": f"admin-port = {self.admin}",
            "smsbox-port = 13001": f"smsbox-port = {self.boxes}",
            "bearerbox-port = 13001": f"bearerbox-port = {self.boxes}",
            "sendsms-port = 13013": f"sendsms-port = {self.sendsms_port}",
            "\nport = 10000": f"\nport = {self.operator}",
            "/var/log/kannel/bearerbox.log": str(self.folder / "bearerbox.log"),
            "/var/log/kannel/smsbox.log": str(self.folder / "smsbox.log"),
            "/var/spool/kannel": str(self.folder / "spool"),
        }
        configuration = self.folder / "kannel.conf"
        configuration.write_text(changed(DEPLOY / "kannel.conf", changes))
        with ExitStack() as boxes:
            boxes.enter_context(running(self.folder, "/usr/sbin/bearerbox", "-v", "2", str(configuration)))
            wait_until(lambda: listens(self.boxes), "bearerbox does not start")
            boxes.enter_context(running(self.folder, "/usr/sbin/smsbox", "-v", "2", str(configuration)))
            wait_until(lambda: listens(self.sendsms_port), "smsbox does not start")
            yield self

    @contextmanager
    def with_operator(self, folder: Path) -> Iterator["Phones"]:
        """The fake of an operator takes messages until the block ends."""
        folder.mkdir()
        place = ("-H", "127.0.0.1", "-r", str(self.operator), "-m", "0", "-v", "0")
        with running(folder, FAKE_OPERATOR, *place, "123 345 text nop"):
            yield Phones(folder / "said.log")


class Phones(SmsFile):
    """What the operator got, as phones would show it."""

    def messages(self, to: str | None = None) -> list[dict[str, str]]:
        lines = self.path.read_bytes().splitlines() if self.path.exists() else []
        found = [self._read(*match.groups()) for line in lines if (match := GOT.search(line))]
        return [message for message in found if to in (None, message["to"])]

    def _read(self, sender: bytes, to: bytes, alphabet: bytes, written: bytes) -> dict[str, str]:
        # Texts of the GSM alphabet are shown as they are; UCS-2 is escaped byte by byte.
        is_ucs2 = alphabet == b"ucs-2"
        text = unquote_to_bytes(written.replace(b"+", b" ")).decode("utf-16-be") if is_ucs2 else written.decode()
        return {"from": sender.decode(), "to": to.decode(), "alphabet": alphabet.decode(), "text": text}


def listens(port: int) -> bool:
    """Whether somebody listens there, by the kernel's list: to connect would be a box that says nothing."""
    wanted = f":{port:04X}"
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return any(row.split()[1].endswith(wanted) and row.split()[3] == "0A" for row in rows)
