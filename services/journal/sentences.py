"""What an entry of the journal says to the family that it is about."""

from uuid import UUID

from services.journal.actors import Capacity
from services.journal.entries import Entry
from services.messages import N_, Words
from services.retention import WHAT

SENTENCES = {
    "account.signed_in": N_("Signed in."),
    "account.signed_out": N_("Signed out."),
    "household.registered": N_("Registered your household."),
    "household.member_added": N_("Added a person to the household."),
    "household.member_not_added": N_("Tried to add a person to your household, without success."),
    "household.code_asked": N_("Asked for a code, in order to add a person to your household."),
    "household.member_removed": N_("Removed a person from the household."),
    "household.relation_corrected": N_("Corrected what a person is to the head of the household."),
    "household.head_changed": N_("Changed the head of the household."),
    "household.activated": N_("Your household is registered from now on."),
    "household.released": N_("The persons of your household are free again, because the request is closed."),
    "household.data_erased": N_("Erased, because its time was over: %(what)s"),
    "person.member_not_added": N_("Tried to add you to a household, without success."),
    "person.code_asked": N_("Asked for a code, in order to add you to a household."),
    "person.data_erased": N_("Erased, because its time was over: %(what)s"),
    "draft.opened": N_("Began the form."),
    "draft.page_saved": N_("Saved a page of the form."),
    "draft.expired": N_("Erased the form that was not sent, because its time was over."),
    "declaration.submitted": N_("Sent the form."),
    "deposit.made": N_("Took a deposit number."),
    "request.submitted": N_("Made a request."),
    "request.corrected": N_("Answered what we asked about a request."),
    "request.withdrawn": N_("Withdrew a request."),
    "application.submitted": N_("Applied for a programme."),
    "application.decided": N_("Decided about an application."),
    "statement.issued": N_("Made a statement of the score."),
}
SOMETHING = N_("Did something in your file that this page has no words for yet.")
ERASED = N_("Erased data")

YOU = N_("You")
OF_YOUR_HOUSEHOLD = N_("A person of your household")
ANOTHER_FAMILY = N_("Another family")
CAPACITIES = {
    Capacity.AGENT_FOR_CITIZEN: N_("An agent at the counter, for you"),
    Capacity.REVIEWER: N_("A person of the office who checks files"),
    Capacity.PARTNER: N_("A programme"),
    Capacity.OPERATOR: N_("The office that runs this service"),
    Capacity.SYSTEM: N_("The service, by rule"),
}


def what_was_done(entry: Entry) -> Words:
    """What an entry says, as a sentence."""
    key = SENTENCES.get(entry.action, SOMETHING)
    if "%(what)s" in key:
        return Words(key, {"what": Words(WHAT.get(entry.details.get("kind", ""), ERASED))})
    return Words(key)


def who_did_it(entry: Entry, *, reader: UUID) -> Words:
    """Who acted, as far as ``reader``, whom or whose household the entry is about, may know."""
    if entry.capacity is not Capacity.CITIZEN:
        return Words(CAPACITIES[entry.capacity])
    if entry.actor_id == reader:
        return Words(YOU)
    return Words(OF_YOUR_HOUSEHOLD if entry.household_id else ANOTHER_FAMILY)
