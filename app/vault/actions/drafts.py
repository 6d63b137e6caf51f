"""What somebody is writing, kept for her on every device: sealed under the draft's own key, read by nobody else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, insert, update

from app.accounts.reads import readiness
from app.accounts.rules.consenting import against_keeping
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import BAD_VALUE, NOT_FOUND, Code, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import Event, emit
from app.core.sealing import KeyProvider, new_key, seal, unseal
from app.vault.actions.files import keep_until
from app.vault.actions.keys import keep_keys, release
from app.vault.reads import drafts as reads
from app.vault.rules.drafts import LIVES, wiped_at
from app.vault.rules.files import LIVES as UNUSED

WIPED: Final = b""


class _Begun(BaseModel):
    """The key names the draft and not its words: the first save may be repeated after more was written."""

    draft: None = None


@dataclass(frozen=True)
class Drafts:
    """Those of one form: of `table` (id, person, content, revision, saved_at, wiped_at), whose column `became` says as
    what each was sent."""

    table: Any
    became: Any
    operation: str
    """By which mutation they are saved."""
    most: int
    """That somebody keeps at once."""
    sent: Code
    gone: Code
    full: Code
    """Its refusals; the last is told the `limit`."""
    aged: Callable[..., Event]
    """What is to happen once nobody came back to one, by its key (`draft`)."""
    files: Callable[[Any, str], Sequence[UUID]]
    """Those that hang on what a row says."""
    sensitive: bool = False
    """Whether the form asks for what needs a consent of its own (PIPL 28, 29)."""

    @property
    def _live(self) -> Any:
        return self.became.is_(None), self.table.c.wiped_at.is_(None)

    async def save(
        self,
        session: Session,
        viewer: Viewer,
        keys: KeyProvider,
        draft: UUID | None,
        said: str,
        files: Sequence[UUID],
        revision: int,
        key: str,
        now: datetime,
        **more: Any,
    ) -> UUID:
        """Keeps it unless what is kept is as new or newer: a late packet, or another device, overwrites nothing. `more`
        is written once, with the first save."""
        if revision < 0:
            raise refuse(BAD_VALUE, "revision")
        refuse_if(list(against_keeping(await readiness(session, viewer.id), self.sensitive)))
        await keep_until(session, viewer, files, wiped_at(now))
        if draft is None:
            id = new_id()
            draft = await once(session, keys.secret("idempotency"), key, _Begun(), self.operation, id)
            if draft is None:
                row = more | {"id": id, "person": viewer.id, "revision": revision, "saved_at": now}
                await self._begin(session, viewer, keys, row, said)
                return id
        row = await self._own(session, viewer, draft)
        if getattr(row, self.became.name) is not None:
            raise refuse(self.sent, "draftId")
        if row.wiped_at is not None:
            raise refuse(self.gone, "draftId")
        own = (await release(session, keys, viewer, [draft]))[draft]
        newer = update(self.table).where(self.table.c.id == draft, self.table.c.revision < revision, *self._live)
        await session.rows(newer.values(content=self._sealed(own, draft, said), revision=revision, saved_at=now))
        return draft

    async def _begin(self, session: Session, viewer: Viewer, keys: KeyProvider, row: dict[str, Any], said: str) -> None:
        # Two first saves at once would each not see the other and pass the most there may be together.
        await one_at_a_time(session, f"{self.table.name} {viewer.id}")
        if await reads.how_many(session, viewer, self.table, *self._live) >= self.most:
            raise refuse(self.full, limit=self.most)
        own, id = new_key(), row["id"]
        await session.rows(insert(self.table).inline().values(row | {"content": self._sealed(own, id, said)}))
        await keep_keys(session, keys, {id: own})
        await emit(session, self.aged(draft=id), at=wiped_at(row["saved_at"]))

    async def discard(self, session: Session, viewer: Viewer, keys: KeyProvider, draft: UUID, now: datetime) -> None:
        """Wipes what she wrote. Twice changes nothing; what was sent lives on as what it became."""
        row = await self._own(session, viewer, draft)
        if getattr(row, self.became.name) is not None:
            raise refuse(self.sent, "draftId")
        if row.content:
            own = (await release(session, keys, viewer, [draft]))[draft]
            await keep_until(session, viewer, self.files(row, self.opened(own, row)), now + UNUSED)
        over = update(self.table).where(self.table.c.id == draft, *self._live)
        await session.rows(over.values(content=WIPED, wiped_at=now))

    async def become(self, session: Session, viewer: Viewer, draft: UUID, what: UUID, now: datetime) -> None:
        """It was sent and is wiped at once. Of two devices that send it, the second is refused."""
        gone = {"content": WIPED, "wiped_at": func.coalesce(self.table.c.wiped_at, now), self.became.name: what}
        sent = update(self.table).where(self.table.c.id == draft, self.became.is_(None)).values(gone)
        if not (await session.rows(sent)).rowcount:
            await self._own(session, viewer, draft)
            raise refuse(self.sent, "draftId")

    async def age(self, session: Session, draft: UUID, now: datetime) -> None:
        """For the worker: wipe one that nobody came back to; look again later where somebody did."""
        table = self.table
        old = update(table).where(table.c.id == draft, table.c.wiped_at.is_(None), table.c.saved_at <= now - LIVES)
        if (await session.rows(old.values(content=WIPED, wiped_at=now))).rowcount:
            return
        if (saved_at := await reads.saved_at(session, table, draft)) is not None:
            await emit(session, self.aged(draft=draft), at=wiped_at(saved_at))

    def opened(self, key: bytes, row: Any) -> str:
        return unseal(key, row.content, self.table.name, "content", row.id)

    def _sealed(self, key: bytes, id: UUID, said: str) -> bytes:
        return seal(key, said, self.table.name, "content", id)

    async def _own(self, session: Session, viewer: Viewer, draft: UUID) -> Any:
        if (row := await reads.own(session, viewer, self.table, draft)) is None:
            raise refuse(NOT_FOUND, "draftId")
        return row
