"""Which channel has its turn: written into the ledger, for the post to see to. For the worker alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.db import Session, one_at_a_time
from app.core.ids import new_id
from app.notices import reads
from app.notices.models import Delivery, DeliveryState, Template, Why
from app.notices.reads.recipients import recipients
from app.notices.rules.ladder import (
    DIGEST,
    DIGEST_OVER,
    DIGESTIBLE,
    Recipient,
    manner,
    next_channel,
    send_at,
)
from app.outside.post import Channel

D, N = reads.D, reads.N
NEVER: Any = literal_column("'infinity'::timestamptz")


async def climb(session: Session, notices: Sequence[UUID], now: datetime) -> None:
    """Who has not acknowledged these is written to by the first channel that the kind deserves and she can be reached
    by. Twice makes no difference: there is one delivery a notice and channel."""
    waiting = select(N.c.id, N.c.person, N.c.kind).where(
        N.c.id.in_(notices), N.c.acknowledged_at.is_(None), N.c.read_at.is_(None)
    )
    told = (await session.rows(waiting)).all()
    if not told:
        return
    people = {row.person for row in told}
    if len(people) == 1:  # of several that are told her at one moment each sees those before it
        await one_at_a_time(session, f"digest of {told[0].person}")
    to = await recipients(session, people)
    rows = [row for one in told if (row := _first(one.id, one.person, one.kind, to[one.person], now))]
    if crowded := await _crowded(session, rows):
        await _digest(session, [row for row in rows if row["person"] in crowded and row["kind"] in DIGESTIBLE], to, now)
        rows = [row for row in rows if row["person"] not in crowded or row["kind"] not in DIGESTIBLE]
    await _write(session, rows)


def _first(notice: UUID, person: UUID, kind: str, to: Recipient, now: datetime) -> dict[str, Any] | None:
    template = manner(kind).template
    channel = next_channel(kind, template, to)
    at = send_at(kind, to, now)
    return None if channel is None or at is None else row_of(person, notice, kind, template, channel, at, now)


def row_of(
    person: UUID, notice: UUID | None, kind: str, template: str, channel: Channel, at: datetime, now: datetime
) -> dict[str, Any]:
    if notice is None:
        template = Template.DIGEST if channel is Channel.SMS else template
    how = manner(kind)
    row: dict[str, Any] = {"id": new_id(), "person": person, "notice": notice, "kind": kind}
    row |= {"template": template, "channel": channel}
    row |= {"lane": how.lane, "state": DeliveryState.PENDING, "why": None, "attempts": 0, "failures": 0}
    return row | {"next_push": at, "due_at": at, "until": max(at, now) + how.lives, "made_at": now, "digest": None}


async def go_on(session: Session, row: Any, now: datetime) -> None:
    """By this channel it did not go out, or may not have: the next one of the ladder has its turn."""
    to = (await recipients(session, [row.person]))[row.person]
    template = manner(row.kind).template if row.notice else row.template
    channel = next_channel(row.kind, template, to, Channel(row.channel))
    if channel is None or now > row.until:
        return
    below = row_of(row.person, row.notice, row.kind, template, channel, now, now) | {"until": row.until}
    if row.notice is None:
        below["digest"] = row.digest or row.id
        await session.rows(insert(Delivery).inline().values(below).on_conflict_do_nothing())
    else:
        await _write(session, [below])


async def _write(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await session.rows(insert(Delivery).inline().values(list(rows)).on_conflict_do_nothing())


async def _crowded(session: Session, rows: Iterable[Mapping[str, Any]]) -> set[UUID]:
    """Those for whom more would wait than one likes to get one by one, or a digest waits already."""
    new: dict[UUID, int] = {}
    for row in rows:
        if row["kind"] in DIGESTIBLE:
            new[row["person"]] = new.get(row["person"], 0) + 1
    if not new:
        return set()
    counted = (
        select(D.c.person, func.count().label("waiting"), func.count().filter(D.c.notice.is_(None)).label("digests"))
        .where(D.c.person.in_(new), D.c.state == DeliveryState.PENDING, D.c.next_push < NEVER)
        .where(D.c.kind.in_([DIGEST, *DIGESTIBLE]))
        .group_by(D.c.person)
    )
    known = {row.person: row for row in await session.rows(counted)}
    return {
        person
        for person, count in new.items()
        if count + (known[person].waiting if person in known else 0) > DIGEST_OVER
        or (person in known and known[person].digests)
    }


async def _digest(
    session: Session, rows: Sequence[Mapping[str, Any]], to: Mapping[UUID, Recipient], now: datetime
) -> None:
    """One message instead of several, for each of these people. It goes the way that the first of them would have."""
    for person in dict.fromkeys(row["person"] for row in rows):
        hers = [dict(row) for row in rows if row["person"] == person]
        first = min(hers, key=lambda row: row["next_push"])
        channel, template = Channel(first["channel"]), first["template"]
        made = row_of(person, None, DIGEST, template, channel, first["next_push"], now)
        await session.rows(insert(Delivery).inline().values(made).on_conflict_do_nothing())
        waits = D.c.person == person, D.c.state == DeliveryState.PENDING
        one = (await session.rows(select(D.c.id, D.c.next_push).where(*waits, D.c.notice.is_(None)))).one_or_none()
        if one is None:  # one that waited was taken just now, before we saw it
            await _write(session, hers)
            continue
        # What comes at any hour does not wait for the morning with the rest.
        await _write(session, [row for row in hers if row["next_push"] < one.next_push])
        folded = {"state": DeliveryState.DROPPED, "why": Why.DIGESTED, "digest": one.id, "next_push": NEVER}
        single = update(Delivery).where(*waits, D.c.notice.is_not(None), D.c.kind.in_(DIGESTIBLE))
        await session.rows(single.where(D.c.next_push >= one.next_push).values(**folded, done_at=now))
        later = [row for row in hers if row["next_push"] >= one.next_push]
        await _write(session, [row | folded | {"done_at": now} for row in later])
