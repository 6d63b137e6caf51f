"""News for readers and facts for the house, of one change: written in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import text

from app.core import feed, outbox
from app.core.db import Session

_TELL: Final = text(f"WITH shown AS ({feed.SHOW}) {outbox.EMIT}")


async def tell(session: Session, news: Sequence[feed.Line], facts: list[tuple[datetime, outbox.Event]]) -> None:
    """As `feed.show` and `outbox.emit_each`."""
    await session.rows(_TELL, feed.shown(session, news) | outbox.emitted(session, facts))
