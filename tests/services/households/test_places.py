"""The table of places against ISO 3166-2."""

import pycountry
import pytest

from services.households.places import REGIONS, place_named, provinces_of

# ISO prints these two in another region than the decree 2-15-40.
MOVED = {"MA-NOU": "MA-06", "MA-CHT": "MA-09"}
SCRIPTS = {"ar": ("\u0600", "\u06ff"), "zgh": ("\u2d30", "\u2d7f"), "fr": ("A", "ÿ")}
PLACES = [*REGIONS, *(place for region in REGIONS for place in provinces_of(region.code))]


def test_the_codes_and_their_regions_are_those_of_iso_but_for_two() -> None:
    printed = {one.code: one.parent_code for one in pycountry.subdivisions.get(country_code="MA")}
    ours = {region.code: None for region in REGIONS}
    ours |= {place.code: region.code for region in REGIONS for place in provinces_of(region.code)}
    assert ours == printed | MOVED


def test_there_are_12_regions_and_75_provinces_and_prefectures() -> None:
    assert (len(REGIONS), len(PLACES)) == (12, 12 + 62 + 13)


@pytest.mark.parametrize("locale", SCRIPTS)
def test_every_place_has_a_name_of_its_own_in_the_script_of_each_language(locale: str) -> None:
    first, last = SCRIPTS[locale]
    names = [place.names[locale] for place in PLACES]
    letters = {letter for name in names for letter in name if letter not in " -’ⵯ"}
    assert all(first <= letter <= last for letter in letters)
    assert len(set(names)) == len(names)


def test_an_unknown_region_has_no_provinces() -> None:
    assert provinces_of("MA-99") == ()
    assert place_named("MA-99") is None
    assert place_named("MA-RAB").names["fr"] == "Rabat"  # type: ignore[union-attr]
