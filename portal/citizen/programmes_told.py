"""What the pages of the programmes say: the words of a standing, of each amount and of each change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.formatting import person_name
from portal.languages import current_language
from services.households.household_view import HouseholdView
from services.messages import N_, NN_, Words, counted
from services.programmes.catalogue import PROGRAMMES, Programme
from services.programmes.eligibility import (
    FOR_EVERY_ADULT,
    Condition,
    Eligibility,
    Outcome,
    Situation,
    Standing,
    eligibility_of,
)
from services.programmes.entitlement import PROGRAMME, Basis, ChildAmount, Entitlement, entitlement_on
from services.programmes.entitlement_ahead import Cause, Change, Once, Reason, first_of_month

MONTHLY = NN_("%(count)s dirham a month", "%(count)s dirhams a month")
DIRHAMS = NN_("%(count)s dirham", "%(count)s dirhams")
WOULD_RECEIVE = NN_(
    "Your family would receive %(count)s dirham a month", "Your family would receive %(count)s dirhams a month"
)
UNPUBLISHED = N_("The amounts are not published for this date.")
FREE_COVER = N_("Health cover for which you pay nothing")
MONEY_EACH_MONTH = N_("Money every month, for families with or without children")
GIVES = {"asd": MONEY_EACH_MONTH, "amo_tadamon": FREE_COVER}
PICTOGRAMS = {"asd": "coins", "amo_tadamon": "health"}
ENDED = N_("%(programme)s ended on %(day)s. Another programme has taken its place: %(successor)s.")
LEFT = N_("Somebody who is no longer in your household")

# Standing: tag, class of the tag, sentence.
STANDINGS = {
    Standing.OPEN: (N_("open to you"), "ok", N_("From what we know, this aid is open to you.")),
    Standing.NOT_OPEN: (N_("not open to you"), "", N_("From what we know, this aid is not open to you now.")),
    Standing.UNKNOWN: (N_("not known yet"), "you", N_("We cannot know yet whether this aid is open to you.")),
    Standing.OVER: (N_("not open to you"), "", N_("This programme has not begun yet.")),
}
# Outcome: words, class of the tag, pictogram.
OUTCOMES = {
    Outcome.MET: (N_("Met"), "ok", "check"),
    Outcome.NOT_MET: (N_("Not met"), "", "lock"),
    Outcome.UNKNOWN: (N_("Cannot know yet"), "you", "clock"),
}
GRADES = {
    "O": N_("Source: an official text."),
    "P": N_("Source: the press."),
    "C": N_("Source: public code of third parties."),
    "own": N_("Our own choice: no source was found."),
    "X": N_("No published text was found for this amount."),
}
UNDER_SIX = N_("Under six years old")
COUNTED_AT_SCHOOL = N_("Counted as going to school: you were not asked")
ITEMS = {
    "first_in_education": N_("Goes to school"),
    "first_out_of_school": N_("Does not go to school"),
    "first_father_deceased": N_("The father has died"),
    "later_in_education": N_("Fourth to sixth child, under six or at school"),
    "later_out_of_school": N_("Fourth to sixth child, not at school"),
    None: N_("Only six children count, the eldest first"),
}
SUPPLEMENT = NN_("Of it, %(count)s dirham for a severe disability", "Of it, %(count)s dirhams for a severe disability")
RAISED = NN_(
    "The children bring %(count)s dirham together; no household receives less than %(floor)s dirhams.",
    "The children bring %(count)s dirhams together; no household receives less than %(floor)s dirhams.",
)
LUMP_SUM = N_("No child under 21 is in your household: it receives one amount, whatever its size.")
REASONS = {
    Cause.BORN: N_("%(name)s counts from this month on."),
    Cause.SCHOOL_AGE: N_("%(name)s is six by then: from now on the amount depends on school."),
    Cause.GROWN_UP: N_("%(name)s is 21 by then and counts no longer."),
    Cause.COUNTS_NOW: N_("%(name)s is now among the six children who count."),
    Cause.AMOUNTS: N_("New amounts apply from this day on."),
}
SAME_AMOUNT = N_("The amount stays the same.")
BIRTHS = {
    "birth_first": N_("Once, for the birth of the first child: %(name)s"),
    "birth_second": N_("Once, for the birth of the second child: %(name)s"),
}
PUPILS = {
    "school_return": NN_(
        "Once, for the return to school of %(count)s pupil of the primary school or the collège",
        "Once, for the return to school of %(count)s pupils of the primary school or the collège",
    ),
    "school_return_upper": NN_(
        "Once, for the return to school of %(count)s pupil of the lycée",
        "Once, for the return to school of %(count)s pupils of the lycée",
    ),
}
ASK_BY = N_("Ask for it by this day.")
Names = Mapping[int, Any]


@dataclass(frozen=True)
class Card:
    """One programme in the list."""

    key: str
    name: Words
    pictogram: str
    tag: str
    tone: str
    sentence: Words


@dataclass(frozen=True)
class ConditionTold:
    """A condition with its pictogram, its word and its reason."""

    condition: Condition
    tag: str
    tone: str
    pictogram: str
    source: str


@dataclass(frozen=True)
class Told:
    """How the household stands before one programme."""

    sentence: str
    is_open: bool
    conditions: tuple[ConditionTold, ...]


@dataclass(frozen=True)
class ChildTold:
    """What one child brings a month, and why."""

    name: Any
    age: int
    amount: Words
    reasons: tuple[Words, ...]


@dataclass(frozen=True)
class Event:
    """Something to come, on a day."""

    on: date
    title: Words
    details: tuple[Words, ...]


@dataclass(frozen=True)
class Money:
    """The month's amount, child by child, and what is coming."""

    total: Words
    reason: Words | None
    children: tuple[ChildTold, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Ended:
    """A programme that is over, and what took its place."""

    name: Words
    sentence: Words
    successor: Programme


def gives_money(programme: Programme) -> bool:
    """Whether the catalogue has monthly amounts for it."""
    return programme.key == PROGRAMME


def card(programme: Programme, situation: Situation, *, sees_all: bool) -> Card:
    """A programme as the list shows it: an amount where there is one to tell, else why not."""
    found = eligibility_of(programme.key, situation)
    tag, tone, _ = STANDINGS[found.standing]
    sentence = Words(GIVES[programme.key])
    if sees_all and found.standing is not Standing.OPEN:
        sentence = next((one.words for one in found.conditions if _decides(one, found.standing)), sentence)
    elif sees_all and gives_money(programme):
        month = first_of_month(situation.on)
        total = entitlement_on(situation.document, on=month, declared_on=situation.declared_on).total
        sentence = Words(UNPUBLISHED) if total is None else counted(WOULD_RECEIVE, total)
    return Card(programme.key, programme.name, PICTOGRAMS[programme.key], tag, tone, sentence)


def told(found: Eligibility, *, sees_all: bool) -> Told:
    """The standing in one sentence, and its conditions; of another member's only what he may read."""
    conditions = tuple(
        ConditionTold(one, *OUTCOMES[one.outcome], GRADES[one.grade])
        for one in found.conditions
        if sees_all or one.key in FOR_EVERY_ADULT
    )
    return Told(STANDINGS[found.standing][2], found.standing is Standing.OPEN, conditions)


def names_of(document: Mapping[str, Any], household: HouseholdView, places: Iterable[int]) -> Names:
    """For each of these places in the declaration, the name that the register of persons released."""
    members = {str(member.person_id): member for member in household.members}
    code = current_language().code
    found = {place: members.get(document["members"][place].get("person", "")) for place in places}
    return {place: person_name(member.name, code) if member else Words(LEFT) for place, member in found.items()}


def money(
    this_month: Entitlement, changes: Sequence[Change], once: Sequence[Once], names: Names, *, today: date
) -> Money:
    """The amounts of this month and what is coming, in the order of its days."""
    total = this_month.total
    events = [*(_change(one, names) for one in changes), *(_once(one, names) for one in once)]
    return Money(
        Words(UNPUBLISHED) if total is None else counted(MONTHLY, total),
        _reason_of_total(this_month),
        tuple(_child(one, names) for one in this_month.children),
        tuple(sorted((one for one in events if one.on >= today), key=lambda one: one.on)),
    )


def ended(programme: Programme) -> Ended:
    """When a programme ended, and what took its place."""
    assert programme.replaced_by is not None
    successor = PROGRAMMES[programme.replaced_by]
    params = {"programme": programme.name, "day": programme.valid_until, "successor": successor.name}
    return Ended(programme.name, Words(ENDED, params), successor)


def _decides(condition: Condition, standing: Standing) -> bool:
    wanted = Outcome.NOT_MET if standing is Standing.NOT_OPEN else Outcome.UNKNOWN
    return condition.outcome is wanted


def _reason_of_total(month: Entitlement) -> Words | None:
    if month.basis is Basis.LUMP_SUM:
        return Words(LUMP_SUM)
    if month.basis is Basis.FLOOR and month.total is not None:
        return counted(RAISED, month.total - month.raised_by, floor=month.total)
    return None


def _child(amount: ChildAmount, names: Names) -> ChildTold:
    total = Words(UNPUBLISHED) if amount.total is None else counted(DIRHAMS, amount.total)
    reasons = [Words(_why(amount))]
    if amount.supplement:
        reasons.append(counted(SUPPLEMENT, amount.supplement))
    if amount.grade is not None:
        reasons.append(Words(GRADES[amount.grade]))
    return ChildTold(names[amount.child.place], amount.child.age, total, tuple(reasons))


def _why(amount: ChildAmount) -> str:
    if amount.item == "first_in_education" and amount.child.is_assumed:
        return COUNTED_AT_SCHOOL
    if amount.item == "first_in_education" and not amount.child.is_at_school:
        return UNDER_SIX
    return ITEMS[amount.item]


def _change(change: Change, names: Names) -> Event:
    details = [_reason(one, names) for one in change.reasons]
    if change.before == change.after:
        details.append(Words(SAME_AMOUNT))
    if change.basis is Basis.LUMP_SUM:
        details.append(Words(LUMP_SUM))
    title = Words(UNPUBLISHED) if change.after is None else counted(MONTHLY, change.after)
    return Event(change.on, title, tuple(details))


def _reason(reason: Reason, names: Names) -> Words:
    return Words(REASONS[reason.cause], {} if reason.place is None else {"name": names[reason.place]})


def _once(once: Once, names: Names) -> Event:
    amount = Words(UNPUBLISHED) if once.dirhams is None else counted(DIRHAMS, once.dirhams)
    if once.claim_until is None:
        return Event(once.on, amount, (counted(PUPILS[once.item], len(once.places)),))
    born = Words(BIRTHS[once.item], {"name": names[once.places[0]]})
    return Event(once.claim_until, amount, (born, Words(ASK_BY)))
