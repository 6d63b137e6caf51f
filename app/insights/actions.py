"""Counting what was asked, and finding what is asked more than usual: as the worker, every night. And what a committee
did about it."""

from datetime import date, datetime
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
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.insights import reads, rules
from app.insights.events import IssueFound
from app.insights.models import DisputeAlert, DisputeDeed, DisputeNote, HotIssue
from app.notices.actions import tell
from app.notices.models import NoticeKind
from app.places.rules.workdays import today

_COUNT: Final = text("SELECT door.count_demand()")
_PUBLISH: Final = text("SELECT door.publish_demand(:last)")
_RECENT: Final = text("SELECT category, town, questions, askers, before, days FROM door.recent_demand(:last)")

_DISPUTES: Final = text("SELECT week, town, kind, askers FROM door.count_disputes()")


async def look(session: Session, now: datetime) -> None:
    """Count the days that have been over for a day, publish the weeks that end with them, and note what stands out in
    the last seven.

    The wait is for whoever takes a question back: it counts for nothing then. What was noted is noted once in seven
    days, however often this runs; the door leaves it out.
    """
    last: date = (await session.rows(_COUNT)).scalar_one()
    await session.rows(_PUBLISH, {"last": last})
    weeks = [rules.Week(*row) for row in await session.rows(_RECENT, {"last": last})]
    for week in rules.hot(weeks):
        await _note(session, week, last, now)


async def _note(session: Session, week: rules.Week, last: date, now: datetime) -> None:
    row: dict[str, Any] = {"id": new_id(), "category": week.category, "town": week.town, "day": last, "found_at": now}
    told = {"askers": rules.step(week.askers), "times": rules.times(week)}
    await session.rows(insert(HotIssue).inline().values(row | told))
    await emit(session, IssueFound(issue=row["id"]))


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
        told = {"week": row.week, "town": row.town, "kind": row.kind, "askers": rules.step(row.askers), "made_at": now}
        competent: list[UUID | None] = [*rules.competent(row.town, places)]
        made += [told | {"id": new_id(), "committee": committee} for committee in competent or [None]]
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
        raise refuse(rules.NOTED_ALREADY, "deed")
