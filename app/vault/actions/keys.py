"""Keeping keys and giving them out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Executable, Text, Uuid, bindparam, column, func, table, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from app.core.access import Viewer
from app.core.db import IDS, Session, now
from app.core.errors import NOT_FOUND, Refused, because
from app.core.faults import walled
from app.core.rows import Rows
from app.core.sealing import KeyProvider
from app.vault.models import Access, Basis, File, Key, Purpose, Reader
from app.vault.reads import WHOEVER, visible_to

_SLOT = 900
"""Seconds: the ledger holds one row a quarter of an hour, reader and subject."""
_K: Any = Key.__table__  # type: ignore[attr-defined]
_A: Any = Access.__table__  # type: ignore[attr-defined]
_F: Any = File.__table__  # type: ignore[attr-defined]
_P: Any = table("paper", column("id"), column("kek"), column("wrapped"), schema="app")
"""Of a room above: what waits for the press."""
_WRAPPED = ((_K, _K.c.subject, _K.c.wrapped), (_F, _F.c.id, _F.c.key), (_P, _P.c.id, _P.c.wrapped))
"""Where keys lie that are wrapped under a key-encryption key, by what, and in which column."""


class ReadingEnded(Refused):
    """She read it a moment ago and reads it no more: no key is given without its line in the ledger."""

    def __init__(self) -> None:
        super().__init__(because(NOT_FOUND))


class Kept(NamedTuple):
    """What was written, and its key, with which whoever wrote it may read it back at once; None where she asks for the
    key as on any other day."""

    id: UUID
    key: bytes | None = None
    row: Any = None
    """As whoever wrote it may read it, where that is known already."""


_KEEP: Final = text("""
INSERT INTO app.key (subject, kek, wrapped)
SELECT * FROM unnest(CAST(:subjects AS uuid[]), CAST(:keks AS text[]), CAST(:wrapped AS bytea[]))""")


def keeping(look: Any) -> Any:
    """For `keep_keys`: a SELECT that is sent along."""
    return look.add_cte(_KEEP.columns().cte("kept"))


async def keep_keys(
    session: Session, provider: KeyProvider, keys: Mapping[UUID, bytes], statement: Executable = _KEEP, **wanted: Any
) -> Rows:
    """Wrap the data keys of subjects that the session's person has just written. Gives what `statement` looks up."""
    wrapped = [provider.wrap(key, str(subject)) for subject, key in keys.items()]
    said = {"subjects": list(keys), "keks": [kek for kek, _ in wrapped], "wrapped": [key for _, key in wrapped]}
    return await session.rows(statement, said | wanted)


def _held(which: Any) -> Any:
    return (
        select(Key.subject, Key.kek, Key.wrapped, Reader.basis)
        .join(Reader, (col(Reader.subject) == col(Key.subject)) & (col(Reader.person) == WHOEVER.id))
        .where(col(Key.subject) == which, visible_to(WHOEVER, col(Key.subject)), Reader.basis != Basis.DESK)
    )


def _entered(held: Any) -> Any:
    """Writes of each key that is given, unless to the asker, its line in the ledger."""
    purpose, part = bindparam("purpose", type_=Text), bindparam("part", type_=Uuid)
    line: dict[str, Any] = {
        "subject": held.c.subject,
        "person": WHOEVER.id,
        "slot": bindparam("slot", type_=BigInteger),
        "at": bindparam("at", type_=DateTime(timezone=True)),
        "basis": func.coalesce(purpose, held.c.basis),
        "part": func.coalesce(part, held.c.subject),
    }
    lines = select(*line.values()).where(purpose.is_not(None) | (held.c.basis != Basis.ASKER))
    return upsert(_A).from_select(list(line), lines).on_conflict_do_nothing().cte("entered")


def with_key(rows: Any, subject: Any, which: Any) -> Any:
    """For `release_with`: the SELECT, and beside each row what is held of the key of its `subject`. `which`: the one
    subject that there may be, in SQL."""
    held = _held(which).cte("held")
    beside = rows.add_columns(held.c.kek, held.c.wrapped, subject.label("subject"))
    return beside.outerjoin_from(subject.table, held, held.c.subject == subject).add_cte(_entered(held))


