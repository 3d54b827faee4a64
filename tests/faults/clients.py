"""Families who send their form whatever happens: they try again until they are told their reference."""

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from queue import Empty, SimpleQueue
from urllib.parse import urlencode
from uuid import UUID

from tests.faults.cluster import Machine
from tests.faults.families import Ready
from tests.portal.pages import Fields, FormOnPage, Page
from tests.portal.walking import HttpBrowser

NO_ANSWER, NOT_NOW = 0, 503
TO_RECEIPT = re.compile(r"/fr/requests/(\w{10})/receipt")
PATIENCE_SECONDS = 900.0
PATH = "/fr/form/check"


class Clients:
    """``count`` people at a time, each with the next family's form, until all have sent theirs."""

    def __init__(self, machines: Sequence[Machine], families: Iterable[tuple[Ready, str]], *, count: int) -> None:
        self.machines = machines
        self.acknowledged: dict[UUID, str] = {}
        self.answers: Counter[int] = Counter()
        self.failures: list[BaseException] = []
        self._waiting: SimpleQueue[tuple[Ready, str]] = SimpleQueue()
        for family in families:
            self._waiting.put(family)
        self._threads = [threading.Thread(target=self._work, args=(random.Random(number),)) for number in range(count)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def at_work(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def join(self) -> None:
        """Wait for everybody; what one of them could not bear is raised here."""
        for thread in self._threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def _work(self, luck: random.Random) -> None:
        try:
            while not self.failures:
                family, secret = self._waiting.get_nowait()
                Sender(self, secret, luck).send(family)
        except Empty:
            return
        except BaseException as failure:
            self.failures.append(failure)


class Sender:
    """One family at its browser, which a balancer leads to any of the machines."""

    def __init__(self, clients: Clients, secret: str, luck: random.Random) -> None:
        self.clients, self.luck = clients, luck
        self.give_up_at = time.monotonic() + PATIENCE_SECONDS
        self.browser = HttpBrowser(luck.choice(clients.machines).base)
        self.browser.keep_cookie("usrati", secret)

    def send(self, family: Ready) -> None:
        """Open the page, press its button, press again what the answer offers, until the receipt is there."""
        form = self._until_there(PATH).form("/form/check")
        key = form.fields["submission_key"]
        while (sent := self._ask("POST", PATH, form.fields)).status != 303:
            if sent.status == NOT_NOW:
                form = self._form_to_press_again(sent)
                assert form.fields["submission_key"] == key
            self._pause()
        led_to = TO_RECEIPT.fullmatch(sent.headers["Location"])
        assert led_to, sent.headers["Location"]
        # From here on the family has been told.
        self.clients.acknowledged[family.household_id] = led_to[1]
        receipt = self._until_there(led_to[0])
        assert receipt.one("p", **{"class": "reference"}) is not None

    def _until_there(self, path: str) -> Page:
        while (page := self._ask("GET", path, None)).status != 200:
            self._pause()
        return page

    def _ask(self, method: str, path: str, fields: Fields | None) -> Page:
        body = None if fields is None else urlencode(fields, doseq=True).encode()
        try:
            page = self.browser.send(method, path, body, {})
        except (OSError, http.client.HTTPException):
            page = Page(path, NO_ANSWER, {}, b"")
        self.clients.answers[page.status] += 1
        # Nothing, a page, or a kind word: never the page of a program.
        assert page.status in (NO_ANSWER, 200, 303, NOT_NOW), (method, path, page.status, page.text[:2000])
        assert not page.status or page.status == 303 or page.headers["X-Usrati-Page"] == "1", page.text[:2000]
        return page

    def _form_to_press_again(self, page: Page) -> FormOnPage:
        return page.form(field="submission_key")

    def _pause(self) -> None:
        assert time.monotonic() < self.give_up_at, f"nothing but {self.clients.answers}"
        self.browser.base = self.luck.choice(self.clients.machines).base
        time.sleep(self.luck.uniform(0.05, 0.4))
