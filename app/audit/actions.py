"""Anchoring the days that are over: as the worker, every night."""

from datetime import datetime

from sqlalchemy import insert, text

from app.audit import reads, rules
from app.audit.models import AuditAnchor, AuditLeaf
from app.consultation.rules.receipt import RECEIPT, sign
from app.core.db import Session, one_at_a_time
from app.core.ids import new_id
from app.core.sealing import KeyProvider

_AT_LEISURE = text("SET LOCAL statement_timeout = '60s'")
"""A day takes a second or two at most; the first anchor is of all there is, a million facts in ten."""


async def anchor(session: Session, keys: KeyProvider, now: datetime) -> None:
    """One anchor over all days that are over and have none; however often this runs, and however late."""
    await one_at_a_time(session, "audit anchor")
    last = await reads.last(session)
    day = rules.owed(last[0] if last else None, now)
    if day is None:
        return
    await session.rows(_AT_LEISURE)
    since = rules.midnight(last[0] + rules.DAY) if last else None
    leaves = await reads.leaves(session, since, rules.midnight(day + rules.DAY))
    signed = sign(keys.secret(RECEIPT), rules.anchor(last, day, leaves, now).text())
    row = {"id": new_id(), "day": day, "anchored_at": now, **signed._asdict()}
    await session.rows(insert(AuditAnchor).inline().values(row))
    kept = [{"day": day, "kind": kind, "leaves": held} for kind, held in leaves.items()]
    if kept:
        await session.rows(insert(AuditLeaf).inline().values(kept))
