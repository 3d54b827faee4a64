"""Settings as a pure function of an environment mapping."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

DEMO_SECRET_KEY = "demo-only-never-in-production"  # noqa: S105 (refused in production)
DEMO_ENCRYPTION_KEY = base64.b64encode(b"usrati demo key, not for real us").decode()
PUBLIC_URL = "http://127.0.0.1:8000"
ENVIRONMENTS = ("demo", "production")
Network = IPv4Network | IPv6Network


class SettingsError(Exception):
    """The environment cannot be run with; ``faults`` holds one sentence for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """Everything an installation decides. Built by :func:`load_settings` only."""

    environment: str
    database_url: str
    secret_key: str
    encryption_keys: tuple[bytes, ...]
    sms_url: str
    sms_report_url: str
    sms_per_second: int
    scores_told_per_minute: int
    data_dir: Path
    public_url: str
    trusted_proxies: int
    help_phone: str
    metrics_from: tuple[Network, ...]

    @property
    def is_demo(self) -> bool:
        """True where synthetic people live and messages go to a file."""
        return self.environment == "demo"

    @property
    def metrics_dir(self) -> Path:
        """Where the processes of this machine put their counts, in a folder for each role."""
        return self.data_dir / "metrics"

    @property
    def secure_cookies(self) -> bool:
        """True where cookies travel over TLS only: wherever the public address is https."""
        return self.public_url.startswith("https://")


def load_settings(env: Mapping[str, str]) -> Settings:
    """Read ``USRATI_*`` from ``env``.

    Raises SettingsError naming every fault at once; production refuses a demo key, a
    missing key and an address without TLS.
    """
    faults: list[str] = []
    environment = env.get("USRATI_ENV", "demo")
    if environment not in ENVIRONMENTS:
        faults.append(f"USRATI_ENV must be one of {', '.join(ENVIRONMENTS)}, not {environment!r}")
    data_dir = Path(env.get("USRATI_DATA_DIR", "var")).absolute()
    settings = Settings(
        environment=environment,
        database_url=env.get("USRATI_DATABASE_URL", f"sqlite:///{data_dir}/usrati.db"),
        secret_key=env.get("USRATI_SECRET_KEY", DEMO_SECRET_KEY),
        encryption_keys=_encryption_keys(env.get("USRATI_ENCRYPTION_KEYS", DEMO_ENCRYPTION_KEY), faults),
        sms_url=env.get("USRATI_SMS_URL", f"file://{data_dir}/sms.jsonl"),
        sms_report_url=env.get("USRATI_SMS_REPORT_URL", env.get("USRATI_PUBLIC_URL", PUBLIC_URL)).rstrip("/"),
        sms_per_second=_whole_number(env, "USRATI_SMS_PER_SECOND", _usual_pace(env), faults),
        scores_told_per_minute=_whole_number(env, "USRATI_SCORES_TOLD_PER_MINUTE", 600, faults),
        data_dir=data_dir,
        public_url=env.get("USRATI_PUBLIC_URL", PUBLIC_URL).rstrip("/"),
        trusted_proxies=_whole_number(env, "USRATI_TRUSTED_PROXIES", 0, faults),
        help_phone=env.get("USRATI_HELP_PHONE", "0800 00 00 00"),
        metrics_from=_networks(env.get("USRATI_METRICS_FROM", "127.0.0.0/8,::1"), faults),
    )
    if environment == "production":
        faults.extend(_production_faults(settings))
    if faults:
        raise SettingsError(faults)
    return settings


def _production_faults(settings: Settings) -> list[str]:
    faults = []
    if settings.secret_key == DEMO_SECRET_KEY or len(settings.secret_key) < 32:
        faults.append("USRATI_SECRET_KEY must be set, to 32 characters or more, in production")
    if base64.b64decode(DEMO_ENCRYPTION_KEY) in settings.encryption_keys:
        faults.append("USRATI_ENCRYPTION_KEYS must not hold the demo key in production")
    if not settings.secure_cookies:
        faults.append("USRATI_PUBLIC_URL must begin with https:// in production")
    if settings.sms_url.startswith("file:"):
        faults.append("USRATI_SMS_URL must be a real gateway in production, not a file")
    return faults


def _encryption_keys(text: str, faults: list[str]) -> tuple[bytes, ...]:
    keys = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        try:
            key = base64.b64decode(part, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            faults.append("USRATI_ENCRYPTION_KEYS: each key is 32 bytes in base64")
            continue
        keys.append(key)
    if not keys and not faults:
        faults.append("USRATI_ENCRYPTION_KEYS: at least one key is needed")
    return tuple(keys)


def _whole_number(env: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    text = env.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        faults.append(f"{name} must be a whole number, not {text!r}")
        return default
    return int(text)


def _usual_pace(env: Mapping[str, str]) -> int:
    # An operator's line has its speed; a file has none.
    return 0 if env.get("USRATI_SMS_URL", "file:").startswith("file:") else 30


def _networks(text: str, faults: list[str]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        faults.append(f"USRATI_METRICS_FROM: addresses or networks, separated by commas: {error}")
        return ()
