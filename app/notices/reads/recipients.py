"""How people can be reached and what they want, three statements for however many."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text

from app.core.db import Session
from app.notices.reads import M, W
from app.notices.rules.ladder import Hours, Recipient
from app.outside.post import Channel

_REACH = text("SELECT person, channels FROM door.reach(CAST(:people AS uuid[]))")


def left() -> Any:
    """Consents that a message may still be sent on."""
    return M.c.ended_at.is_(None) & or_(M.c.lasting, M.c.delivery.is_(None))


async def recipients(session: Session, people: Collection[UUID]) -> dict[UUID, Recipient]:
    """Every one of `people`: who has no address has no channels."""
    everybody = sorted(set(people))
    reached = {
        row.person: frozenset(map(Channel, row.channels))
        for row in await session.rows(_REACH, {"people": [str(person) for person in everybody]})
    }
    wishes = {row.person: row for row in await session.rows(select(*W.c).where(W.c.person.in_(everybody)))}
    consents: dict[UUID, dict[tuple[str, str], int]] = {}
    counted = (
        select(M.c.person, M.c.channel, M.c.template, func.count().label("left"))
        .where(M.c.person.in_(everybody), left())
        .group_by(M.c.person, M.c.channel, M.c.template)
    )
    for row in await session.rows(counted):
        consents.setdefault(row.person, {})[row.channel, row.template] = row.left
    return {
        person: Recipient(
            reached.get(person, frozenset()),
            frozenset(wishes[person].refused if person in wishes else ()),
            hours(wishes.get(person)),
            consents.get(person, {}),
        )
        for person in everybody
    }


def hours(wish: Any) -> Hours | None:
    return Hours(wish.quiet_from, wish.quiet_until) if wish is not None and wish.quiet_from is not None else None
