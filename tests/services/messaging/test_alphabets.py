"""How many SMS a text takes."""

import pytest

from services.messaging.alphabets import BASIC, EXTENSION, Alphabet, write


@pytest.mark.parametrize(
    ("text", "alphabet", "parts"),
    [
        ("", Alphabet.GSM, 1),
        ("a" * 160, Alphabet.GSM, 1),
        ("a" * 161, Alphabet.GSM, 2),
        ("a" * 306, Alphabet.GSM, 2),
        ("a" * 307, Alphabet.GSM, 3),
        ("é" * 160, Alphabet.GSM, 1),
        ("€" * 80, Alphabet.GSM, 1),
        ("€" * 81, Alphabet.GSM, 2),
        # 153 is odd: no sign of two fits into the last place of a part.
        ("€" * 152, Alphabet.GSM, 2),
        ("€" * 153, Alphabet.GSM, 3),
        ("ê" * 70, Alphabet.UCS2, 1),
        ("ê" + "a" * 70, Alphabet.UCS2, 2),
        ("أ" * 70, Alphabet.UCS2, 1),
        ("أ" * 134, Alphabet.UCS2, 2),
        ("أ" * 135, Alphabet.UCS2, 3),
        ("ⵜ" * 70, Alphabet.UCS2, 1),
        ("ⵜ" * 71, Alphabet.UCS2, 2),
        ("🙂" * 35, Alphabet.UCS2, 1),
        ("🙂" * 36, Alphabet.UCS2, 2),
        # 67 is odd too.
        ("🙂" * 66, Alphabet.UCS2, 2),
        ("🙂" * 67, Alphabet.UCS2, 3),
    ],
)
def test_parts_are_counted_as_phones_count_them(text: str, alphabet: Alphabet, parts: int) -> None:
    written = write(text)
    assert (written.alphabet, written.parts, written.text) == (alphabet, parts, text)


def test_signs_of_print_become_those_of_a_phone() -> None:
    written = write("L’« espace »\u202f: «\u00a0oui\u00a0»… — cœur")
    assert (written.text, written.alphabet) == ('L\'" espace " : "oui"... - coeur', Alphabet.GSM)


def test_a_text_in_another_alphabet_keeps_its_signs() -> None:
    assert write("«أهلا»…").text == "«أهلا»…"
    assert write("être « là »").text == "être « là »"


def test_the_alphabet_is_that_of_the_standard() -> None:
    # 128 places: the escape is none, ten signs of the extension have two.
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
