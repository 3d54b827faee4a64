from tests.services.crypto.rings import use_keys

__all__ = ["use_keys"]
