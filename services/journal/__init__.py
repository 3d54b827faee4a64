"""Who saw or changed what, about whom, in which capacity, and when."""

from services.journal.actors import Actor, Capacity, citizen, system_actor
from services.journal.entries import Entry, entries_about, record

__all__ = ["Actor", "Capacity", "Entry", "citizen", "entries_about", "record", "system_actor"]
