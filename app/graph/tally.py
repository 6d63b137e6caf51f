"""Counts who still uses what is deprecated: in this process first, and once a minute in the database."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import date

import structlog

from app.core import uses
from app.core.db import NOBODY, Database
from app.graph.clients import Client

EVERY = 60.0
"""Seconds between two writings: so much a crash may lose."""
PATIENCE = 5.0
DISTINCT = 1000
"""Different (element, client, version) a day that are counted by name: clients call themselves what they like."""
OTHER = Client("(other)", "")

log = structlog.get_logger("tally")


class Tally:
    """The numbers of one process that are not in the database yet. They never hold up or fail a request."""

    def __init__(self) -> None:
        self._counts: Counter[uses.Use] = Counter()
        self._named: set[uses.Use] = set()
        self._day: date | None = None

    def note(self, elements: Iterable[str], client: Client) -> None:
        """One operation of this client used these elements."""
        for element in elements:
            use = (element, *client)
            if use not in self._named:
                if len(self._named) < DISTINCT:
                    self._named.add(use)
                else:
                    use = (element, *OTHER)
            self._counts[use] += 1

    async def write(self, db: Database) -> None:
        """Put the numbers into the database; what could not be put there waits for the next time."""
        counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            async with asyncio.timeout(PATIENCE), db.acting(NOBODY) as session:
                day = await uses.add(session, counts)
        except Exception as error:  # nobody is refused an answer because it could not be counted
            log.warning("uses_not_written", kind=type(error).__name__)
            self._counts.update(counts)
        except asyncio.CancelledError:
            self._counts.update(counts)
            raise
        else:
            if self._day not in (None, day):
                self._named.clear()
            self._day = day

    async def run(self, db: Database) -> None:
        """Runs as long as the process; what is left is written when it is cancelled."""
        try:
            while True:
                await asyncio.sleep(EVERY)
                await self.write(db)
        finally:
            await self.write(db)


TALLY = Tally()
"""This process's own: the schema counts into it, and main writes it down."""
