"""Who kills the processes of a service, in turn and then at random, while families send their forms."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from tests.faults.clients import Clients
from tests.faults.cluster import Machine
from tests.postgresql import PostgreSQL

Kill = Callable[[], None]
LONGEST_AWAY = 1.0


class Killer:
    """Kills with −9 and starts again. Use it in the main thread, see :class:`Machine`."""

    def __init__(
        self,
        machines: Sequence[Machine],
        server: PostgreSQL | None,
        *,
        seed: int,
        processes: int,
        worker: Sequence[str],
    ) -> None:
        self.machines, self.server, self.processes, self.worker = machines, server, processes, worker
        self.luck = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self.victims: Mapping[str, Kill] = {"portal": self._kill_portal, "worker": self._kill_worker}
        if server is not None:
            self.victims = {**self.victims, "PostgreSQL": self._kill_server, "all at once": self._kill_all}

    def start_all(self) -> None:
        for machine in self.machines:
            machine.start_worker(self.worker)
            machine.start_portal(processes=self.processes)

    def haunt(self, clients: Clients, families: int, *, kills: int) -> None:
        """Kill ``kills`` times, spread over the families' submissions: each kind first, then any."""
        in_turn = list(self.victims)
        for number in range(kills):
            enough = families * (number + 1) // (kills + 1)
            while clients.at_work() and len(clients.acknowledged) < enough:
                time.sleep(0.01)
            time.sleep(self.luck.uniform(0, 0.1))
            victim = in_turn[number] if number < len(in_turn) else self.luck.choice(in_turn)
            self.victims[victim]()
            self.kills[victim] += 1

    def _kill_portal(self) -> None:
        machine = self.luck.choice(self.machines)
        machine.kill_portal()
        self._stay_away()
        machine.start_portal(processes=self.processes)

    def _kill_worker(self) -> None:
        machine = self.luck.choice(self.machines)
        machine.kill_worker()
        self._stay_away()
        machine.start_worker(self.worker)

    def _kill_server(self) -> None:
        assert self.server is not None
        self.server.kill()
        self._stay_away()
        self.server.start()

    def _kill_all(self) -> None:
        assert self.server is not None
        for machine in self.machines:
            machine.kill_portal()
            machine.kill_worker()
        self._kill_server()
        self.start_all()

    def _stay_away(self) -> None:
        time.sleep(self.luck.uniform(0, LONGEST_AWAY))
