"""A transaction that the test itself ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.access import Viewer
from app.core.db import Session
from tests.city import City


@asynccontextmanager
async def begun(city: City, viewer: Viewer) -> AsyncIterator[Session]:
    """Rolls back what was not committed."""
    async with Session(city.db.engine, viewer.id) as session:
        yield session
