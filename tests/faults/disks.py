"""A disk of its own for a test, small enough to be filled."""

import ctypes
import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CLONE_NEWNS = 0x00020000
AT_ONCE = 64 * 1024


class Disk:
    """A file system in memory; ``fill`` leaves no byte on it, ``make_room`` takes that back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Until the disk itself says that it is full."""
        with open(self._ballast, "ab", buffering=0) as file:
            for size in (AT_ONCE, 4096, 1):
                with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):  # noqa: PT012
                    while True:
                        file.write(bytes(size))

    def make_room(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """Mount one on ``folder``, for this process and those it starts; nobody else sees it."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        pytest.skip(f"mounting a small disk is not allowed here: {os.strerror(ctypes.get_errno())}")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=1777", "usrati-test", folder], check=True)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
