"""How erasures are read: by who asked what was erased, until the backups have lost it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import literal_column, select

from app.consultation import reads
from app.core.access import Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.vault.models import Basis
from app.vault.reads import visible_to

E, R = reads.E, reads.R


async def erasures(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*E.c).where(E.c.id.in_(list(ids)), visible_to(viewer, E.c.id)))).all()


async def erasure_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Newest first, driven from `reader` like every list of what is one's own."""
    offered: Any = literal_column(f"'{Basis.OFFERED}'")
    rows = select(*E.c, R.c.since).join_from(R, E, E.c.id == R.c.subject)
    rows = rows.where(R.c.person == viewer.id, R.c.basis != offered, R.c.until > clock())
    return (await session.rows(keyset(rows, page, R.c.since, R.c.subject))).all()
