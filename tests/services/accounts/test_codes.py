"""A code is right once, for its own attempt, in time; and everything else looks alike."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.accounts.code_sending import CODE_MESSAGES
from services.accounts.codes import (
    BegunCode,
    CodeOutcome,
    CodeResult,
    ResendOutcome,
    check_code,
    resend_code,
)
from services.accounts.limits import LIMITS
from services.accounts.models import CodeAttempt
from services.accounts.sessions import remember_language
from services.database import Database
from services.errors import TooManyAttempts
from services.journal import citizen
from services.messaging.models import Message

Begin = Callable[..., BegunCode]
Codes = Callable[[], list[str]]
OVER = CodeResult(CodeOutcome.OVER)
HALF_MINUTE = timedelta(seconds=30)


def check(database: Database, begun: BegunCode, code: str, now: datetime, purpose: str = "sign_in") -> CodeResult:
    with database.writing() as session:
        return check_code(session, attempt_id=begun.attempt_id, purpose=purpose, code=code, now=now)


def resend(database: Database, begun: BegunCode, now: datetime) -> ResendOutcome:
    with database.writing() as session:
        return resend_code(session, attempt_id=begun.attempt_id, now=now)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def wrong(left: int) -> CodeResult:
    return CodeResult(CodeOutcome.WRONG, tries_left=left)


def test_the_code_sent_is_right(database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime) -> None:
    request_id = uuid4()
    begun = begin(fatima, purpose="track", subject_id=request_id)
    [code] = codes()
    assert re.fullmatch("[0-9]{6}", code)
    assert check(database, begun, code, now, "track") == CodeResult(CodeOutcome.RIGHT, fatima, request_id)


@pytest.mark.parametrize("write", ["{0}{1}", " {0} {1} ", "{0}-{1}", "{0}{1} est votre code Usrati. Ne le donnez pas."])
def test_a_code_is_read_however_it_is_written(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime, write: str
) -> None:
    begun = begin(fatima)
    code = codes()[0].translate({ord(str(n)): digit for n, digit in enumerate("٠١٢٣٤٥٦٧٨٩")})
    assert check(database, begun, write.format(code[:3], code[3:]), now).outcome is CodeOutcome.RIGHT


def test_a_used_code_is_over(database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime) -> None:
    begun = begin(fatima)
    check(database, begun, codes()[0], now)
    assert check(database, begun, codes()[0], now) == OVER
    assert resend(database, begun, now + HALF_MINUTE) == ResendOutcome(sent=False, wait_seconds=0)


def test_a_code_ends_after_five_minutes(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima)
    assert check(database, begun, other_than(codes()[0]), now + timedelta(minutes=4, seconds=59)) == wrong(4)
    assert check(database, begun, codes()[0], now + timedelta(minutes=5)) == OVER


def test_after_five_wrong_tries_the_right_code_is_over(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima)
    [code] = codes()
    answers = [check(database, begun, other_than(code), now) for _ in range(5)]
    assert answers == [wrong(4), wrong(3), wrong(2), wrong(1), OVER]
    assert check(database, begun, code, now) == OVER


def test_another_attempts_code_is_wrong(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    first, second = begin(fatima), begin(fatima, now=now + timedelta(seconds=1))
    later = now + timedelta(seconds=2)
    first_code, second_code = codes()
    if first_code != second_code:
        assert check(database, first, second_code, later) == wrong(4)
        assert check(database, second, first_code, later) == wrong(4)
    assert check(database, first, first_code, later).outcome is CodeOutcome.RIGHT


def test_a_code_opens_only_what_it_was_asked_for(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima, purpose="join")
    assert check(database, begun, codes()[0], now, "sign_in") == OVER
    assert check(database, begun, codes()[0], now, "join").outcome is CodeOutcome.RIGHT


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\0", "٣" * 10_000, "📱"])
def test_what_is_no_code_is_wrong(database: Database, fatima: UUID, begin: Begin, now: datetime, code: str) -> None:
    assert check(database, begin(fatima), code, now) == wrong(4)


def test_an_unknown_attempt_is_over(database: Database, now: datetime) -> None:
    assert check(database, BegunCode(uuid4()), "123456", now) == OVER
    assert resend(database, BegunCode(uuid4()), now) == ResendOutcome(sent=False, wait_seconds=0)


def test_of_checks_at_once_exactly_one_wins(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima)
    [code] = codes()
    outcomes: list[CodeOutcome] = []
    ready = threading.Barrier(8)

    def use() -> None:
        ready.wait()
        outcomes.append(check(database, begun, code, now).outcome)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [CodeOutcome.OVER] * 7 + [CodeOutcome.RIGHT]


def test_wrong_tries_at_once_are_all_counted(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima)
    [code] = codes()
    outcomes: list[CodeOutcome] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(check(database, begun, other_than(code), now).outcome))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(CodeOutcome.WRONG) == 4
    assert check(database, begun, code, now) == OVER


def test_a_new_code_replaces_the_old_after_half_a_minute(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima)
    assert resend(database, begun, now + timedelta(seconds=10)) == ResendOutcome(sent=False, wait_seconds=20)
    assert resend(database, begun, now + HALF_MINUTE) == ResendOutcome(sent=True, wait_seconds=0)
    old, new = codes()
    later = now + timedelta(minutes=5, seconds=10)
    if old != new:
        assert check(database, begun, old, later) == wrong(4)
    assert check(database, begun, new, later).outcome is CodeOutcome.RIGHT


def test_asked_twice_at_once_one_code_goes(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima)
    outcomes: list[ResendOutcome] = []
    threads = [
        threading.Thread(
            target=lambda early=early: outcomes.append(
                resend(database, begun, now + HALF_MINUTE + timedelta(milliseconds=early))
            )
        )
        for early in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcome.sent for outcome in outcomes) == 1
    assert len(codes()) == 2


def test_a_clock_set_back_neither_lengthens_a_code_nor_blocks_a_new_one(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima)
    earlier = now - timedelta(hours=2)
    assert check(database, begun, codes()[0], earlier) == OVER
    assert resend(database, begun, earlier).sent
    [new, _] = codes()
    assert check(database, begun, new, earlier + timedelta(minutes=1)).outcome is CodeOutcome.RIGHT


def test_machines_whose_clocks_differ_a_little_agree(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima)
    early = now - timedelta(seconds=2)
    assert resend(database, begun, early) == ResendOutcome(sent=False, wait_seconds=30)
    assert check(database, begun, codes()[0], early).outcome is CodeOutcome.RIGHT


def test_digest_and_person_are_all_that_an_attempt_keeps(
    database: Database, fatima: UUID, begin: Begin, codes: Codes
) -> None:
    begin(fatima)
    with database.reading() as session:
        row = session.execute(sa.select(CodeAttempt.__table__)).mappings().one()
    stored = " ".join(str(value) for value in row.values())
    assert codes()[0] not in stored
    assert "2345678906" not in stored
    assert "192.0.2" not in stored


@pytest.mark.parametrize("key", CODE_MESSAGES.values())
def test_a_code_and_its_warning_fit_one_sms(key: str) -> None:
    assert len((key % {"code": "123456"}).encode("utf-16-le")) // 2 <= 70
    assert "Never give it" in key or "only that family" in key


def test_who_is_asked_to_join_reads_what_it_is_for_in_his_own_language(
    database: Database, fatima: UUID, begin: Begin, sent: Callable[[], list[Message]], now: datetime
) -> None:
    with database.writing() as session:
        remember_language(session, actor=citizen(fatima), locale="zgh", now=now)
    begin(fatima, purpose="join", locale="fr")
    [message] = sent()
    assert (message.locale, message.key) == ("zgh", CODE_MESSAGES["join"])


def test_an_address_that_asks_too_often_is_refused(
    database: Database, begin: Begin, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    [window] = LIMITS["code_per_address"]
    monkeypatch.setitem(LIMITS, "code_per_address", (type(window)(3, window.length),))
    for n in range(3):
        begin(None, identity=str(n))
    for n in range(2):
        with pytest.raises(TooManyAttempts) as refusal:
            begin(None, identity=str(n))
        assert refusal.value.retry_after == 900
    assert begin(None, address="198.51.100.4")
