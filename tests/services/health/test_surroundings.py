"""What an examination says of the machine, in sentences."""

import shutil
import socket
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from services.backups import postgresql
from services.database import Database
from services.health import surroundings
from services.health.findings import Finding, Level
from services.health.surroundings import GIB, check_disk, check_files, check_gateway, check_proxies, check_tools
from services.settings import Settings, load_settings

PRODUCTION = {
    "USRATI_ENV": "production",
    "USRATI_SECRET_KEY": "s" * 40,
    "USRATI_ENCRYPTION_KEYS": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=",
    "USRATI_PUBLIC_URL": "https://usrati.example",
    "USRATI_SMS_URL": "http://127.0.0.1:1/cgi-bin/sendsms?username=usrati&password=secret",
}


def one(found: Iterable[Finding]) -> Finding:
    [finding] = found
    return finding


def settings_in(folder: Path, **environment: str) -> Settings:
    return load_settings({"USRATI_DATA_DIR": str(folder), **environment})


def test_a_data_folder_that_is_not_there_is_wrong(tmp_path: Path) -> None:
    assert one(check_files(settings_in(tmp_path))).level is Level.FINE
    assert "cannot be written" in one(check_files(settings_in(tmp_path / "nowhere"))).sentence


def test_in_production_nobody_else_may_enter_the_data(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert "Everybody on this machine may enter" in one(check_files(settings_in(tmp_path, **PRODUCTION))).sentence
    tmp_path.chmod(0o700)
    assert one(check_files(settings_in(tmp_path, **PRODUCTION))).level is Level.FINE


@pytest.mark.parametrize(("free", "level"), [(0.5 * GIB, Level.WRONG), (5 * GIB, Level.NOTE), (50 * GIB, Level.FINE)])
def test_a_disk_that_fills_is_told_in_time(
    tmp_path: Path, free: float, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(total=100 * GIB, free=free))
    settings = settings_in(tmp_path)
    assert one(check_disk(settings, Database(settings.database_url))).level is level


def test_a_gateway_is_tried() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answering = SimpleNamespace(sms_url=f"http://127.0.0.1:{port}/cgi-bin/sendsms")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(surroundings, "gateway_for", lambda settings: None)
            assert one(check_gateway(answering)).level is Level.FINE  # type: ignore[arg-type]
            server.close()
            gone = one(check_gateway(answering))  # type: ignore[arg-type]
    assert gone.level is Level.WRONG
    assert gone.sentence == f"The SMS gateway at 127.0.0.1:{port} cannot be reached: Connection refused."


def test_a_gateway_of_an_unknown_kind_is_wrong(tmp_path: Path) -> None:
    assert one(check_gateway(settings_in(tmp_path, USRATI_SMS_URL="pigeon://roof"))).level is Level.WRONG


def test_a_file_is_a_gateway_to_no_phone(tmp_path: Path) -> None:
    assert one(check_gateway(settings_in(tmp_path))).level is Level.NOTE


@pytest.mark.parametrize(
    ("address", "proxies", "level"),
    [
        ("http://127.0.0.1:8000", "0", Level.FINE),
        ("https://usrati.example", "1", Level.FINE),
        ("https://usrati.example", "0", Level.WRONG),
        ("http://127.0.0.1:8000", "1", Level.NOTE),
    ],
)
def test_a_proxy_that_nobody_declared_is_told(tmp_path: Path, address: str, proxies: str, level: Level) -> None:
    settings = settings_in(tmp_path, USRATI_PUBLIC_URL=address, USRATI_TRUSTED_PROXIES=proxies)
    assert one(check_proxies(settings)).level is level


def test_the_tools_of_a_backup_are_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/usrati")
    assert [finding.level for finding in check_tools(database)] == [Level.FINE, Level.FINE]
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(postgresql, "OF_DEBIAN", tmp_path)
    assert [finding.level for finding in check_tools(database)] == [Level.WRONG, Level.WRONG]
    assert list(check_tools(Database(f"sqlite:///{tmp_path}/usrati.db"))) == []
