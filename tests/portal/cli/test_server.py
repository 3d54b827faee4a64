"""The folder in which the processes of one machine count together."""

import os
import subprocess
import sys
from pathlib import Path

from portal.cli.server import share_counts


def an_ended_process() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_counts_begin_anew_when_no_process_of_them_lives(tmp_path: Path) -> None:
    (tmp_path / f"counter_{an_ended_process()}.db").touch()
    share_counts(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(tmp_path)


def test_counts_of_the_dead_stay_while_one_lives(tmp_path: Path) -> None:
    for process in (os.getpid(), an_ended_process()):
        (tmp_path / f"counter_{process}.db").touch()
        (tmp_path / f"gauge_mostrecent_{process}.db").touch()
    share_counts(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