def with_own_key(rows: Any, subject: Any, hers: Any) -> Any:
    """The SELECT, and beside each row the key of its `subject` where `hers` says that who asks is its asker: what she
    looks at is written nowhere. It is wrapped; `DataKey` opens it once somebody wants it."""
    return rows.add_columns(_K.c.kek, _K.c.wrapped).outerjoin_from(subject.table, _K, (_K.c.subject == subject) & hers)


_HELD: Final[Any] = _held(IDS)
_CTE: Final = _HELD.cte("held")
_HELD_AND_ENTERED: Final[Any] = select(_CTE).add_cte(_entered(_CTE))
_ENTER: Final = upsert(_A).inline().on_conflict_do_nothing()


async def release(
    session: Session,
    provider: KeyProvider,
    viewer: Viewer,
    subjects: Iterable[UUID],
    part: UUID | None = None,
    purpose: Purpose | None = None,
) -> dict[UUID, bytes]:
    """Data keys of those subjects that the viewer may read; of the others, nothing.

    With `release_with` and `with_own_key` the only select of `key`. Whoever is not the asker is written to the ledger
    in the same transaction; `part` says which file of the subject she opens, if one; `purpose`, for what a machine
    reads it in her name, which is written down whoever she is. Raises ReadingEnded where one of them ended between the
    look and the ledger.
    """
    wanted, line = {"person": viewer.id, "ids": list(subjects)}, _line(session)
    try:
        if not session.only_looked:
            told = line | {"purpose": purpose, "part": part}
            rows = (await session.rows(_HELD_AND_ENTERED, wanted | told)).all()
        else:  # what an asker looks at is written nowhere, and goes on being a look
            rows = (await session.rows(_HELD, wanted)).all()
            entries = [
                line | {"subject": subject, "person": viewer.id, "basis": purpose or basis, "part": part or subject}
                for subject, _, _, basis in rows
                if purpose or basis != Basis.ASKER
            ]
            if entries:
                await session.rows(_ENTER, entries)
    except DBAPIError as error:
        if walled(error):
            raise ReadingEnded from error
        raise
    return {subject: provider.unwrap(kek, wrapped, str(subject)) for subject, kek, wrapped, _ in rows}


async def release_with(
    session: Session, provider: KeyProvider, viewer: Viewer, statement: Executable, **wanted: Any
) -> Sequence[tuple[Any, bytes | None]]:
    """Rows of a statement made by `with_key`, each with the key of its subject; None where the viewer may not read it.

    As `release` on who is written to the ledger; reading cannot end meanwhile, as all is seen at one moment.
    """
    told = {"person": viewer.id, "purpose": None, "part": None} | _line(session)
    rows = await session.rows(statement, wanted | told)
    return [(row, provider.unwrap(row.kek, row.wrapped, str(row.subject)) if row.kek else None) for row in rows]


def _line(session: Session) -> dict[str, Any]:
    moment = now(session)
    return {"at": moment, "slot": int(moment.timestamp()) // _SLOT}


async def rewrap(session: Session, provider: KeyProvider, current: str, most: int) -> int:
    """For the owner of the tables, whom no process of the house knows: at most so many data keys of subjects, and as
    many of files that hang on nothing yet and of papers that are not made, which are wrapped under another
    key-encryption key are wrapped under the current one; how many there were.

    No text is touched, none can be read, and what somebody else holds is left for the next time: nobody waits.
    """
    done = 0
    for where, row, key in _WRAPPED:
        others = select(row, where.c.kek, key).where(where.c.kek != current)
        found = (await session.rows(others.limit(most).with_for_update(skip_locked=True))).all()
        for id, kek, wrapped in found:
            name, again = provider.wrap(provider.unwrap(kek, wrapped, str(id)), str(id))
            await session.rows(update(where).where(row == id).values({"kek": name, key.name: again}))
        done += len(found)
    return done


async def in_use(session: Session) -> dict[str, int]:
    """For the owner: how many data keys are wrapped under which key-encryption key."""
    used: Counter[str] = Counter()
    for where, _, _ in _WRAPPED:
        counted = select(where.c.kek, func.count()).where(where.c.kek.is_not(None)).group_by(where.c.kek)
        used.update({kek: count for kek, count in await session.rows(counted)})
    return dict(used)
