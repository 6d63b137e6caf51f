"""Why a promise was broken: by what happened until then, and by nothing else."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.consultation.rules.lateness import LateReason, late_reason, why
from app.consultation.rules.promise import Happened, promise
from app.consultation.rules.promise import QuestionEventKind as K
from app.consultation.rules.receipt import Logged
from app.core.access import Role
from app.core.db import NOBODY
from app.core.errors import Language
from app.graph.ids import uuid_of
from tests.city import City
from tests.consultation.test_keeping import ask_back, reply, waiting
from tests.consultation.test_promise import NINE
from tests.consultation.test_rules import POLICY
from tests.consultation.test_satisfaction import DAY, end_of, months_before

ASKED = Logged(K.QUESTION_ASKED, NINE, {})
N = POLICY.promised


def at(seconds: float, kind: K, **ids: Any) -> Logged:
    return Logged(kind, NINE + timedelta(seconds=seconds), ids)


BROKEN = at(600, K.PROMISE_BROKEN)
CALLED = at(0, K.WAVE_SENT, wave=0, offers=16)


def claims(many: int) -> list[Logged]:
    return [at(60 + n, K.SEAT_CLAIMED, seat=f"seat-{n}") for n in range(many)]


def leaves(*seats: int) -> list[Logged]:
    return [at(400, K.SEAT_FREED, seat=f"seat-{n}") for n in seats]


def answers(many: int, counts: int = 1) -> list[Logged]:
    return [at(300 + n, K.ANSWER_DELIVERED, answer=f"answer-{counts}-{n}", counts=counts) for n in range(many)]


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ([at(0, K.WAVE_SENT, wave=0, offers=0)], "NOBODY_REACHED"),
        ([CALLED], "TOO_FEW_CAME"),
        ([CALLED, *claims(N - 1), *answers(N - 1)], "TOO_FEW_CAME"),
        ([CALLED, *claims(N - 1), at(601, K.SEAT_CLAIMED, seat="late")], "TOO_FEW_CAME"),
        ([CALLED, *claims(N), *leaves(0)], "SEATS_GIVEN_UP"),
        ([CALLED, *claims(N + 2), *leaves(0, 1), *answers(N - 1), *answers(1, counts=0)], "DID_NOT_COUNT"),
        ([CALLED, *claims(N), *answers(N, counts=0)], "DID_NOT_COUNT"),
        ([CALLED, *claims(N), *answers(N - 1)], "STILL_WRITING"),
        ([CALLED, *claims(N + 1), *answers(1, counts=0)], "STILL_WRITING"),
        ([CALLED, *claims(N), at(90, K.INFORMATION_WANTED, inquiry=1), at(99, K.INFORMATION_GIVEN, inquiry=1)], None),
    ],
)
def test_it_is_the_loss_by_which_too_few_were_left(log: list[Logged], reason: str | None) -> None:
    found = late_reason([ASKED, *log, BROKEN], POLICY)
    assert found == reason, "none: the clock had stood still for nine seconds, and is not over yet"
    if reason is None:
        assert late_reason([ASKED, *log, at(610, K.PROMISE_BROKEN)], POLICY) == "ASKED_BACK"


def test_what_is_kept_is_not_late_and_what_nobody_has_noted_is_not_late_yet() -> None:
    kept = [ASKED, CALLED, *claims(N), *answers(N)]
    assert late_reason([*kept, at(9999, K.BEST_CHOSEN)], POLICY) is None
    assert late_reason([ASKED, CALLED], POLICY) is None
    assert late_reason([ASKED, CALLED, at(500, K.QUESTION_WITHDRAWN), at(9999, K.QUESTION_ERASED)], POLICY) is None


LIVES = st.lists(
    st.builds(
        at,
        st.integers(0, 1500),
        st.sampled_from([*K]),
        seat=st.integers(0, 6),
        answer=st.integers(0, 6),
        inquiry=st.integers(0, 2),
        offers=st.integers(0, 2),
        counts=st.integers(0, 1),
    ),
    max_size=30,
)


@given(LIVES, st.randoms())
def test_every_broken_promise_has_one_reason_and_keeps_it(life: list[Logged], chance: Random) -> None:
    log = [ASKED, *life]
    kept = promise([Happened.of(*row) for row in log], POLICY)
    end = max(row.at for row in log)
    reason = late_reason(log, POLICY)
    due = kept.last.due_at
    assert (reason is not None) == (kept.last.missed(end) or (due == end and kept.last.reached_at is None))
    chance.shuffle(log)
    assert late_reason(log, POLICY) == reason, "in any order"
    if reason is not None:
        assert due is not None
        # Nothing that comes after it, and no pause, changes it any more.
        more = [at(2000 + n, kind, seat=n, answer=9, inquiry=9, counts=1, offers=9) for n, kind in enumerate(K)]
        later = [row for row in more if row.kind not in (K.QUESTION_ASKED, K.QUESTION_REVISED)]
        assert late_reason([*log, *later], POLICY) == reason
        until = [row for row in log if row.at <= due]
        assert late_reason([*until, Logged(K.PROMISE_BROKEN, due, {})], POLICY) == reason


def test_each_is_said_in_words_that_blame_nobody_who_asked() -> None:
    for language in Language:
        said = [why(reason, language) for reason in LateReason]
        assert len(set(said)) == len(LateReason)
        assert all(one.startswith("很抱歉" if language is Language.ZH else "We are sorry") for one in said)


# As people see it. ------------------------------------------------------------------------------------------------

WHY = "query ($id: ID!) { question(id: $id) { breach { lateReason why } } }"
TASKS = "{ tasks(kind: BREACH, first: 5) { nodes { kind lateReason } } }"
RECORD = """query ($from: Date!, $to: Date!) { promiseRecord(from: $from, to: $to) {
    breaches lateReasons { reason questions } } }"""


@pytest.mark.anyio
async def test_the_asker_is_told_why_and_so_is_who_sees_to_it(city: City) -> None:
    supervisor = await city.person(Role.SUPERVISOR)
    asker, question, (lawyer, _) = await waiting(city)
    assert await city.one(asker, WHY, id=question) == {"breach": None}
    inquiry = await ask_back(city, lawyer, question)
    await city.pass_time(60)
    await reply(city, asker, inquiry)
    await city.pass_time(700)
    words = why(LateReason.TOO_FEW_CAME, Language.ZH)
    assert await city.one(asker, WHY, id=question) == {"breach": {"lateReason": "TOO_FEW_CAME", "why": words}}
    told = await city.one(supervisor, TASKS)
    assert told["nodes"] == [{"kind": "BREACH", "lateReason": "TOO_FEW_CAME"}]
    noted = "SELECT late_reason FROM app.promise_fact WHERE question = :q"
    assert await city.sql(noted, q=uuid_of(question, "Question")) == [("TOO_FEW_CAME",)]
    # Whoever comes now is welcome, and changes nothing of it.
    late = await city.lawyers(2)
    await city.pass_time(600)
    for one in late:
        await city.claim(one)
    await city.settle()
    assert (await city.one(asker, WHY, id=question))["breach"]["lateReason"] == "TOO_FEW_CAME"


_FACT = text("""INSERT INTO app.promise_fact (question, asked_at, within, due_at, first_paused, third_paused, log_count,
    log_head, computed_at, late_reason)
    VALUES (gen_random_uuid(), :asked, '600 s', :due, '0', '0', 1, '', :asked, :reason)""")


async def _noted(city: City, many: int, due: date, reason: str | None) -> None:
    at = datetime.fromisoformat(f"{due}T12:00:00+08:00")
    async with city.super.acting(NOBODY) as session:
        for _ in range(many):
            await session.rows(
                _FACT.bindparams(asked=at - timedelta(minutes=10), due=at if reason else None, reason=reason)
            )


@pytest.mark.anyio
async def test_the_public_is_told_reasons_of_five_and_of_whole_months(city: City) -> None:
    today = await city.today()
    months = [months_before(today, many) for many in (2, 1)]
    await _noted(city, 5, months[0], "TOO_FEW_CAME")
    await _noted(city, 4, months[0] + DAY, "SEATS_GIVEN_UP")
    await _noted(city, 9, months[0] + DAY, None)
    await _noted(city, 6, end_of(months[1]), "TOO_FEW_CAME")
    await _noted(city, 5, end_of(months[1]), "STILL_WRITING")
    await _noted(city, 8, today.replace(day=1), "STILL_WRITING")

    async def told(first: date, last: date) -> dict[str, int]:
        found = await city.one(None, RECORD, **{"from": str(first), "to": str(last)})
        return {one["reason"]: one["questions"] for one in found["lateReasons"]}

    assert await told(months[0], end_of(months[0])) == {"TOO_FEW_CAME": 5}
    assert await told(months[0], today) == {"TOO_FEW_CAME": 11, "STILL_WRITING": 5}
    assert await told(months[0] + DAY, today) == {"TOO_FEW_CAME": 6, "STILL_WRITING": 5}
    assert await told(months[0], end_of(months[1]) - DAY) == {"TOO_FEW_CAME": 5}
    assert await told(months[0] + DAY, end_of(months[1]) - DAY) == {}
    assert await told(today, today) == {}
