"""A family's browser without a browser: it reads pages, fills in forms, follows redirects, reads its SMS.

Over Flask's test client, or over plain HTTP to a portal that runs.
"""

import json
import re
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http.cookiejar import Cookie, CookieJar
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit

from flask.testing import FlaskClient

from tests.portal.pages import Fields, FormOnPage, Page

MOST_REDIRECTS = 8
FORM_TYPE = "application/x-www-form-urlencoded"


class Browser(Protocol):
    """Sends one request with the cookies it holds; does not follow."""

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Page: ...


class FlaskBrowser:
    """Over Flask's test client, which keeps the cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Page:
        answer = self.client.open(
            path, method=method, data=body, headers=dict(headers), content_type=FORM_TYPE if body is not None else None
        )
        page = Page(path, answer.status_code, answer.headers, answer.data)
        answer.close()
        return page


class HttpBrowser:
    """Over plain HTTP, to ``http://host:port``. Cookies hold for a host: a change of ``base`` keeps them."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _Staying())

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Page:
        request = urllib.request.Request(urljoin(self.base, path), body, dict(headers), method=method)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return Page(path, answer.status, answer.headers, answer.read())
        except HTTPError as error:
            with error:
                return Page(path, error.code, error.headers, error.read())

    def keep_cookie(self, name: str, value: str) -> None:
        """Hold a cookie that the portal did not set here."""
        host = urlsplit(self.base).hostname or ""
        self.cookies.set_cookie(
            Cookie(0, name, value, None, False, host, False, False, "/", True, False, None, True, None, None, {})
        )


class _Staying(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *others: Any) -> None:
        return None


class SmsFile:
    """The file to which messages go; ``deliver`` has what waits sent, where no worker does it."""

    def __init__(self, path: Path, deliver: Callable[[], None] | None = None) -> None:
        self.path, self.deliver = path, deliver

    def messages(self, to: str | None = None) -> list[dict[str, str]]:
        if self.deliver:
            self.deliver()
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        return [message for line in lines if (message := json.loads(line)) and to in (None, message["to"])]

    def code(self, to: str, *, after: int = 0, wait: float = 20.0) -> str:
        """The last code sent to ``to``, which is more than its ``after``-th message."""
        give_up_at = time.monotonic() + wait
        while True:
            codes = [
                found[0] for message in self.messages(to)[after:] if (found := re.search(r"\d{6}", message["text"]))
            ]
            if codes:
                return codes[-1]
            if self.deliver or time.monotonic() > give_up_at:
                raise AssertionError(f"no code came to {to}")
            time.sleep(0.1)


class Walker:
    """A family at its browser. ``page`` is what it sees; ``trail`` every path it was led through."""

    def __init__(self, browser: Browser, *, language: str = "fr", htmx: bool = False) -> None:
        self.browser, self.language = browser, language
        self.headers = {"HX-Request": "true"} if htmx else {}
        self.trail: list[str] = []
        self.page: Page

    def get(self, path: str) -> Page:
        """Open ``/form``, as ``/fr/form``; a path that begins with a language is taken as it is."""
        return self._go("GET", self._with_language(path), None)

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Page:
        """Post ``fields`` as a browser with the page's token would, whatever the page offers."""
        token = self.page.value("csrf_token")
        return self._go("POST", self._with_language(path), {"csrf_token": [token], **_as_lists(fields)})

    def fill(self, *, form: str | None = None, press: str | None = None, **values: str | Sequence[str] | None) -> Page:
        """Fill in a form of the page and send it.

        ``form`` is how its action ends, without it the one with the fields; ``press`` names a
        button. What is not named is sent as it stands, None leaves a field out.
        """
        found = self.page.form(form, next(iter(values), None))
        fields = found.fields
        for name, value in values.items():
            self._check(found, name, value)
            fields.pop(name, None)
            if value is not None:
                fields |= _as_lists({name: value})
        if press:
            fields[press] = [found.buttons()[press]]
        return self._go("POST", found.action or self.page.path, fields)

    def press(self, form: str) -> Page:
        """Press the button of the form whose action ends so."""
        return self.fill(form=form)

    def switch(self, language: str) -> Page:
        """Change the language as the page offers it: by a link, or by a button that takes along what is typed."""
        self.language = language
        for link in self.page.all("a", hreflang=language):
            return self._go("GET", link.get("href", ""), None)
        button = self.page.one("button", name="switch_language", value=language)
        form = next(form for form in self.page.forms() if form.form.get("id") == button.get("form"))
        return self._go("POST", button.get("formaction", ""), {**form.fields, "switch_language": [language]})

    def sign_in(self, story: Any, sms: SmsFile) -> Page:
        """Sign in as the person of a demonstration story, with the code that comes."""
        self.get("/sign-in")
        year, month, day = [*story.birth_date.split("-"), "", ""][:3]
        before = len(sms.messages(story.mobile))
        self.fill(idcs=story.idcs, sex=story.sex, birth_year=year, birth_month=month, birth_day=day)
        return self.fill(code=sms.code(story.mobile, after=before))

    def answer_pages(self, answers: Mapping[str, str | Sequence[str]]) -> Page:
        """Answer each page of the form from ``answers``, up to the one where answers are checked."""
        while not self.page.path.endswith("/form/check"):
            asked = self.page.form(field="seen").names & answers.keys()
            before = self.page.path
            self.fill(form=before, **{name: answers[name] for name in sorted(asked)})
            assert self.page.path != before, f"{before}: {self.page.problems}"
        return self.page

    def _check(self, form: FormOnPage, name: str, value: Any) -> None:
        assert name in form.names, f"{self.page.path} has no field {name}"
        choices = form.choices(name)
        chosen = [value] if isinstance(value, str) else value or []
        assert not choices or set(chosen) <= set(choices), f"{name}: {chosen} not among {choices}"

    def _with_language(self, path: str) -> str:
        return path if re.match(r"/(ar|fr|zgh)(/|$)", path) else f"/{self.language}{path}"

    def _go(self, method: str, path: str, fields: Fields | None) -> Page:
        body = None if fields is None else urlencode(fields, doseq=True).encode()
        for _ in range(MOST_REDIRECTS):
            self.trail.append(path)
            self.page = self.browser.send(method, path, body, self.headers)
            if self.page.status not in (302, 303):
                return self.page
            target = urlsplit(urljoin(path, self.page.headers["Location"]))
            method, path, body = "GET", f"{target.path}?{target.query}".rstrip("?"), None
        raise AssertionError(f"led in circles: {self.trail[-MOST_REDIRECTS:]}")


def _as_lists(fields: Mapping[str, str | Sequence[str]]) -> Fields:
    return {name: [value] if isinstance(value, str) else list(value) for name, value in fields.items()}
