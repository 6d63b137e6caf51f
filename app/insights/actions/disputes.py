"""Telling mediators of disputes that many ask about, as the worker; and what their committee did about it."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import BaseModel
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as insert_once

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.insights import reads
from app.insights.models import DisputeAlert, DisputeDeed, DisputeNote
from app.insights.rules.disputes import NOTED_ALREADY, competent
from app.insights.rules.issues import step
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.places.rules.workdays import today

_DISPUTES: Final = text("SELECT week, town, kind, askers FROM door.count_disputes()")


async def warn(session: Session, now: datetime) -> None:
    """Tell the committees that are competent for a town what many there asked about in a week that is over: they may
    offer to mediate unasked (人民调解法第十七条). The door gives each week once, however often this runs; and whoever
    mediates is told once a day, however much there is.

    Not of any seven days: which night it came would say on which day the fifth had asked, and of days that lie in two
    of the weeks of `demand` one part could be subtracted.
    """
    found = (await session.rows(_DISPUTES)).all()
    if not found:
        return
    places = await reads.committees(session)
    made: list[dict[str, Any]] = []
    for row in found:
        told = {"week": row.week, "town": row.town, "kind": row.kind, "askers": step(row.askers), "made_at": now}
        there: list[UUID | None] = [*competent(row.town, places)]
        made += [told | {"id": new_id(), "committee": committee} for committee in there or [None]]
    await session.rows(insert(DisputeAlert).inline().values(made))
    one_of = {row["committee"]: row["id"] for row in made if row["committee"]}
    people: dict[UUID, list[UUID]] = {}
    for person, committee in await reads.mediators(session, one_of):
        people.setdefault(committee, []).append(person)
    for committee, told_there in sorted(people.items()):
        this_day = uuid5(committee, str(today(now)))
        await tell(session, told_there, NoticeKind.DISPUTE_ALERT, one_of[committee], this_day, now)


class Noted(BaseModel):
    """What was done about an alert."""

    alert: UUID
    deed: DisputeDeed


async def note(session: Session, viewer: Viewer, keys: KeyProvider, said: Noted, key: str, now: datetime) -> None:
    """By who mediates at the committee that was told, each deed once. Refuses NOT_FOUND and NOTED_ALREADY."""
    if await once(session, keys.secret("idempotency"), key, said, "noteDisputeAlert", said.alert):
        return
    committee = await reads.committee_of(session, viewer, said.alert)
    if committee is None:
        raise refuse(NOT_FOUND, "alertId")
    row = said.model_dump() | {"committee": committee, "noted_by": viewer.id, "noted_at": now}
    if not (await session.rows(insert_once(DisputeNote).inline().values(row).on_conflict_do_nothing())).rowcount:
        raise refuse(NOTED_ALREADY, "deed")
