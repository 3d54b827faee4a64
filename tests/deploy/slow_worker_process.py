"""A real worker whose one job takes as long as the test wants: from the file ``begun`` to the file ``go``."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from services.settings import load_settings
from services.workflows import run_worker

FOLDER = Path(sys.argv[1])


def render(locale: str, key: str, params: Mapping[str, str]) -> str:
    (FOLDER / "begun").touch()
    while not (FOLDER / "go").exists():
        time.sleep(0.02)
    return key


if __name__ == "__main__":
    run_worker(load_settings(os.environ), render)
