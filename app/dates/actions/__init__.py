"""Keeping a day that must not be missed, moving it, giving it up; and being reminded of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import BaseModel
from sqlalchemy import insert, text, update

from app.accounts.models import ConsentPurpose
from app.accounts.reads import readiness
from app.accounts.rules.consenting import NOTICES, against_keeping
from app.consultation import reads as consultation
from app.consultation.rules.versions import newest
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.dates import reads, rules
from app.dates.events import DateNears
from app.dates.models import DateSource, OwnDate
from app.dates.reads import D
from app.dates.rules import Period, Said
from app.directory.reads.opening import calendar
from app.guidance.rules.limits import PeriodUnit
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.vault.actions.keys import keep_keys, release

_DROP: Final = text("SELECT door.drop_date(:id)")
_GIVE_UP: Final = text("SELECT door.give_up_dates(:person)")
_UNAGREED: Final = text("SELECT door.unagreed(:person)")
_FORGET: Final = text("SELECT door.forget_dates(:most)")
AT_ONCE: Final = 500
"""What one transaction of the night forgets."""


class Wanted(BaseModel):
    """What somebody wants to keep: a period of the law, one that a lawyer named, or a day of her own."""

    day: date
    """From when the period runs; of a day of her own, that day."""
    limit: str | None = None
    answer: UUID | None = None
    kind: OwnDate | None = None


async def keep(session: Session, viewer: Viewer, keys: KeyProvider, wanted: Wanted, key: str, now: datetime) -> UUID:
    """Until when a period runs is reckoned here, whatever a client was told before."""
    if wanted.limit is not None and wanted.limit not in rules.CODES:
        raise refuse(BAD_VALUE, "limit.code")
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, wanted, "keepDate", id):
        return known
    said = _on(await _meant(session, viewer, keys, wanted), wanted.day, now)
    await _agreed(session, viewer, said)
    await one_at_a_time(session, _of(viewer))
    if await reads.how_many(session, viewer) >= rules.MOST:
        raise refuse(rules.TOO_MANY_DATES, limit=rules.MOST)
    own = new_key()
    row = {"id": id, "person": viewer.id, "version": 1, "kept_at": now}
    await session.rows(insert(D).inline().values(row | _sealed(own, id, said)))
    await keep_keys(session, keys, {id: own})
    await _await(session, id, 1, said.day, now)
    return id


async def change(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, day: date, now: datetime) -> None:
    """To another beginning, or another day of her own. Of two changes at once the later stands; the same again changes
    nothing, and tells nobody twice."""
    await one_at_a_time(session, _of(viewer))
    row, before, own = await _hers(session, viewer, keys, id)
    said = _on(before, day, now)
    if said == before:
        return
    await _agreed(session, viewer, said)
    version = row.version + 1
    await session.rows(update(D).where(D.c.id == id).values(version=version, **_sealed(own, id, said)))
    await _await(session, id, version, said.day, now)


async def drop(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID) -> tuple[Any, Said]:
    """Gives it up, and its key with it; how it was."""
    row, said, _ = await _hers(session, viewer, keys, id)
    if not (await session.rows(_DROP, {"id": id})).scalar_one():
        raise refuse(NOT_FOUND, "dateId")
    return row, said


async def opened(session: Session, viewer: Viewer, keys: KeyProvider, rows: Sequence[Any]) -> list[tuple[Any, Said]]:
    found = await release(session, keys, viewer, [row.id for row in rows]) if rows else {}
    return [(row, _opened(found[row.id], row)) for row in rows if row.id in found]


async def remind(session: Session, event: DateNears, now: datetime) -> None:
    """For the worker: if it still stands so and is not over. The next reminder is reckoned by the holidays that are
    known by then; what is late is told once, with what became due meanwhile. Who took her consent back hears nothing
    until she agrees again (PIPL 15)."""
    row = await reads.standing(session, event.kept)
    if row is None or row.version != event.version or row.ends_at <= now:
        return
    await _await(session, event.kept, event.version, rules.day_of(row.ends_at), now)
    if (await session.rows(_UNAGREED, {"person": row.person})).scalar_one():
        return
    cause = uuid5(event.kept, f"{event.version} {event.on}")
    await tell(session, [row.person], NoticeKind.DATE_NEAR, event.kept, cause, now)


async def stands(session: Session, id: UUID, now: datetime) -> bool:
    """For the worker: whether it is near, as it is kept by now, and she agrees still."""
    row = await reads.standing(session, id)
    if row is None or not rules.is_near(rules.day_of(row.ends_at), now, await calendar(session)):
        return False
    return not (await session.rows(_UNAGREED, {"person": row.person})).scalar_one()


async def give_up(session: Session, person: UUID) -> None:
    """For the worker: of somebody who closes her account."""
    await session.rows(_GIVE_UP, {"person": person})


async def forget(session: Session) -> bool:
    """For the worker: some of those that the policy keeps no longer; whether there may be more."""
    return bool((await session.rows(_FORGET, {"most": AT_ONCE})).scalar_one() >= AT_ONCE)


async def _meant(session: Session, viewer: Viewer, keys: KeyProvider, wanted: Wanted) -> Said:
    """What is kept, before its day is reckoned."""
    if wanted.kind is not None:
        return Said(source=DateSource.OWN, day=wanted.day, kind=wanted.kind)
    if wanted.answer is None:
        return Said(source=DateSource.LIMIT, day=wanted.day, limit=wanted.limit)
    found = await consultation.answers(session, viewer, [wanted.answer])
    own = await release(session, keys, viewer, [found[0].question]) if found else {}
    if not own:
        raise refuse(NOT_FOUND, "answer.answerId")
    (question,) = own
    if (named := newest(found[0]).opened(own[question]).limit) is None:
        raise refuse(rules.NO_LIMIT_NAMED, "answer.answerId")
    period = Period(amount=named.amount, unit=PeriodUnit(f"{named.unit}S"))
    return Said(source=DateSource.ANSWER, day=wanted.day, period=period, question=question)


async def _agreed(session: Session, viewer: Viewer, said: Said) -> None:
    categories = said.law.categories if said.law else ()
    sensitive = not NOTICES[ConsentPurpose.SENSITIVE].categories.isdisjoint(categories)
    refuse_if(list(against_keeping(await readiness(session, viewer.id), sensitive)))


def _on(said: Said, day: date, now: datetime) -> Said:
    try:
        moved = said.on(day)
    except OverflowError as error:
        raise refuse(BAD_VALUE) from error
    refuse_if(list(rules.against(moved, now)))
    return moved


async def _hers(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID) -> tuple[Any, Said, bytes]:
    rows = await reads.dates(session, viewer, [id])
    own = (await release(session, keys, viewer, [id])).get(id) if rows else None
    if own is None:
        raise refuse(NOT_FOUND, "dateId")
    return rows[0], _opened(own, rows[0]), own


async def _await(session: Session, id: UUID, version: int, day: date, now: datetime) -> None:
    for on in rules.ahead(day, now, await calendar(session))[:1]:
        await emit(session, DateNears(kept=id, version=version, on=on), at=rules.morning(on))


def _sealed(key: bytes, id: UUID, said: Said) -> dict[str, Any]:
    return {"ends_at": rules.over(said.day), "body": seal(key, said.model_dump_json(), "kept_date", "body", id)}


def _opened(key: bytes, row: Any) -> Said:
    return Said.model_validate_json(unseal(key, row.body, "kept_date", "body", row.id))


def _of(viewer: Viewer) -> str:
    return f"dates of {viewer.id}"
