"""How long ordinary families wait while something else is wrong."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tests.portal.pages import Page


class Waits:
    """What each request of a family cost it: seconds, and the answer's status."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.statuses: list[int] = []

    def take(self, ask: Callable[[], Page]) -> Page:
        begun = time.monotonic()
        page = ask()
        self.seconds.append(time.monotonic() - begun)
        self.statuses.append(page.status)
        return page

    def share(self, part: float) -> float:
        """The wait that this share of them did not exceed."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * part))]

    def __str__(self) -> str:
        return f"{len(self.seconds)} requests, median {self.share(0.5):.3f} s, p99 {self.share(0.99):.3f} s"


def busy(trial: float = 0.1) -> float:
    """How many times as long as on a quiet machine a thing takes here now; what a wait is judged by."""
    begun, used = time.monotonic(), time.thread_time()
    while time.thread_time() - used < trial:
        pass
    # The requests of a test compete with each other, too.
    return 1.5 * max(1.0, (time.monotonic() - begun) / trial)


def for_seconds(seconds: float) -> Iterator[float]:
    """Again and again, until so much time has passed; what is left of it each time."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        yield left


def at_once(tasks: Sequence[Callable[[], object]]) -> None:
    """Run each in a thread of its own, all from the same moment; the first fault of any is raised."""
    faults: list[BaseException] = []
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> None:
        start.wait()
        try:
            task()
        except BaseException as fault:
            faults.append(fault)

    with all_ended([threading.Thread(target=run, args=(task,)) for task in tasks]):
        pass
    if faults:
        raise faults[0]


@contextmanager
def all_ended(threads: Sequence[threading.Thread]) -> Iterator[None]:
    """Start them; wait for each when the block ends."""
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
