"""Messages to people: written in the caller's transaction, sent by the worker."""

from services.messaging.gateways import FileGateway, Gateway, GatewayFailed, KannelGateway, gateway_for
from services.messaging.sending import KIND_CODE, NOBODY, SendKind, SendOutcome, send_later, send_message

__all__ = [
    "KIND_CODE",
    "NOBODY",
    "FileGateway",
    "Gateway",
    "GatewayFailed",
    "KannelGateway",
    "SendKind",
    "SendOutcome",
    "gateway_for",
    "send_later",
    "send_message",
]
