"""The answer to an application, from what is stored of it: the outcome, and the reason for each condition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.messages import N_, Words
from services.programmes.catalogue import NAMES
from services.programmes.eligibility import (
    ALLOWANCE_WORDS,
    AT_THE_LIMIT,
    FOR_EVERY_ADULT,
    REGISTERED,
    SCORE_WORDS,
    TABLE,
    Outcome,
)
from services.programmes.payments import CHANNELS, mask_account
from services.scoring.display import distinguish

GRANTED, REFUSED = "granted", "refused"
PAYEE_CONFIRMED = "payee_confirmed"
PROGRAMME_ON = "programme_on"
SCORE = "score_within_limit"
PAYEE_TITLE = N_("The population register confirms the person who is to be paid")
PROGRAMME_TITLE = N_("The programme is still there")
NOBODY_KNOWS = N_("We could not know this. It does not count against you.")
SENTENCES = {
    (GRANTED, True): N_("Yes. %(programme)s: you receive %(amount)s DH a month."),
    (GRANTED, False): N_("Yes. %(programme)s: it is granted to your household."),
    (REFUSED, False): N_("No. %(programme)s: it is not granted to your household now. You can apply again."),
}


@dataclass(frozen=True)
class Refusal:
    """What is said of a condition that is not met, and what the family can do."""

    words: str
    to_do: str


REFUSALS: Mapping[str, Refusal] = {
    PROGRAMME_ON: Refusal(N_("This programme has ended."), N_("Look at the programmes that are there now.")),
    "household_registered": Refusal(
        REGISTERED["erased"][1].key, N_("Register your household again. Any counter helps you, free of charge.")
    ),
    SCORE: Refusal(
        SCORE_WORDS[Outcome.NOT_MET],
        N_("Look at each line of your score. If one is wrong or has changed, any counter helps you to correct it."),
    ),
    "head_lives_in_morocco": Refusal(
        N_("You declared no home in Morocco."),
        N_("If you live in Morocco, have your address corrected at any counter."),
    ),
    "no_other_family_allowance": Refusal(
        ALLOWANCE_WORDS[False] or "", N_("Apply again once nobody receives it any more, or if you answered by mistake.")
    ),
    "no_other_health_cover": Refusal(
        N_("Somebody in your household has another health cover."),
        N_("Apply again once that cover has ended, or if you answered by mistake."),
    ),
    PAYEE_CONFIRMED: Refusal(
        N_("The population register does not confirm this person."),
        N_("Apply again and choose another person. If the register is wrong, any counter corrects it, free of charge."),
    ),
}


@dataclass(frozen=True)
class Reason:
    """How one condition stood when it was decided."""

    condition: str
    outcome: Outcome
    score_nano: int | None
    limit_nano: int | None

    @property
    def title(self) -> Words:
        """What the condition is."""
        return TABLE_TITLES[self.condition]

    @property
    def words(self) -> Words | None:
        """How it stood, where the title alone does not say it."""
        if self.condition == SCORE and self.score_nano is not None and self.limit_nano is not None:
            return _beside_limit(self.score_nano, self.limit_nano, self.outcome)
        if self.outcome is Outcome.UNKNOWN:
            return Words(NOBODY_KNOWS)
        return Words(REFUSALS[self.condition].words) if self.outcome is Outcome.NOT_MET else None

    @property
    def to_do(self) -> Words | None:
        """What the family can do about it."""
        return Words(REFUSALS[self.condition].to_do) if self.outcome is Outcome.NOT_MET else None


@dataclass(frozen=True)
class Answer:
    """An application as its family sees it; ``outcome`` is None before the decision.

    ``payee_id``, ``channel`` and ``account`` (its last digits) are there for who may change it.
    """

    programme: str
    outcome: str | None
    amount_dirhams: int | None
    reasons: tuple[Reason, ...]
    payee_id: UUID | None = None
    channel: str | None = None
    account: str | None = None

    def with_payment(self, payee_id: UUID, channel: str, account: str | None) -> "Answer":
        """The same with whom and how it is paid."""
        masked = None if account is None else mask_account(account)
        return replace(self, payee_id=payee_id, channel=channel, account=masked)

    def for_another_adult(self) -> "Answer":
        """What a member reads who is neither the declarant nor the head: no amount, nothing of the others."""
        reasons = tuple(reason for reason in self.reasons if reason.condition in FOR_EVERY_ADULT)
        return Answer(self.programme, self.outcome, None, reasons)

    @property
    def is_granted(self) -> bool:
        """Whether the answer is yes."""
        return self.outcome == GRANTED

    @property
    def sentence(self) -> Words | None:
        """The outcome in one sentence."""
        if self.outcome is None:
            return None
        values = {"programme": Words(NAMES[self.programme]), "amount": self.amount_dirhams}
        has_amount = self.amount_dirhams is not None
        return Words(SENTENCES[self.outcome, has_amount], values if has_amount else {"programme": values["programme"]})

    @property
    def channel_words(self) -> Words | None:
        """How it is paid."""
        return None if self.channel is None else Words(CHANNELS[self.channel].words)


TABLE_TITLES: Mapping[str, Words] = {
    **{key: Words(rule.title) for key, rule in TABLE.items()},
    PROGRAMME_ON: Words(PROGRAMME_TITLE),
    PAYEE_CONFIRMED: Words(PAYEE_TITLE),
}


def reasons_of(
    stored: Sequence[Sequence[str]], *, score_nano: int | None, limit_nano: int | None
) -> tuple[Reason, ...]:
    """The reasons as they are stored: ``[condition, outcome]`` each."""
    return tuple(Reason(key, Outcome(outcome), score_nano, limit_nano) for key, outcome in stored)


def answer_of(row: Any) -> Answer:
    """The answer of a row that has the columns of an application, without how it is paid."""
    reasons = reasons_of(row.reasons, score_nano=row.score_nano, limit_nano=row.limit_nano)
    return Answer(row.programme, row.outcome, row.amount_dirhams, reasons)


def _beside_limit(score_nano: int, limit_nano: int, outcome: Outcome) -> Words:
    score, limit = distinguish(score_nano, limit_nano)
    values = {"score": score, "limit": limit, "distance": abs(score - limit)}
    if score == limit:
        return Words(AT_THE_LIMIT, {"score": score})
    return Words(SCORE_WORDS[outcome], values)
