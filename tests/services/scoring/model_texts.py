"""Texts of models for tests: the shipped one, changed where a test wants it so."""

from services.scoring.shipped import shipped_texts

SHIPPED = shipped_texts()["rsu-2023-unofficial"]


def a_text(model_id: str = "rsu-2027", valid_from: str = "2027-01-01", **changed: str) -> str:
    """The shipped model under another id and day; ``changed`` coefficients replace the urban ones."""
    text = SHIPPED.replace('"rsu-2023-unofficial"', f'"{model_id}"').replace("2023-01-01", valid_from, 1)
    for key, value in changed.items():
        lines = text.split("\n")
        place = next(place for place, line in enumerate(lines) if line.startswith(f"{key} = "))
        text = "\n".join([*lines[:place], f"{key} = {value}", *lines[place + 1 :]])
    return text


def line_of(text: str, start: str) -> int:
    """The first line that starts so, from 1."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith(start))
