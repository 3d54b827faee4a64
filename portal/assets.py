"""Static files: compressed once, served by WhiteNoise under addresses that change with content."""

import hashlib
import shutil
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

STATIC = Path(__file__).parent / "static"
A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Serve ``/static/`` from the compressed copy where ``usrati serve`` made one."""
    prepared = prepared_folder(app.config["SETTINGS"].data_dir)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(prepared if prepared.exists() else STATIC), prefix="static/", max_age=A_YEAR
    )


def prepared_folder(data_dir: Path) -> Path:
    """Where this version's compressed files stand."""
    return data_dir / "static" / content_key()


def prepare_assets(data_dir: Path) -> Path:
    """Copy and compress the static files beside the data, once a version."""
    target = prepared_folder(data_dir)
    if target.exists():
        return target
    shutil.rmtree(target.parent, ignore_errors=True)
    unfinished = target.with_suffix(".unfinished")
    shutil.copytree(STATIC, unfinished)
    compressor = Compressor(quiet=True, extensions=("woff2", "png"))
    for path in sorted(unfinished.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            compressor.compress(str(path))
    unfinished.rename(target)
    return target


@cache
def content_key() -> str:
    """Eight characters that change when any static file does."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:8]


def asset(name: str) -> str:
    """The address of a static file; the browser keeps it until its content changes."""
    return f"/static/{name}?v={content_key()}"
