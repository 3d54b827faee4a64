"""What every page must be, whatever stands on it; a walker of these tests asks it of each page it sees."""

import re
from collections import Counter
from xml.etree.ElementTree import Element

from portal.languages import LANGUAGES
from tests.portal.pages import Page, words
from tests.portal.walking import Walker

LABELLED = ("text", "checkbox", "radio", "tel", "number", "date")
POINTERS = {"for", "aria-describedby", "aria-labelledby", "form"}
LONG_NUMBER = re.compile(r"[0-9]{4,}")


class SoundWalker(Walker):
    """A walker that stumbles over every page that is not sound."""

    def _go(self, *arguments: object) -> Page:
        page = super()._go(*arguments)  # type: ignore[arg-type]
        if page.headers.get("Content-Type", "").startswith("text/html") and page.body:
            faults = faults_of(page)
            assert not faults, f"{page.path}: {faults}"
        return page


def faults_of(page: Page) -> list[str]:
    """Everything that is wrong with a page; it is parsed strictly first."""
    return [
        *faults_of_heading(page),
        *faults_of_ids(page),
        *faults_of_labels(page),
        *faults_of_inline_code(page),
        *faults_of_headers(page),
        *faults_of_language(page),
        *faults_of_sentences(page),
    ]


def faults_of_heading(page: Page) -> list[str]:
    if len(page.all("h1")) != 1 or len(page.all("title")) != 1:
        return ["not one h1 and one title"]
    title = page.title
    for heading in (page.heading, page.heading.rpartition(" ")[0]):
        if title.startswith(heading) or f" {heading} " in title:
            return []
    return [f"the title {title!r} does not begin with the heading {page.heading!r}"]


def faults_of_ids(page: Page) -> list[str]:
    ids = Counter(one.get("id") for one in page.all() if one.get("id") is not None)
    faults = [f"the id {name!r} stands {count} times" for name, count in ids.items() if count > 1 or not name]
    for one in page.all():
        for name in POINTERS & one.attrib.keys():
            missing = [target for target in one.attrib[name].split() if target not in ids]
            faults += [f"{name}={target!r} points nowhere" for target in missing]
    return [*faults, *(f"{link!r} of the summary points nowhere" for link, _ in page.problems if link not in ids)]


def faults_of_labels(page: Page) -> list[str]:
    named = {one.get("for") for one in page.all("label")}
    inside = {id(control) for label in page.all("label") for control in label.iter()}
    controls = [one for one in page.all("input") if one.get("type", "text") in LABELLED]
    controls += [*page.all("select"), *page.all("textarea")]
    faults = [
        f"{one.get('name')} has no label" for one in controls if one.get("id") not in named and id(one) not in inside
    ]
    silent = [one for one in page.all("button") if not words(one) and one.get("aria-hidden") != "true"]
    faults += ["a button without words"] * len(silent) + faults_of_enter(page)
    return faults + ["a link without words" for one in page.all("a") if not words(one)]


def faults_of_enter(page: Page) -> list[str]:
    """Enter in a field presses the first button of its form: it must send the form, not change its language."""
    first: dict[str, Element] = {}
    for button in page.all("button"):
        first.setdefault(button.get("form", ""), button)
    first.pop("", None)
    return [f"Enter in {name} changes the language" for name, one in first.items() if one.get("formaction")]


def faults_of_inline_code(page: Page) -> list[str]:
    faults = [f"<{one.tag} style>" for one in page.all() if one.get("style") is not None or one.tag == "style"]
    faults += ["a script in the page" for one in page.all("script") if not one.get("src") or one.text]
    return faults + [f"{name} on <{one.tag}>" for one in page.all() for name in one.attrib if name.startswith("on")]


def faults_of_headers(page: Page) -> list[str]:
    policy = page.headers.get("Content-Security-Policy", "")
    faults = [] if "default-src 'none'" in policy and "unsafe" not in policy else [f"policy {policy!r}"]
    if page.headers.get("Cache-Control") != "no-store":
        faults.append("may be kept in a cache")
    if "HX-Request" not in page.headers.get("Vary", ""):
        faults.append("does not vary by HX-Request")
    return faults


def faults_of_language(page: Page) -> list[str]:
    code = page.path.split("/")[1]
    language = LANGUAGES.get(code)
    box = page.one("div", id="page")
    holders = [box, *page.all("html")]
    spoken = {(one.get("lang"), one.get("dir")) for one in holders if one.get("lang")}
    if language is None:
        return [] if len(spoken) == 1 else [f"the page says {spoken} of itself"]
    return [] if spoken == {(language.code, language.direction)} else [f"{spoken} on a page in {code}"]


def faults_of_sentences(page: Page) -> list[str]:
    faults = [f"a parameter is left in {text!r}" for text in _texts(page.one("main")) if "%(" in text or "{{" in text]
    if page.one("div", id="page").get("lang") != "ar":
        return faults
    return faults + [f"{number} could read backwards" for number in _bare_numbers(page.one("div", id="page"))]


def _texts(element: Element) -> list[str]:
    return [text for text in element.itertext() if text.strip()]


def _bare_numbers(element: Element) -> list[str]:
    """The long numbers of an element that stand in no place of their own, from left to right."""
    if element.get("dir") == "ltr" or element.tag == "svg":
        return []
    if element.tag == "bdi" and re.search(r"[^\W\d]", words(element)):
        return []  # what somebody typed, isolated as a whole
    faults = LONG_NUMBER.findall(element.text or "")
    if element.tag == "input" and element.get("type", "text") == "text" and element.get("dir") != "auto":
        faults += LONG_NUMBER.findall(element.get("value") or "")
    for child in element:
        faults += _bare_numbers(child) + LONG_NUMBER.findall(child.tail or "")
    return faults
