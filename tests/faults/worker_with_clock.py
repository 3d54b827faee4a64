"""A real, quick worker whose machine's clock is hours off. Given a folder, its job lasts until the file ``go``."""

import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from services.logs import configure_logs
from services.settings import load_settings
from services.workflows import run_worker
from tests.services.worker_process import QUICK

HOURS, *FOLDERS = sys.argv[1:]


def render(locale: str, key: str, params: Mapping[str, str]) -> str:
    for folder in map(Path, FOLDERS):
        (folder / "begun").touch()
        while not (folder / "go").exists():
            time.sleep(0.02)
    return key


if __name__ == "__main__":
    configure_logs()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=int(HOURS)), tick=True):
        run_worker(load_settings(os.environ), render, rhythm=QUICK)
