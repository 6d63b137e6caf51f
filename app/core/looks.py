"""The reads of one operation, by one session where they follow each other.

To borrow a connection and say who asks takes longer than most reads do themselves, and a page is four reads and more.
So they look one after the other, and the session is kept for the operation's next look: at most one, and

- only if all that was done in it is known to be a plain look, for which no transaction began: what wrote, locked or
  called a door is committed at once;
- for a second at most, because deadlines are told by its clock, and whether the device is signed in was asked then;
- never while anybody of the operation waits for another connection: operations would wait for each other's.

Who looks awaits nothing but the session that she was given: another look of the operation would wait for this one.
"""

from asyncio import Lock
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from sys import exc_info
from time import monotonic
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from app.core.db import Database, Session, Statements, Who

OLDEST: Final = 1.0
"""Seconds after which a session is not looked in any more."""


@dataclass(eq=False)
class _Begun:
    who: Who
    acting: Any
    session: Session
    at: float

    async def end(self) -> None:
        await self.acting.__aexit__(None, None, None)


class Looks:
    def __init__(self, db: Database, statements: Statements | None = None) -> None:
        """Each read by a session of its own, until it `keeps`."""
        self.keeps = False
        self._db, self._statements = db, statements
        self._kept: _Begun | None = None
        self._beside = 0
        self._turn = Lock()

    @asynccontextmanager
    async def look(self, who: Who) -> AsyncIterator[Session]:
        """A session to read with, once nobody else of this operation looks; on any error what it did is rolled back."""
        async with self._turn:
            begun = await self._begun(who)
            try:
                yield begun.session
            except BaseException:
                await begun.acting.__aexit__(*exc_info())
                raise
            if self.keeps and not self._beside and begun.session.only_looked:
                self._kept = begun
            else:
                await begun.end()

    @asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Meanwhile nothing is kept: somebody of this operation needs a connection of another kind."""
        self._beside += 1
        try:
            await self._let_go()
            yield
        finally:
            self._beside -= 1

    async def over(self) -> None:
        """The operation has ended."""
        self.keeps = False
        await self._let_go()

    async def _begun(self, who: Who) -> _Begun:
        kept = self._kept
        if kept and kept.who == who and monotonic() - kept.at < OLDEST:
            self._kept = None
            return kept
        await self._let_go()
        acting, at = self._db.acting(who, self._statements, loosely=True), monotonic()
        return _Begun(who, acting, await acting.__aenter__(), at)

    async def _let_go(self) -> None:
        if kept := self._kept:
            self._kept = None
            with suppress(DBAPIError):  # nothing is lost with it
                await kept.end()
