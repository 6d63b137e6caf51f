"""News for readers and facts for the house, of one change: written in one statement, with it or after it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Executable, text

from app.core import feed, outbox
from app.core.db import Session
from app.core.rows import Rows

_TELL: Final = text(f"WITH shown AS ({feed.SHOW}) {outbox.EMIT}")


def telling(written: str, last: str) -> Executable:
    """For `tell`: a statement that writes more. `written`: parts of a WITH; `last`: what stands behind it."""
    return text(f"WITH {written}, shown AS ({feed.SHOW}), told AS ({outbox.EMIT}) {last}")


async def tell(
    session: Session,
    news: Sequence[feed.Line],
    facts: list[tuple[datetime, outbox.Event]],
    statement: Executable = _TELL,
    **written: Any,
) -> Rows:
    """As `feed.show` and `outbox.emit_each`; gives what `statement` does, to which the values of `written` go."""
    return await session.rows(statement, written | feed.shown(session, news) | outbox.emitted(session, facts))
