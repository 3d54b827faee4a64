"""The gateways through which an SMS leaves, chosen by an address."""

from collections.abc import Callable
from pathlib import Path

from services.messaging.gateways.file import FileGateway
from services.messaging.gateways.kannel import KannelGateway, kannel_gateway
from services.messaging.gateways.port import Gateway, GatewayFailed
from services.settings import Settings, SettingsError

__all__ = ["FileGateway", "Gateway", "GatewayFailed", "KannelGateway", "gateway_for"]


def gateway_for(settings: Settings) -> Gateway:
    """The gateway of ``settings.sms_url``, chosen by its scheme. Raises SettingsError."""
    scheme, _, place = settings.sms_url.partition("://")
    if scheme not in GATEWAYS or not place:
        known = ", ".join(f"{name}://" for name in GATEWAYS)
        raise SettingsError([f"USRATI_SMS_URL must begin with one of {known}"])
    return GATEWAYS[scheme](settings)


def _file_gateway(settings: Settings) -> Gateway:
    # The path is taken as it stands: a folder's name may hold what an address would escape.
    return FileGateway(Path(settings.sms_url.partition("://")[2]))


GATEWAYS: dict[str, Callable[[Settings], Gateway]] = {
    "file": _file_gateway,
    "http": kannel_gateway,
    "https": kannel_gateway,
}
