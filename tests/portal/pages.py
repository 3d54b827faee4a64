"""One answer of the portal as a family's browser has it: status, headers, and the page as a tree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from portal.languages import plain
from services.messages import Words

NOT_TYPED = ("submit", "button", "image", "reset")
Fields = dict[str, list[str]]


def parse(text: str) -> Element:
    """The tree of a page or of a fragment. Raises html5lib.html5parser.ParseError where it is not valid HTML."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    is_whole = text.lstrip().startswith("<!doctype")
    tree: Element = parser.parse(text) if is_whole else parser.parseFragment(text, container="body")
    for one in tree.iter():
        if isinstance(one.tag, str):
            one.tag = one.tag.rpartition("}")[2]
    return tree


def words(element: Element) -> str:
    """What stands in an element, each space once."""
    return " ".join("".join(element.itertext()).split())


def said(english: str, language: str = "fr", **values: Any) -> str:
    """A sentence of the portal as it reads on a page, each space once."""
    return " ".join(plain(Words(english, values), language).split())


@dataclass(frozen=True)
class Page:
    """An answer. ``path`` is where it came from, the query included."""

    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @cached_property
    def tree(self) -> Element:
        return parse(self.text)

    @cached_property
    def elements(self) -> Mapping[str | None, list[Element]]:
        """The elements by their tag, in the order of the page; all of them under None."""
        found: dict[str | None, list[Element]] = {None: [one for one in self.tree.iter() if isinstance(one.tag, str)]}
        for one in found[None]:
            found.setdefault(one.tag, []).append(one)
        return found

    @property
    def title(self) -> str:
        return words(self.one("title"))

    @property
    def heading(self) -> str:
        return words(self.one("h1"))

    @cached_property
    def words(self) -> str:
        """Everything that can be read inside ``main``."""
        return words(self.one("main"))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """``(id of the field, sentence)`` of the error summary."""
        summary = self.all("div", **{"class": "error-summary"})
        links = [link for box in summary for link in box.iter("a")]
        return [(link.get("href", "").removeprefix("#"), words(link)) for link in links]

    def all(self, tag: str | None = None, **attributes: str) -> list[Element]:
        """The elements of that tag with those attributes."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            one for one in self.elements.get(tag, ()) if all(one.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str | None = None, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert found, f"no <{tag} {attributes}> on {self.path}:\n{self.text[:3000]}"
        return found[0]

    def value(self, name: str) -> str:
        """What a field of that name holds, as the browser would post it; empty where it holds nothing."""
        return next((values[0] for form in self.forms() if (values := form.fields.get(name))), "")

    def forms(self) -> Iterator["FormOnPage"]:
        for form in self.all("form"):
            yield FormOnPage(self, form)

    def form(self, ending: str | None = None, field: str | None = None) -> "FormOnPage":
        """The form whose action ends so, or that has that field; otherwise the first of ``main``."""
        main = {id(form) for form in self.one("main").iter("form")}
        for form in self.forms():
            suits = form.action.endswith(ending) if ending else field in form.names if field else id(form.form) in main
            if suits:
                return form
        raise LookupError(f"no form for {ending or field} on {self.path}")


class FormOnPage:
    """A form as it stands: what the browser would post if its button were pressed now."""

    def __init__(self, page: Page, form: Element) -> None:
        self.form = form
        self.action = form.get("action", "")
        own = [one for one in form.iter() if one.get("form") is None]
        outside = [one for one in page.tree.iter() if form.get("id") and one.get("form") == form.get("id")]
        self.controls = [one for one in [*own, *outside] if one.get("name") and one.tag != "form"]
        self.names = {one.get("name", "") for one in self.controls}

    @property
    def fields(self) -> Fields:
        filled: Fields = {}
        for control in self.controls:
            for value in _posted(control):
                filled.setdefault(control.get("name", ""), []).append(value)
        return filled

    def choices(self, name: str) -> list[str]:
        """The values among which one chooses; empty for a line to type."""
        found = [one for one in self.controls if one.get("name") == name]
        options = [option for one in found if one.tag == "select" for option in one.iter("option")]
        boxes = [one for one in found if one.get("type") in ("radio", "checkbox")]
        return [one.get("value", "") for one in [*options, *boxes]]

    def buttons(self) -> dict[str, str]:
        """The named buttons with their values."""
        return {one.get("name", ""): one.get("value", "") for one in self.controls if one.tag == "button"}


def _posted(control: Element) -> list[str]:
    kind = control.get("type", "text")
    if control.tag == "button" or kind in NOT_TYPED:
        return []
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        return [one.get("value", "") for one in chosen]
    if control.tag == "textarea":
        return [control.text or ""]
    if kind in ("radio", "checkbox"):
        return [control.get("value", "on")] if control.get("checked") is not None else []
    return [control.get("value", "")]
