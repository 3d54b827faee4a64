"""``/metrics`` for Prometheus: counts of this machine's processes, and what waits in the database."""

import os
from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from flask import Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from portal.access import access
from portal.database import database, now
from portal.machine import pages
from services.database import Database, shared_clock
from services.jobs import queue_depths
from services.messaging.deliveries import Backlog, find_backlog
from services.population.register import silent_since
from services.settings import Settings
from services.workers import Rhythm, living_workers

FORWARDED = ("X-Forwarded-For", "Forwarded")


@pages.get("/metrics")
@access("machine")
def metrics() -> Response:
    """Everything counted, for those whom the settings name; for others this is no page."""
    if not _may_ask(current_app.config["SETTINGS"]):
        abort(404)
    found = Everything(current_app.config["SETTINGS"].metrics_dir, database(), now())
    answer = Response(generate_latest(found), content_type=CONTENT_TYPE_LATEST)  # type: ignore[arg-type]
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _may_ask(settings: Settings) -> bool:
    # Through a proxy that nobody declared, everybody's address is the proxy's.
    if not settings.trusted_proxies and any(name in request.headers for name in FORWARDED):
        return False
    try:
        asking = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(asking in network for network in settings.metrics_from)


class Everything:
    """What Prometheus collects: the counts of each process in ``folder``, and the state of the database."""

    def __init__(self, folder: Path, database: Database, moment: datetime) -> None:
        self.folder, self.database, self.moment = folder, database, moment

    def collect(self) -> Iterable[Metric]:
        """Counts first, then gauges; without a database, only that it is away."""
        yield from self._counts()
        up = GaugeMetricFamily("usrati_database_up", "Whether the database answers.")
        try:
            gauges = list(self._gauges())
        except SQLAlchemyError:
            up.add_metric([], 0)
        else:
            up.add_metric([], 1)
            yield from gauges
        yield up

    def _counts(self) -> Iterable[Metric]:
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return REGISTRY.collect()
        files = [str(path) for path in self.folder.glob("*/*.db")]
        merged: Iterable[Metric] = MultiProcessCollector.merge(files, accumulate=True)
        return merged

    def _gauges(self) -> Iterable[Metric]:
        with self.database.reading() as session:
            depths = queue_depths(session, now=self.moment)
            backlog = find_backlog(session, now=self.moment)
            silent = silent_since(session, now=self.moment)
            living = living_workers(session, silence=Rhythm().silence, now=shared_clock(session))
        waiting = GaugeMetricFamily("usrati_queue_waiting", "Jobs that wait for a worker.", labels=["queue"])
        oldest = GaugeMetricFamily("usrati_queue_oldest_seconds", "How long the oldest waits.", labels=["queue"])
        for queue, depth in depths.items():
            waiting.add_metric([queue], depth.waiting)
            oldest.add_metric([queue], depth.oldest.total_seconds())
        yield from _message_gauges(backlog, self.moment)
        silence = (self.moment - silent).total_seconds() if silent else 0
        yield from (waiting, oldest)
        yield GaugeMetricFamily("usrati_workers_living", "Workers heard of within a minute.", value=len(living))
        yield GaugeMetricFamily(
            "usrati_register_silent_seconds", "How long the register answers nobody.", value=silence
        )


def _message_gauges(backlog: Backlog, now: datetime) -> Iterable[Metric]:
    waiting = GaugeMetricFamily("usrati_messages_waiting", "Messages not sent yet, put off or not.", labels=["queue"])
    oldest = GaugeMetricFamily("usrati_messages_oldest_seconds", "How long the oldest of them waits.", labels=["queue"])
    for queue, found in backlog.waiting.items():
        waiting.add_metric([queue], found.count)
        oldest.add_metric([queue], found.oldest.total_seconds())
    yield from (waiting, oldest)
    if backlog.last_taken_at:
        ago = (now - backlog.last_taken_at).total_seconds()
        yield GaugeMetricFamily("usrati_gateway_last_taken_seconds", "How long ago a message was taken.", value=ago)
