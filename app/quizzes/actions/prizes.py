"""Prizes are given when results are told, handed out to who shows her code, and lapse.

Whoever is told of one learns it by a notice that names nobody and nothing. All of the worker's may run twice.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import BaseModel
from sqlalchemy import insert, text

from app.core.access import Viewer
from app.core.db import Session, door
from app.core.errors import NOT_FOUND, refuse
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit, emit_each
from app.core.sealing import KeyProvider
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.papers.rules.codes import code_of
from app.quizzes.events import PrizeHandedOut, PrizesLapse, PrizesNear
from app.quizzes.models import QuizPrize
from app.quizzes.reads import prizes as reads
from app.quizzes.rules import prizes as rules
from app.quizzes.rules.prizes import Prize

TOGETHER: Final = 1_000
"""People whom one statement tells."""
_AWARD = text("SELECT * FROM door.award_prizes(:round, CAST(:ids AS uuid[]), CAST(:codes AS bytea[]), :lasting)")
_CLAIM = text("SELECT * FROM door.claim_prize(:code)")
_LAPSE = text("SELECT door.lapse_prizes(:round)")


async def put_up(session: Session, round: UUID, version: int, said: Sequence[Prize]) -> None:
    """What there is to win from this version of the round on."""
    rows = [
        {"id": new_id(), "round": round, "version": version, "n": n, "taken": 0, "awarded_at": None}
        | prize.model_dump()
        for n, prize in enumerate(said, 1)
    ]
    if rows:
        await session.rows(insert(QuizPrize).inline(), rows)


async def award(session: Session, round: UUID, now: datetime) -> None:
    """For the worker, once results are told and nobody takes it any more: the best win, as far as the stock reaches."""
    there = await reads.prizes(session, [round])
    if not there or there[0].awarded_at is not None:
        return
    secret = door(session, KeyProvider).secret(rules.SECRET)
    ids = [new_id() for _ in range(sum(prize.stock for prize in there))]
    codes = [rules.code_digest(secret, rules.claim_code(secret, id)) for id in ids]
    given = {"round": round, "ids": ids, "codes": codes, "lasting": rules.CLAIM}
    won = (await session.rows(_AWARD, given)).scalars().all()
    if won:
        await tell_many(session, won, NoticeKind.PRIZE_WON, round, now)
        near, over = now + rules.CLAIM - rules.REMIND, now + rules.CLAIM
        await emit_each(session, [(near, PrizesNear(round=round)), (over, PrizesLapse(round=round))])


async def remind(session: Session, round: UUID, now: datetime) -> None:
    await tell_many(session, await reads.holders(session, round), NoticeKind.PRIZE_WAITS, round, now)


async def lapse(session: Session, round: UUID) -> None:
    await session.rows(_LAPSE, {"round": round})


class _Claimed(BaseModel):
    code: str


async def claim(session: Session, viewer: Viewer, keys: KeyProvider, said: str, key: str) -> UUID:
    """The award that she hands out to who showed her this code; it is handed out once, whoever else scans it."""
    code = code_of(said)
    if code is None:
        raise refuse(rules.PRIZE_CODE_WRONG, "code")
    secret, asked = keys.secret("idempotency"), _Claimed(code=code)
    if before := await known(session, secret, key, asked, "claimPrize"):
        return before
    digest = rules.code_digest(keys.secret(rules.SECRET), code)
    found = (await session.rows(_CLAIM, {"code": digest})).one_or_none()
    if found is None:
        raise refuse(rules.PRIZE_CODE_WRONG, "code")
    if found.outcome != "HANDED":
        # Of two of the same request the second finds it handed out: by herself, with this key.
        if before := await known(session, secret, key, asked, "claimPrize"):
            return before
        raise refuse(rules.REFUSED[found.outcome], "code")
    award: UUID = found.award
    await once(session, secret, key, asked, "claimPrize", award)
    await emit(session, PrizeHandedOut(round=found.round, person=found.winner, award=award))
    return award


async def receipt(session: Session, viewer: Viewer, id: UUID) -> Any:
    """What she handed out."""
    row = await reads.handed_out(session, viewer, id)
    if row is None:
        raise refuse(NOT_FOUND, "code")
    return row


async def tell_receipt(session: Session, event: PrizeHandedOut, now: datetime) -> None:
    await tell(session, [event.person], NoticeKind.PRIZE_HANDED_OUT, event.round, event.award, now)


async def tell_many(session: Session, people: Sequence[UUID], kind: NoticeKind, round: UUID, now: datetime) -> None:
    """Each once of a quiz, however often this runs."""
    for at in range(0, len(people), TOGETHER):
        await tell(session, people[at : at + TOGETHER], kind, round, uuid5(round, kind), now)
