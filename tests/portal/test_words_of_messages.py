"""The words of an SMS: short, and a reference in its order among Arabic words."""

import pytest

from portal.languages import LANGUAGES, render_message
from services.accounts.code_sending import CODE_MESSAGES
from services.messaging.alphabets import Alphabet, write
from services.requests.news import NEWS
from services.scoring.bulk.telling import SCORE_CHANGED

OF_DIGITS = "7234-5678-2A"
# The longest address that the README allows, with the longest name of a language.
LINK = "https://usrati.registers.gov/zgh/score/compare"
# The widest that stands in each: digits and the alphabet of references are one sign each everywhere.
SENTENCES = [
    *((key, {"code": "888888"}) for key in CODE_MESSAGES.values()),
    *((key, {"reference": OF_DIGITS}) for key in NEWS.values()),
    (SCORE_CHANGED, {"link": LINK}),
]


@pytest.mark.parametrize("key", NEWS.values())
def test_a_reference_of_digits_keeps_its_order_in_arabic(key: str) -> None:
    text = render_message("ar", key, {"reference": OF_DIGITS})
    assert f"\u200e{OF_DIGITS}" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("key", "params"), SENTENCES)
def test_each_message_is_one_sms(key: str, params: dict[str, str], language: str) -> None:
    written = write(render_message(language, key, params))
    assert written.parts == 1, (len(written.text), written.text)


@pytest.mark.parametrize(("key", "params"), SENTENCES)
def test_french_needs_no_sign_that_phones_lack(key: str, params: dict[str, str]) -> None:
    assert write(render_message("fr", key, params)).alphabet is Alphabet.GSM
