"""Kannel, by its ``sendsms`` interface: one GET a message, and an answer that is believed only word for word."""

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from uuid import UUID

from services.messaging.alphabets import Alphabet, write
from services.messaging.gateways.port import GatewayFailed
from services.messaging.reports import report_address
from services.messaging.states import Delivery, Refusal
from services.settings import Settings, SettingsError

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 8.0
LONGEST_ANSWER = 1024
CODING = {Alphabet.GSM: "0", Alphabet.UCS2: "2"}
# Delivered, failed, waiting at the operator, taken by the operator, refused by the operator.
EVERY_REPORT = 1 + 2 + 4 + 8 + 16
MOST_URGENT = "3"
OURS = frozenset({"to", "text", "coding", "charset", "dlr-mask", "dlr-url", "udh", "priority", "validity"})
TAKEN = {b"0: Accepted for delivery": Delivery.ACCEPTED, b"3: Queued for later delivery": Delivery.QUEUED}
# Of a 400 and a 403, what is the number's fault, or the route's; the rest is ours or the settings'.
ABOUT_THE_NUMBER = (b"receiver number", b"Number(s) has/have been denied")
NOT_ROUTABLE = b"Not routable"
REASONS = {403: Refusal.LOGIN_REFUSED, 401: Refusal.LOGIN_REFUSED, 400: Refusal.BAD_REQUEST, 503: Refusal.BUSY}


@dataclass(frozen=True)
class SendsmsAddress:
    """Where ``sendsms`` is, and what an operator wrote into its address: login, sender, route."""

    tls: bool
    host: str
    port: int
    path: str
    fixed: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"SendsmsAddress({self.host}:{self.port})"


class KannelGateway:
    """Hands over one message a connection; redirects are never followed."""

    def __init__(
        self,
        address: SendsmsAddress,
        report_to: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._address = address
        self._report_to = report_to
        self._connect_seconds, self._answer_seconds = connect_seconds, answer_seconds
        self._tls = ssl.create_default_context() if address.tls else None

    def send(
        self, *, to: str, locale: str, text: str, idempotency_key: str, at: datetime, lifetime: timedelta | None
    ) -> Delivery:
        """Hand over one message. Raises GatewayFailed where Kannel did not say that it took it."""
        written = write(text)
        fields = {
            "to": to,
            "text": written.text,
            "coding": CODING[written.alphabet],
            "charset": "UTF-8",
            "dlr-mask": str(EVERY_REPORT),
            "dlr-url": report_address(self._report_to, UUID(idempotency_key)),
        }
        if lifetime is not None:
            minutes = max(1, int(lifetime.total_seconds() // 60))
            fields |= {"priority": MOST_URGENT, "validity": str(minutes)}
        query = urlencode([*self._address.fixed, *fields.items()], quote_via=quote)
        return read_answer(*self._ask(f"{self._address.path}?{query}"))

    def _ask(self, target: str) -> tuple[int, bytes]:
        connection = self._connection()
        alarm: threading.Timer | None = None
        try:
            connection.connect()
            # The time-out of a socket begins anew with each byte: this one ends a dripping answer.
            alarm = threading.Timer(self._answer_seconds, _hang_up, [connection.sock])
            alarm.start()
            connection.sock.settimeout(self._answer_seconds)
            connection.request("GET", target, headers={"User-Agent": "usrati", "Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.read(LONGEST_ANSWER)
        except TimeoutError as fault:
            raise GatewayFailed(reason=Refusal.TIMED_OUT) from fault
        except OSError as fault:
            late = alarm is not None and not alarm.is_alive()
            raise GatewayFailed(reason=Refusal.TIMED_OUT if late else Refusal.UNREACHABLE) from fault
        except (http.client.HTTPException, ValueError) as fault:
            late = alarm is not None and not alarm.is_alive()
            raise GatewayFailed(reason=Refusal.TIMED_OUT if late else Refusal.NONSENSE) from fault
        finally:
            if alarm is not None:
                alarm.cancel()
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        place = (self._address.host, self._address.port)
        if self._tls is None:
            return http.client.HTTPConnection(*place, timeout=self._connect_seconds)
        return http.client.HTTPSConnection(*place, timeout=self._connect_seconds, context=self._tls)


def read_answer(status: int, body: bytes) -> Delivery:
    """What Kannel's answer means. Raises GatewayFailed for all but the two sentences of a taken message."""
    said = body.strip()
    if status in (200, 202) and said in TAKEN:
        return TAKEN[said]
    if status == 400 and any(words in said for words in ABOUT_THE_NUMBER):
        raise GatewayFailed(reason=Refusal.NUMBER_REFUSED, hopeless=True)
    if status == 403 and said.startswith(NOT_ROUTABLE):
        raise GatewayFailed(reason=Refusal.NOT_ROUTABLE)
    if 300 <= status < 400:
        raise GatewayFailed(reason=Refusal.REDIRECTED)
    raise GatewayFailed(reason=REASONS.get(status, Refusal.NONSENSE))


def kannel_gateway(settings: Settings) -> KannelGateway:
    """The gateway at ``settings.sms_url``. Raises SettingsError naming every fault of it, its password never."""
    address, faults = _read_address(settings.sms_url)
    if "%" in settings.sms_report_url or urlsplit(settings.sms_report_url).scheme not in ("http", "https"):
        faults.append("USRATI_SMS_REPORT_URL must begin with http:// or https:// and hold no %")
    if address is None or faults:
        raise SettingsError(faults)
    return KannelGateway(address, settings.sms_report_url)


def _read_address(url: str) -> tuple[SendsmsAddress | None, list[str]]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None, ["USRATI_SMS_URL is no address: http://host:13013/cgi-bin/sendsms?username=…&password=…"]
    fixed = tuple(parse_qsl(parts.query, keep_blank_values=True))
    names = [name for name, _ in fixed]
    faults = []
    if not parts.hostname or not url.isascii() or any(sign.isspace() for sign in url):
        faults.append("USRATI_SMS_URL must name a host and be in ASCII, without spaces: write others as %20")
    if parts.username or parts.password or parts.fragment:
        faults.append("USRATI_SMS_URL: the name and password of sendsms go behind the ?: username=…&password=…")
    faults += [f"USRATI_SMS_URL lacks {name}=… behind the ?" for name in ("username", "password") if name not in names]
    faults += [
        f"USRATI_SMS_URL must not hold {name}=…: that is said with each message" for name in names if name in OURS
    ]
    if len(names) != len(set(names)):
        faults.append("USRATI_SMS_URL holds a name twice behind the ?")
    return SendsmsAddress(parts.scheme == "https", parts.hostname or "", port, parts.path or "/", fixed), faults


def _hang_up(wire: socket.socket) -> None:
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
