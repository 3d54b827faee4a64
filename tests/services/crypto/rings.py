"""Rings of keys with names, changed within a test as a restart would change them."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from services import crypto
from services.settings import Settings

UseKeys = Callable[..., None]


def key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def key_id(name: str) -> str:
    return hashlib.sha256(key(name)).hexdigest()[:8]


@pytest.fixture
def use_keys(settings: Settings) -> Iterator[UseKeys]:
    """Give this process the keys of these names, the first one writing."""

    def use(*names: str, secret: str = settings.secret_key) -> None:
        crypto.install_keys(replace(settings, encryption_keys=tuple(map(key, names)), secret_key=secret))

    yield use
    crypto.install_keys(settings)
