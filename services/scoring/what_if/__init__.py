"""What if: a household that somebody supposes, scored by the same engine and kept nowhere."""

from services.scoring.what_if.asked import AGE, MOST_PEOPLE, ODD_OCCUPATION, Section, questions_of, sections_of
from services.scoring.what_if.document import document_of, supposition_of
from services.scoring.what_if.fields import add_person, as_fields, example_fields, remove_person
from services.scoring.what_if.reading import Reading, read_supposition
from services.scoring.what_if.supposition import Supposition

__all__ = [
    "AGE",
    "MOST_PEOPLE",
    "ODD_OCCUPATION",
    "Reading",
    "Section",
    "Supposition",
    "add_person",
    "as_fields",
    "document_of",
    "example_fields",
    "questions_of",
    "read_supposition",
    "remove_person",
    "sections_of",
    "supposition_of",
]
