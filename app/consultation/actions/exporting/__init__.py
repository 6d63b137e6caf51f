"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator

from app.consultation.actions.exporting import asking, practising
from app.core.portable import Enclosed, Page, Source


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    """What she asked, and what she did as a lawyer."""
    for part in (asking.contents, practising.contents):
        async for item in part(source):
            yield item
