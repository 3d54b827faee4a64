"""Somebody, nobody, the dead and those without a mobile look alike from outside; limits do too."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.accounts.codes import BegunCode, CodeOutcome, check_code, resend_code
from services.accounts.limits import LIMITS, Window
from services.accounts.models import CodeAttempt
from services.accounts.sign_in import begin_sign_in
from services.database import Database
from services.population.birth_dates import BirthDate

Begin = Callable[..., BegunCode]
Codes = Callable[[], list[str]]
Register = Callable[..., UUID]
MINUTE = timedelta(minutes=1)
BORN = BirthDate(1984, 5, 2)


@pytest.fixture
def cases(register: Register) -> dict[str, UUID | None]:
    return {
        "known": register(),
        "unknown": None,
        "gone": uuid4(),
        "dead": register("3456789017", alive=False, mobile="+212600000102"),
        "without a mobile": register("4567890128", mobile=None),
    }


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *others: object) -> None:
        # The row is written once either way; one more value in it is no more work.
        seen.append(re.sub(r"code_digest=\S+ ", "", statement))

    sa.event.listen(database.write_engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(database.write_engine, "before_cursor_execute", note)


def test_every_case_runs_the_same_statements(
    database: Database, begin: Begin, codes: Codes, cases: dict[str, UUID | None], now: datetime
) -> None:
    begin(None, identity="whatever runs once")
    seen = {}
    for case, person_id in cases.items():
        with statements(database) as seen[case]:
            begun = begin(person_id, identity=case, purpose="join")
            with database.writing() as session:
                resend_code(session, attempt_id=begun.attempt_id, now=now + MINUTE)
            with database.writing() as session:
                check_code(session, attempt_id=begun.attempt_id, purpose="join", code="", now=now + MINUTE)
    for case in cases:
        assert seen[case] == seen["known"], case
    assert len(codes()) == 2


def test_every_case_gets_the_same_answers(
    database: Database, begin: Begin, cases: dict[str, UUID | None], now: datetime
) -> None:
    def answers(case: str) -> list[object]:
        begun = begin(cases[case], identity=case)
        given: list[object] = []
        for second in (1, 31, 40, 62, 93, 124):
            with database.writing() as session:
                given.append(resend_code(session, attempt_id=begun.attempt_id, now=now + timedelta(seconds=second)))
        for second in (130, 131, 132, 133, 134, 135, 500):
            moment = now + timedelta(seconds=second)
            with database.writing() as session:
                given.append(check_code(session, attempt_id=begun.attempt_id, purpose="sign_in", code="x", now=moment))
        return given

    expected = answers("known")
    for case in cases:
        assert answers(case) == expected, case


def test_the_limits_say_the_same_of_somebody_and_of_nobody(
    database: Database, begin: Begin, cases: dict[str, UUID | None], now: datetime
) -> None:
    [most, *_] = LIMITS["code_per_identity_and_address"]
    waits = {}
    for case, person_id in cases.items():
        begun = [begin(person_id, identity=case) for _ in range(most.most)][-1]
        with database.writing() as session:
            waits[case] = resend_code(session, attempt_id=begun.attempt_id, now=now + MINUTE)
    assert {(wait.sent, wait.wait_seconds) for wait in waits.values()} == {(False, 14 * 60)}


def test_the_limit_of_a_phone_does_not_show(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "sign_in_code_per_phone", (Window(1, timedelta(hours=1)),))
    begun = begin(fatima)
    with database.writing() as session:
        assert resend_code(session, attempt_id=begun.attempt_id, now=now + MINUTE).sent
    [code] = codes()
    with database.writing() as session:
        result = check_code(session, attempt_id=begun.attempt_id, purpose="sign_in", code=code, now=now + MINUTE)
    assert result.outcome is CodeOutcome.RIGHT


def test_a_stranger_without_the_birth_date_uses_up_nothing(
    database: Database, fatima: UUID, codes: Codes, now: datetime
) -> None:
    def sign_in(born: BirthDate) -> None:
        with database.writing() as session:
            begin_sign_in(
                session, idcs="2345678906", sex="F", birth_date=born, address="192.0.2.7", locale="fr", now=now
            )

    for day in range(3, 29):
        sign_in(BirthDate(1984, 5, day))
    assert codes() == []
    sign_in(BORN)
    assert len(codes()) == 1


def test_a_stranger_who_knows_everything_leaves_the_owner_his_codes(
    fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    [most, *_] = LIMITS["code_per_identity_and_address"]
    for _ in range(3 * most.most):
        begin(fatima, address="198.51.100.4")
    assert len(codes()) == most.most
    begin(fatima)
    assert len(codes()) == most.most + 1


def test_many_strangers_stop_the_owner_for_an_hour_at_most(
    fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    for n in range(40):
        begin(fatima, address=f"198.51.100.{n}")
    before = len(codes())
    assert before == LIMITS["code_per_identity"][0].most
    begin(fatima)
    assert len(codes()) == before
    begin(fatima, now=now + timedelta(hours=1))
    assert len(codes()) == before + 1


def test_being_asked_to_join_uses_up_no_codes_for_signing_in(fatima: UUID, begin: Begin, codes: Codes) -> None:
    for n in range(30):
        begin(fatima, purpose="join", identity=f"2345678906 {n}", address=f"198.51.100.{n}")
    before = len(codes())
    assert before == LIMITS["join_code_per_phone"][0].most
    begin(fatima)
    assert len(codes()) == before + 1


def test_a_code_already_sent_stays_good_when_the_limits_are_reached(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    begun = begin(fatima)
    [code] = codes()
    for _ in range(20):
        begin(fatima, now=now + timedelta(seconds=1))
    with database.writing() as session:
        assert not resend_code(session, attempt_id=begun.attempt_id, now=now + MINUTE).sent
        result = check_code(session, attempt_id=begun.attempt_id, purpose="sign_in", code=code, now=now + MINUTE)
    assert result.outcome is CodeOutcome.RIGHT


def test_a_right_code_gives_the_owner_all_his_codes_back(
    database: Database, fatima: UUID, begin: Begin, codes: Codes, now: datetime
) -> None:
    [most, *_] = LIMITS["code_per_identity_and_address"]
    for n in range(3 * most.most):
        begun = begin(fatima, now=now + timedelta(seconds=n))
        assert len(codes()) == n + 1
        with database.writing() as session:
            moment = now + timedelta(seconds=n)
            check_code(session, attempt_id=begun.attempt_id, purpose="sign_in", code=codes()[-1], now=moment)


def test_attempts_are_written_for_everybody(database: Database, begin: Begin, cases: dict[str, UUID | None]) -> None:
    for case, person_id in cases.items():
        begin(person_id, identity=case)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(CodeAttempt.id))) == len(cases)
        assert session.scalar(sa.select(sa.func.count(CodeAttempt.code_digest))) == 1


@pytest.mark.matrix
def test_somebody_takes_as_long_as_nobody(database: Database, fatima: UUID, begin: Begin, now: datetime) -> None:
    taken: dict[UUID | None, list[float]] = {fatima: [], None: []}
    for n in range(120):
        for person_id, times in taken.items():
            began = time.perf_counter()
            begin(person_id, identity=f"{person_id}{n}", address=f"192.0.2.{n}", now=now + n * MINUTE * 10)
            times.append(time.perf_counter() - began)
    assert median(taken[fatima]) == pytest.approx(median(taken[None]), rel=0.25)
