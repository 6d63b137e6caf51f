"""The receipt of papers that a window took in, as a paper.

The window has no key of what somebody came about, and that of the visit is destroyed at midnight. So what was taken in
is a subject of its own, with a key of its own that the window makes: its readers are whose the visit is, for as long as
what it is about is kept, and who took the papers, until the end of the day.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.access import Viewer
from app.core.db import Session
from app.core.sealing import KeyProvider, new_key
from app.papers.actions.ordering import Order, order
from app.papers.models import PaperKind
from app.papers.reads import name_of
from app.papers.rules.receipts import receipt_of
from app.places.rules.workdays import today
from app.vault.actions.keys import keep_keys, release
from app.window.actions.pickup import slip_of
from app.window.rules.papers import Paper, received


async def give(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    visit: Any,
    act: UUID,
    number: str,
    papers: list[Paper],
    now: datetime,
) -> None:
    """Of an act that was written just now. It names her as the window knows her: masked."""
    slip = slip_of((await release(session, keys, viewer, [visit.id]))[visit.id], visit)
    own = new_key()
    await keep_keys(session, keys, {act: own})
    said = receipt_of(await name_of(session, visit.institution), number, slip.name, today(now), received(papers))
    await order(session, keys, Order(act, own, act, PaperKind.PAPERS_RECEIPT, visit.institution, said), now)
