"""Small drawings inside a page: pictograms, and the bar that shows how far a line moves the score."""

from functools import cache

from markupsafe import Markup

from portal.assets import STATIC, asset

STAR = Markup((STATIC / "star.svg").read_text(encoding="utf-8"))  # noqa: S704 (our own file)
# The bar's own units: its middle is where nothing moves.
HALF, SHORTEST, MIDDLE = 150, 3, 152
BAR = (
    '<svg class="weigh" viewBox="0 0 304 14" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="track" y="1" width="304" height="12" rx="6"/>{}'
    '<rect class="zero" x="151" y="0" width="2" height="14"/></svg>'
)
MOVED = '<rect class="{}" x="{}" y="1" width="{}" height="12" rx="4"/>'


@cache
def icon(name: str, size: str = "") -> Markup:
    """One pictogram of the sprite; it says nothing that the words beside it do not."""
    drawn = Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>')
    return drawn.format(size, asset("icons.svg"), name)


def bar(nano: int, widest: int) -> Markup:
    """How far a line moves the score, to the left or the right of the middle; ``widest`` fills its half."""
    if not nano:
        return Markup(BAR.format(""))  # noqa: S704 (numbers alone)
    width = max(abs(nano) * HALF // widest, SHORTEST)
    way, start = ("down", MIDDLE - width) if nano < 0 else ("up", MIDDLE)
    return Markup(BAR.format(MOVED.format(way, start, width)))  # noqa: S704 (numbers alone)
