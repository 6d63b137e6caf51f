"""For the worker: slips are destroyed in time, and with the account of who made them."""

from uuid import UUID

from sqlalchemy import func, select

from app.core.db import Session


async def forget_slip(session: Session, visit: UUID) -> None:
    await session.rows(select(func.door.forget_slip(visit)))


async def give_up(session: Session, person: UUID) -> None:
    await session.rows(select(func.door.give_up_window(person)))
    await session.rows(select(func.door.give_up_ratings(person)))
