"""How many text messages the city sends an hour, whatever they say: codes and notices are paid from one purse."""

from typing import Final

from sqlalchemy import func, select, text

from app.core.db import Session

NOTICES_LEAVE: Final = 200
"""Messages of each hour that notices do not touch: somebody may be waiting for a code."""


async def spend_sms(session: Session, spare: int = 0) -> bool:
    """One more of the hour's, if more than `spare` are left. What a transaction that fails has spent comes back."""
    return bool((await session.rows(select(func.door.spend_sms(spare)))).scalar_one())


async def sms_spent(session: Session) -> tuple[int, int]:
    """(how many of this hour's are spent, how many there are): the breaker is open where they are equal."""
    spent, most = (await session.rows(text("SELECT spent, most FROM door.sms_spent()"))).one()
    return spent, most
