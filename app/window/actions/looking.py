"""What is counted, for those who look after the house: as the worker, every night."""

from typing import Final

from sqlalchemy import text

from app.core.db import Session

_PUBLISH: Final = text("SELECT door.publish_loops()")


async def publish(session: Session) -> None:
    """Tell how the loop closed in the months that have been over for fourteen days: once and for all."""
    await session.rows(_PUBLISH)
