"""Signatures of the agency: papers that verify, roots of the journal. Old keys verify for good."""

from services.signing.keys import PublicKey, ensure_signing_key, public_keys, rotate_signing_key
from services.signing.publishing import keys_document, published_keys, read_keys, verify_with
from services.signing.signatures import Signature, sign, verify

__all__ = [
    "PublicKey",
    "Signature",
    "ensure_signing_key",
    "keys_document",
    "public_keys",
    "published_keys",
    "read_keys",
    "rotate_signing_key",
    "sign",
    "verify",
    "verify_with",
]
