"""What stands before a question: what its asker agreed to, how much of hers waits, the policy it is asked under."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, literal_column, select, true

from app.accounts.reads import READY, readiness_of
from app.accounts.rules.consenting import Readiness
from app.consultation.models import Board
from app.consultation.reads import ASKER, DELEGATE, NEWEST, D, E, Q, R
from app.consultation.rules.asking import DAILY_MAX
from app.consultation.rules.policy import Policy
from app.core.access import Viewer
from app.core.db import Session, clock
from app.vault.reads import UNSEEN


class Before(NamedTuple):
    """What is known of whoever is about to ask, under her lock."""

    ready: Readiness
    waiting: int
    """How many of her questions wait for their promised answers."""
    again: datetime | None
    """Since when fewer than DAILY_MAX were asked in the last 24 hours, where as many were; None where they were not."""
    version: int
    policy: Policy


async def before(
    session: Session, viewer: Viewer, delegation: UUID | None = None, besides: UUID | None = None
) -> Before:
    """Counted is what this person asked, or what she asked by that delegation, `besides` one of them. What was not sent
    waits for nobody and counts for the day, as does what was erased since."""
    said = {"person": viewer.id, "besides": besides}
    counted, moments = _OWN, _OWN_MOMENTS
    if delegation is not None:
        counted, moments, said = _DELEGATED, _DELEGATED_MOMENTS, said | {"delegation": delegation}
    row = (await session.rows(counted, said)).one()
    again = (await session.rows(moments, said)).scalar() if row.today >= DAILY_MAX else None
    return Before(readiness_of(row), row.waiting, again, row.version, Policy.written(row.terms))


_NONE: Any = literal_column("0")
_BESIDES: Any = select(bindparam("besides", type_=Uuid)).scalar_subquery()


def _today() -> Any:
    """Asked in the last 24 hours."""
    yesterday = clock() - timedelta(days=1)
    # Most of what she reads as an asker was sent, or is the brief of that: only what is neither is looked up.
    kept_back = Q.alias()
    unsent = D.c.question.is_(None) & (R.c.since > yesterday)
    erased = unsent & select(1).where(E.c.id == R.c.subject, E.c.asked_at > yesterday).offset(_NONE).exists()
    unsent &= select(1).where(kept_back.c.id == R.c.subject).offset(_NONE).exists()
    return (D.c.asked_at > yesterday) | unsent | erased


def _hers(*columns: Any) -> Any:
    found = select(*columns).join_from(R, D, D.c.question == R.c.subject, isouter=True)
    return found.where(R.c.person == UNSEEN, R.c.subject.is_distinct_from(_BESIDES))


def _counts() -> Any:
    waiting = D.c.closed_at.is_(None) & D.c.kept_at.is_(None) & (D.c.board != Board.FILLED)
    return _hers(func.count().filter(waiting).label("waiting"), func.count().filter(_today()).label("today"))


_ERASED: Any = select(E.c.asked_at).where(E.c.id == R.c.subject).correlate(R).scalar_subquery()
_ASKED: Any = func.coalesce(D.c.asked_at, _ERASED, R.c.since)


def _moments() -> Any:
    return _hers(_ASKED + timedelta(days=1)).where(_today()).order_by(_ASKED.desc()).offset(DAILY_MAX - 1).limit(1)


def _before(counts: Any) -> Any:
    counted, policy = counts.subquery(), NEWEST.subquery()
    return select(*READY, *counted.c, *policy.c).select_from(counted.join(policy, true()))


def _delegated(found: Any) -> Any:
    by = Q.c.delegation == bindparam("delegation", type_=Uuid)
    return found.join(Q, Q.c.id == R.c.subject).where(R.c.basis == DELEGATE, by)


_OWN: Final = _before(_counts().where(R.c.basis == ASKER))
_OWN_MOMENTS: Final = _moments().where(R.c.basis == ASKER)
_DELEGATED: Final = _before(_delegated(_counts()))
_DELEGATED_MOMENTS: Final = _delegated(_moments())
