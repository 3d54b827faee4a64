"""The catalogues say every sentence of the code, each in its language, and nothing that the code no longer says."""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from portal.languages import LANGUAGES, TRANSLATIONS

ROOT = Path(__file__).parents[2]
PARAMETER = re.compile(r"%\((\w+)\)s")
LETTERS = {"ar": re.compile("[\u0620-\u064a]"), "fr": re.compile("[A-Za-zÀ-ÿ]"), "zgh": re.compile("[\u2d30-\u2d6f]")}
# What is written the same in every language.
THE_SAME_EVERYWHERE = {"AMO-Tadamon", "%(amount)s DH", "DH"}


@cache
def catalogue(code: str) -> Catalog:
    with (TRANSLATIONS / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=str(LANGUAGES[code].locale))


def entries(code: str) -> Iterator[Message]:
    return (message for message in catalogue(code) if message.id)


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, (tuple, list)) else [message.id]


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, ...]]:
    """Every sentence of the code, found by the command of the Makefile."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    recipe = re.search(r"pybabel -q (extract .*) -o \S+ (.*)", (ROOT / "Makefile").read_text())
    assert recipe, "make messages no longer extracts"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", *recipe[1].split(), "-o", str(target)]
    subprocess.run([*command, *recipe[2].split()], cwd=ROOT, check=True, capture_output=True)
    with target.open("rb") as file:
        return {tuple(ids(message)) for message in read_po(file) if message.id}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_catalogue_follows_the_code(extracted: set[tuple[str, ...]], code: str) -> None:
    kept = {tuple(ids(message)) for message in entries(code)}
    assert extracted - kept == set(), "run make messages"
    assert kept - extracted == set(), "run make messages"
    assert not catalogue(code).obsolete


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_is_said(code: str) -> None:
    untranslated = [ids(message)[0] for message in entries(code) if not all(strings(message)) or message.fuzzy]
    assert untranslated == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_is_said_in_its_own_language(code: str) -> None:
    foreign = [
        (ids(message)[0], said)
        for message in entries(code)
        for said in strings(message)
        if said and ids(message)[0] not in THE_SAME_EVERYWHERE and not LETTERS[code].search(PARAMETER.sub("", said))
    ]
    assert foreign == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_bears_the_values_of_its_sentence(code: str) -> None:
    for message in entries(code):
        asked = set(PARAMETER.findall(" ".join(ids(message))))
        for place, said in enumerate(strings(message)):
            found = set(PARAMETER.findall(said))
            # "One person" may leave out the number, "nobody" all of it; nothing may be invented.
            is_nought = (code, place) == ("ar", 0) and len(ids(message)) > 1
            may_miss = asked if is_nought or not said else {"count"} if len(ids(message)) > 1 else set()
            assert found <= asked, said
            assert asked - found <= may_miss, said
            if asked:
                assert "%" not in said % dict.fromkeys(asked, ""), said


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_translation_holds_markup_or_stray_spaces(code: str) -> None:
    for message in entries(code):
        for said in strings(message):
            assert not re.search(r"[<>]|\s{2}|^\s|\s$|[\u200e\u200f\u202a-\u202e\u2066-\u2069]", said), said


def test_the_share_of_amazigh_that_a_native_reader_checked_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    every = list(entries("zgh"))
    verified = [message for message in every if "unverified" not in message.user_comments]
    checked = [message for message in verified if all(strings(message))]
    with capsys.disabled():
        print(f"\nAmazigh: {len(checked)} of {len(every)} sentences checked by a native reader")
    assert len(checked) <= len(every)
