"""Sending again what failed, by who sees to it that messages leave the house."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, literal, or_, select, update

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse
from app.notices.models import Delivery, DeliveryState
from app.notices.reads import D
from app.notices.reads.deliveries import deliveries, operates
from app.notices.rules.operating import DELIVERY_NOT_OVER, against_retrying
from app.outside.post import Verdict

LIVES: Final = timedelta(hours=1)
"""What is sent again is of use for so long at least."""


async def retry(session: Session, viewer: Viewer, id: UUID, even_if_it_may_have_arrived: bool, now: datetime) -> None:
    """Of fifty at once one does. Refuses NOT_FOUND, DELIVERY_NOT_OVER, MAY_HAVE_ARRIVED.

    Of one that may have arrived it is remembered: where WeChat then knows no consent any more, it had.
    """
    found = await deliveries(session, viewer, [id])
    if not found:
        raise refuse(NOT_FOUND, "deliveryId")
    if why := against_retrying(DeliveryState(found[0].state), even_if_it_may_have_arrived):
        raise refuse(why, "deliveryId")
    waits = D.alias("waits")
    other = select(1).where(
        waits.c.person == D.c.person, waits.c.notice.is_(None), waits.c.state == DeliveryState.PENDING
    )
    again = update(Delivery).where(D.c.id == id, D.c.state == found[0].state, operates(viewer))
    again = again.where(or_(D.c.notice.is_not(None), ~other.exists()))
    doubt = Verdict.UNKNOWN if found[0].state == DeliveryState.UNKNOWN else None
    changes: dict[str, Any] = {
        "state": DeliveryState.PENDING,
        "why": doubt,
        "failures": 0,
        "next_push": now,
        "done_at": None,
    }
    changes |= {"until": func.greatest(D.c.until, literal(now + LIVES)), "retried_by": viewer.id, "retried_at": now}
    if not (await session.rows(again.values(**changes))).rowcount:
        raise refuse(DELIVERY_NOT_OVER, "deliveryId")
