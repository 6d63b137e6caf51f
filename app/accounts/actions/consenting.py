"""A resident says yes to a notice or takes it back, and says how old she is. Nothing said is ever changed."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts import reads
from app.accounts.events import ConsentWithdrawn
from app.accounts.models import AgeBand, AgeSaid, ConsentPurpose, ConsentRecord
from app.accounts.rules.consenting import CONSENT_NOT_GIVEN, NOTICE_CHANGED, NOTICES, against_declaring
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import refuse, refuse_if
from app.core.outbox import emit


async def give(
    session: Session, viewer: Viewer, purpose: ConsentPurpose, version: int, channel: str, now: datetime
) -> None:
    """She has read this version. Twice changes nothing. Refuses NOTICE_CHANGED for any but the present one."""
    if version != NOTICES[purpose].version:
        raise refuse(NOTICE_CHANGED, "version", version=NOTICES[purpose].version)
    await _say(session, viewer, purpose, version, True, channel, now)


async def withdraw(session: Session, viewer: Viewer, purpose: ConsentPurpose, channel: str, now: datetime) -> None:
    """As easily as it was given (PIPL 15). Refuses CONSENT_NOT_GIVEN; twice changes nothing."""
    last = (await reads.consents(session, viewer)).get(purpose)
    if last is None:
        raise refuse(CONSENT_NOT_GIVEN, "purpose")
    if await _say(session, viewer, purpose, last.version, False, channel, now):
        await emit(session, ConsentWithdrawn(person=viewer.id, purpose=purpose))


async def _say(
    session: Session,
    viewer: Viewer,
    purpose: ConsentPurpose,
    version: int,
    given: bool,
    channel: str,
    now: datetime,
) -> bool:
    """Whether this is new. Of two at once one has the turn, and the other looks again at what was said."""
    row: dict[str, Any] = {"person": viewer.id, "purpose": purpose.value, "at": now}
    row |= {"version": version, "given": given, "channel": channel}
    while True:
        last = (await reads.consents(session, viewer)).get(purpose)
        if last is not None and (last.version, last.given) == (version, given):
            return False
        turn = {"turn": last.turn + 1 if last else 1}
        said = upsert(ConsentRecord).inline().values(row | turn).on_conflict_do_nothing()
        if (await session.rows(said)).rowcount:
            return True


async def declare(session: Session, viewer: Viewer, band: AgeBand, now: datetime) -> None:
    """How old she is now. The same again changes nothing; a child is older with her guardian's consent alone."""
    while True:
        guarded = (await reads.readiness(session, viewer.id)).guarded
        last = await reads.age_said(session, viewer)
        before = AgeBand(last.band) if last else None
        refuse_if(list(against_declaring(before, band, guarded)))
        if before is band:
            return
        row = {"person": viewer.id, "turn": last.turn + 1 if last else 1, "band": band.value, "at": now}
        if (await session.rows(upsert(AgeSaid).inline().values(row).on_conflict_do_nothing())).rowcount:
            return
