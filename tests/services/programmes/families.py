"""Declarations with children, written short: when each was born, then what is not ordinary about him."""

from typing import Any

from tests.services.scoring.declarations import a_child, a_declaration, a_head

OUT = {"schooling": "none", "school_level": "none"}


def child(born: str, **answers: Any) -> dict[str, Any]:
    """A child at a public primary school."""
    return a_child(born, **{"schooling": "public", "school_level": "primary", **answers})


def out(born: str, **answers: Any) -> dict[str, Any]:
    """A child who goes to no school, as one who was not asked is written too."""
    return child(born, **OUT, **answers)


def family(*children: dict[str, Any], **answers: Any) -> dict[str, Any]:
    """A head of forty and these children."""
    return a_declaration(a_head(birth_date="1986-03-01"), *children, **answers)
