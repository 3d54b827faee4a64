"""The words of an SMS: short, and a reference in its order among Arabic words."""

import pytest

from portal.languages import LANGUAGES, render_message
from services.requests.news import NEWS

OF_DIGITS = "7234-5678-2A"


@pytest.mark.parametrize("key", NEWS.values())
def test_a_reference_of_digits_keeps_its_order_in_arabic(key: str) -> None:
    text = render_message("ar", key, {"reference": OF_DIGITS})
    assert f"\u200e{OF_DIGITS}" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", NEWS.values())
def test_news_fits_in_one_sms(key: str, language: str) -> None:
    text = render_message(language, key, {"reference": OF_DIGITS})
    plain_alphabet = all(ord(sign) < 0x80 or sign in "àèéùìòÇØøÅåÆæßÉÄÖÑÜ§äöñü" for sign in text)
    assert len(text) <= (160 if plain_alphabet else 70), text
