"""The file gateway, and choosing a gateway by its address."""

import json
import threading
from datetime import datetime
from pathlib import Path

import pytest

from services.messaging import FileGateway, GatewayFailed, gateway_for
from services.settings import SettingsError, load_settings


def send(gateway: FileGateway, now: datetime, text: str = "أهلا ⴰⵣⵓⵍ") -> None:
    gateway.send(to="+212612345678", locale="ar", text=text, idempotency_key="one", at=now)


def test_a_message_is_one_line_of_json(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "a folder" / "sms.jsonl"
    send(FileGateway(path), now, text="two\nlines")
    line = {"to": "+212612345678", "locale": "ar", "text": "two\nlines", "at": "2026-06-15T10:00:00+00:00"}
    assert path.read_text().count("\n") == 1
    assert json.loads(path.read_text()) == line
    assert path.stat().st_mode & 0o077 == 0


def test_lines_written_at_once_stay_whole(tmp_path: Path, now: datetime) -> None:
    gateway = FileGateway(tmp_path / "sms.jsonl")
    threads = [threading.Thread(target=send, args=(gateway, now, "ء" * 5000)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (tmp_path / "sms.jsonl").read_text().splitlines()
    assert [len(json.loads(line)["text"]) for line in lines] == [5000] * 8


def test_a_file_that_cannot_be_written_is_a_failed_gateway(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "sms.jsonl").mkdir()
    with pytest.raises(GatewayFailed):
        send(FileGateway(tmp_path / "sms.jsonl"), now)


def test_the_scheme_chooses_the_gateway(tmp_path: Path, now: datetime) -> None:
    folder = tmp_path / "50% of #1"
    gateway = gateway_for(load_settings({"USRATI_DATA_DIR": str(folder)}))
    gateway.send(to="+212612345678", locale="fr", text="x", idempotency_key="one", at=now)
    assert (folder / "sms.jsonl").exists()


@pytest.mark.parametrize("url", ["pigeon://loft", "sms.jsonl", "file://", ""])
def test_an_unknown_scheme_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="USRATI_SMS_URL"):
        gateway_for(load_settings({"USRATI_SMS_URL": url}))
