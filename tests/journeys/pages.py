"""A family's phone: a real browser at 360 px, and what the family does with it, page by page.

Nothing here reads words: pages are known by address, fields by name, links by where they lead.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Response

from tests.journeys.families import Family
from tests.journeys.installation import Installation, wait_until
from tests.journeys.shortcuts import answered

DIRECTIONS = {"ar": "rtl", "fr": "ltr", "zgh": "ltr"}
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
EXPECTED_STATUS = re.compile(r"status of (404|422)\b")
ARRIVED = "#page:not([data-left]):not(.htmx-added)"
# What the page asks: each visible field, with its kind and the values among which one chooses.
ASKED = """() => [...document.querySelectorAll('#question [name]')]
    .filter(one => !['hidden', 'submit'].includes(one.type) && one.offsetParent)
    .map(one => ({name: one.name, kind: one.type, value: one.value}))"""


class Phone:
    """One browser with its own cookies. ``language`` is the one in which pages are opened."""

    def __init__(self, context: BrowserContext, portal: Installation, language: str, *, javascript: bool) -> None:
        self.context, self.portal, self.language, self.javascript = context, portal, language, javascript
        self.complaints: list[str] = []
        self.arrivals: list[Callable[[Phone], None]] = []
        self.seen: set[str] = set()
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        """Another window of the same browser."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._watch)
        return page

    # Moving ----------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Where the page is, without its language."""
        return "/" + urlsplit(self.page.url).path.split("/", 2)[2]

    def go(self, path: str) -> None:
        """Open an address, given without its language."""
        self.page.goto(f"{self.portal.base}/{self.language}{path}")
        self._arrive()

    def press(self, selector: str) -> None:
        """Press a link or a button, and wait for the page that it leads to."""
        self.lead(lambda: self.page.locator(selector).first.click())

    def follow(self, path: str) -> None:
        """Press the link of the content that leads to ``path``."""
        self.press(f"main a[href='/{self.language}{path}']")

    def send(self) -> None:
        """Press the main button of the page's form."""
        self.press("main form[id] button.button")

    def lead(self, act: Callable[[], Any]) -> None:
        """Do what leads to another page, or to this one anew, and wait until it stands."""
        self.page.evaluate("document.getElementById('page').dataset.left = '1'")
        act()
        self._arrive()

    def _arrive(self) -> None:
        self.page.locator(ARRIVED).wait_for(state="attached")
        self.page.wait_for_load_state()
        for check in self.arrivals:
            check(self)

    # Signing in and registering --------------------------------------------------------------

    def sign_in(self, family: Family) -> None:
        """From the sign-in page to the one behind it, with the code that comes by SMS."""
        before = len(self.portal.sms.messages(family.mobile))
        self.fill_identity(family.mother)
        self.page.check(f"input[name=sex][value={family.mother['sex']}]")
        self.send()
        self.enter_code(family, after=before)

    def enter_code(self, family: Family, *, after: int) -> None:
        """Write the code of the SMS that follows the first ``after`` ones."""
        self.page.fill("input#code", self.portal.sms.code(family.mobile, after=after))
        self.send()

    def be_signed_in(self, family: Family) -> None:
        """Have the cookie of a session, for tests of what comes after signing in."""
        self.have_session(self.portal.secret_for(family.mother["idcs"], self.language))

    def have_session(self, secret: str) -> None:
        self.context.add_cookies([{"name": "usrati", "value": secret, "url": self.portal.base}])

    def register(self, family: Family) -> None:
        """From the consent to the list of parts: the household, its people, its address."""
        self.page.check(f"input[name=relation][value={family.mother['relation']}]")
        self.page.check("#consent")
        self.send()
        self.follow("/household/members")
        for child in family.children:
            self.follow("/household/members/add")
            self.add(child)
        self.follow("/household")
        self.follow("/form/address")
        self.answer(family)

    def add(self, member: Mapping[str, Any]) -> None:
        """Fill in the page that adds a person."""
        self.fill_identity(member)
        self.page.check(f"input[name=relation][value={member['relation']}]")
        self.send()

    def fill_identity(self, person: Mapping[str, Any]) -> None:
        """Write the number and the birth date; what is not known of it stays empty."""
        self.page.fill("#idcs", self._typed(person["idcs"]))
        parts = [*person["birth_date"].split("-"), "", ""][:3]
        for field, part in zip(("birth_year", "birth_month", "birth_day"), parts, strict=True):
            self.page.fill(f"#{field}", self._typed(part))

    # The form --------------------------------------------------------------------------------

    def fill_form(self, family: Family) -> None:
        """Answer the whole form, from its first unanswered question on, until the answers can be checked."""
        self.go_on()
        while self.path != "/form/check":
            self.answer(family)

    def go_on(self) -> None:
        """Open the form where it was left."""
        self.go("/form")
        self.press("main .actions a.button")

    def resume(self, family: Family, *, at: str) -> None:
        """Signed in, with everything answered before the page ``at``, and that page open."""
        answered(self.portal, family, until=at)
        self.be_signed_in(family)
        self.go(f"/form/{at}")
        assert self.path == f"/form/{at}"

    def answer(self, family: Family) -> None:
        """Answer the page in hand and continue."""
        self.fill_page(family)
        self.send()

    def fill_page(self, family: Family) -> None:
        """Answer what the page asks, and what it asks then, without sending it."""
        answers, filled = family.answers(self.position), set()
        while fields := [one for one in self.page.evaluate(ASKED) if one["name"] not in filled]:
            asked = fields[0]["name"]
            filled.add(asked)
            self._fill(asked, self._as_typed(answers[asked]), fields)

    @property
    def position(self) -> int:
        """Whom the page asks about; 0 is the household."""
        last = self.path.rpartition("/")[2]
        return int(last) if last.isdigit() else 0

    def _fill(self, name: str, answer: list[str], fields: list[dict[str, str]]) -> None:
        for field in (one for one in fields if one["name"] == name):
            if field["kind"] == "select-one":
                self._select(name, answer[0])
            elif field["kind"] not in ("radio", "checkbox"):
                self.page.fill(f"#{name}", answer[0])
            elif field["value"] in answer:
                self.page.check(f"#question [name='{name}'][value='{field['value']}']")

    def _select(self, name: str, value: str) -> None:
        if name == "region" and self.javascript:
            with self.page.expect_response(lambda answer: "/form/provinces" in answer.url):
                self.page.select_option(f"#{name}", value)
            self.page.locator("#question-province:not(.htmx-added) #province").wait_for()
        else:
            self.page.select_option(f"#{name}", value)

    def _as_typed(self, answer: Any) -> list[str]:
        if isinstance(answer, bool):
            return ["yes" if answer else "no"]
        if isinstance(answer, int):
            return [self._typed(str(answer))]
        return answer if isinstance(answer, list) else [answer]

    def _typed(self, digits: str) -> str:
        """Digits as the keyboard of the language types them."""
        return digits.translate(EASTERN) if self.language == "ar" else digits

    # Sending and following -------------------------------------------------------------------

    def submit(self) -> str:
        """Send the checked answers; the reference of the receipt."""
        self.send()
        return self.reference

    @property
    def reference(self) -> str:
        """The reference in the page's address."""
        found = re.fullmatch(r"/requests/(\w{10})(/.*)?", self.path)
        assert found, f"no request at {self.path}"
        return found[1]

    def wait_decided(self, reference: str) -> None:
        """Look at the request again and again until the worker has decided it."""
        self.go(f"/requests/{reference}")
        wait_until(self._is_decided, f"{reference} was not decided")

    def _is_decided(self) -> bool:
        if self.page.locator("main a.button[href$='/score']").count():
            return True
        self.page.wait_for_timeout(250)
        self.go(self.path)
        return False

    # Hearing ---------------------------------------------------------------------------------

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_STATUS.search(message.text):
            self.complaints.append(message.text)

    def _watch(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

    def close(self) -> None:
        with suppress(Error):
            self.context.close()
