"""Who saw or changed what, about whom, in which capacity, and when."""

from services.journal.actors import Actor, Capacity, citizen, operator, system_actor
from services.journal.entries import Entry, entries_about, entries_seen_by, record

__all__ = [
    "Actor",
    "Capacity",
    "Entry",
    "citizen",
    "entries_about",
    "entries_seen_by",
    "operator",
    "record",
    "system_actor",
]
