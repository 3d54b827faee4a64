"""What must be true of every page a family sees, whatever it says."""

from tests.journeys.pages import DIRECTIONS, Phone

HEIGHT = 740
PAGE = """() => ({lang: document.documentElement.lang, dir: document.documentElement.dir, titles: document.title.length,
    headings: document.querySelectorAll('main h1').length, wide: document.documentElement.scrollWidth - innerWidth})"""
# The last elements that stand out past the page's edges, for the message.
OUTSIDE = """() => [...document.querySelectorAll('body *')]
    .filter(one => (box => box.width && (box.right > innerWidth + 1 || box.left < -1))(one.getBoundingClientRect()))
    .map(one => one.outerHTML.slice(0, 120)).slice(-3)"""


def speaks_its_language(phone: Phone) -> None:
    """`lang` and `dir` are those of the address, and there is one heading."""
    found = phone.page.evaluate(PAGE)
    assert (found["lang"], found["dir"]) == (phone.language, DIRECTIONS[phone.language]), phone.page.url
    assert phone.page.url.startswith(f"{phone.portal.base}/{phone.language}/")
    assert found["titles"]
    assert found["headings"] == 1, f"{found['headings']} headings at {phone.path}"


def fits(phone: Phone, width: int) -> None:
    """Nothing scrolls sideways at that width."""
    if (phone.page.viewport_size or {}).get("width") != width:
        phone.page.set_viewport_size({"width": width, "height": HEIGHT})
    too_wide = phone.page.evaluate(PAGE)["wide"]
    assert too_wide <= 0, f"{phone.page.url} at {width} px: {too_wide} px too wide {phone.page.evaluate(OUTSIDE)}"


def fits_small_phones(phone: Phone) -> None:
    """At 360 px on every page, at 320 the first time that a page of its kind is seen."""
    kind = phone.path.rstrip("/0123456789")
    if kind not in phone.seen:
        phone.seen.add(kind)
        fits(phone, 320)
    fits(phone, 360)


def fonts_of(phone: Phone, selector: str) -> dict[str, int]:
    """Which fonts really drew an element's text, and how many glyphs each; our own marked with a star."""
    session = phone.context.new_cdp_session(phone.page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    session.detach()
    return {font["familyName"] + "*" * font["isCustomFont"]: int(font["glyphCount"]) for font in used}
