"""Where the processes of one machine count together: files that each maps into its memory."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

SHARED_IN = "PROMETHEUS_MULTIPROC_DIR"
IN_MEMORY = Path("/dev/shm")  # noqa: S108 (a fresh folder in it, our own)
# More than every page and every status together need, so that no file grows later.
ROOM = {"counter": 256 * 1024, "histogram": 1024 * 1024}


def share_counts(folder: Path) -> None:
    """Have this process and its children count into ``folder``, begun anew where none of it lives."""
    folder.mkdir(parents=True, exist_ok=True)
    files = list(folder.glob("*.db"))
    if not any(_lives(int(path.stem.rpartition("_")[2])) for path in files):
        for path in files:
            path.unlink()
    os.environ[SHARED_IN] = str(folder)


def keep_room() -> None:
    """Take the room that this process's counts will need, before it counts anything.

    What is written through memory meets a full disk as a signal that ends the process, not as an
    error. Where the disk is full already, this process counts in memory, and alone.
    """
    try:
        _take_room(Path(os.environ[SHARED_IN]))
    except OSError:
        alone = tempfile.mkdtemp(prefix="usrati-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
        os.environ[SHARED_IN] = alone


def _take_room(folder: Path) -> None:
    for kind, size in ROOM.items():
        path = folder / f"{kind}_{os.getpid()}.db"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, size)
        except OSError:
            path.unlink()
            raise
        finally:
            os.close(descriptor)


def _lives(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False
