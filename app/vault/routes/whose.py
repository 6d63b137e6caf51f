"""In whose name a link acts: its person's, while the device she got it on is signed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.access import SessionEnded, Viewer
from app.core.db import Database, Session
from app.core.errors import refuse
from app.core.links import Link
from app.vault.actions.keys import ReadingEnded
from app.vault.rules.files import LINK_GONE


def viewer_of(link: Link) -> Viewer:
    return Viewer(link.person, link.sign_in, frozenset())


@asynccontextmanager
async def acting(db: Database, link: Link) -> AsyncIterator[Session]:
    """Refuses LINK_GONE, like whatever else is wrong with a link."""
    try:
        async with db.acting(viewer_of(link)) as session:
            yield session
    except (SessionEnded, ReadingEnded) as error:
        raise refuse(LINK_GONE) from error
