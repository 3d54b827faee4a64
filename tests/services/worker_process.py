"""A real worker in a process of its own, for tests that kill it: quick to beat and to take over.

Given a file's name, it fails to find its words as often as the file has lines to give.
"""

import os
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from services.logs import configure_logs
from services.settings import load_settings
from services.workers import Rhythm
from services.workflows import run_worker

QUICK = Rhythm(beat=timedelta(milliseconds=200), silence=timedelta(seconds=2), poll=timedelta(milliseconds=50))


def render(locale: str, key: str, params: Mapping[str, str]) -> str:
    """The English sentence, found slowly, so that a kill falls in between."""
    for name in sys.argv[1:]:
        failures = Path(name).read_text().splitlines()
        if failures:
            Path(name).write_text("\n".join(failures[1:]))
            raise LookupError(failures[0])
    time.sleep(0.02)
    return key % params


if __name__ == "__main__":
    configure_logs()
    run_worker(load_settings(os.environ), render, rhythm=QUICK)
