"""A code is opened: counted, and nothing kept of who did it. What came from outside is never refused here."""

from sqlalchemy import func, select

from app.core.db import Session
from app.outreach.models import SENT, Step
from app.outreach.rules.links import code_of

LOOK = "LOOK"


async def arrived(session: Session, said: str | None) -> bool:
    """Counts one opening for the channel whose code that is; False where it is none, or one that counts no more. One
    statement, none for what is no code."""
    if (code := code_of(said)) is None:
        return False
    return await _opened(session, code, Step.SCAN) is not None


async def sent_on(session: Session, code: str, *, counts: bool) -> str | None:
    """Where the partner of that code wants people to be led, and whether who is led there is counted."""
    return await _opened(session, code, SENT if counts else LOOK)


async def _opened(session: Session, code: str, what: str) -> str | None:
    link: str | None = (await session.rows(select(func.door.outreach_opened(code, what)))).scalar()
    return link
