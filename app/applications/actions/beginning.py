"""An application comes to be: its row, its key, and its first step."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert

from app.applications.actions.moving import write
from app.applications.models import FOREVER, Application, ApplicationKind, ApplicationState, Move
from app.applications.rules.forms import Form, read
from app.applications.rules.machine import MACHINES
from app.core.access import Viewer
from app.core.db import Session
from app.core.ids import new_id
from app.core.sealing import KeyProvider, new_key, seal
from app.places.rules.workdays import CITY_TIME, today
from app.screening.rules.parties import party_digest
from app.vault.actions.keys import keep_keys

PARTIES: Final = "parties"
"""The secret under which names of opponents and of lawyers' clients meet: that of the consultation."""
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what is mistaken for something else when it is read aloud."""


class AtCounter(BaseModel):
    """At a window: by which statement, and in which words it was said."""

    statement: UUID
    words: str


class Fresh(BaseModel):
    """A row that has made no step."""

    id: UUID
    kind: ApplicationKind
    seq: int
    institution: UUID
    receipt: str
    submitted_at: datetime
    clock: None = None
    clock_since: None = None
    due_at: datetime = FOREVER


@dataclass(frozen=True)
class Begun:
    row: Fresh
    form: Form
    key: bytes
    """The application's."""
    step: UUID
    due: datetime


async def begin(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    about: dict[str, Any],
    said: str,
    now: datetime,
    counter: AtCounter | None = None,
    move: Move = Move.SUBMIT,
) -> Begun:
    """`about`: id, kind, applicant, delegation and institution of the row; `said`: the form, as it is sealed."""
    id, kind = about["id"], ApplicationKind(about["kind"])
    form = read(kind, said)
    own, secret = new_key(), keys.secret(PARTIES)
    sealed = seal(own, said, "application", "body", id)
    row = about | {"receipt": receipt(now), "submitted_at": now, "moved_at": now, "matter": form.matter()}
    row |= {"parties": sorted({party_digest(name, secret) for name in form.opposing()})}
    row |= {"urgent": form.hastens(today(now)), "state": ApplicationState.NEW, "seq": 0, "body": sealed}
    await session.rows(insert(Application).inline().values(row))
    await keep_keys(session, keys, {id: own})
    line = MACHINES[kind].row(move, ApplicationState.NEW)
    assert line is not None
    fresh = Fresh(id=id, kind=kind, seq=0, submitted_at=now, **{key: row[key] for key in ("institution", "receipt")})
    step: dict[str, Any] = {"id": new_id(), "actor": viewer.id, "body": sealed if move is Move.SUBMIT else None}
    if counter is not None:
        step["counter"] = counter.statement
        step["reason"] = seal(own, counter.words, "application_step", "reason", step["id"])
    due = await write(session, fresh, line, step, [], now)
    return Begun(fresh, form, own, step["id"], due)


def receipt(now: datetime) -> str:
    """What is told on the telephone: the day in the city, and eight letters and digits by chance."""
    return f"{now.astimezone(CITY_TIME):%Y%m%d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))
