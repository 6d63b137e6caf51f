"""Registering: the case is opened, with a record that both sides share and one of each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from app.applications.actions import moving
from app.applications.models import ApplicationKind
from app.applications.reads import applications
from app.applications.rules.acting import Act
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse
from app.core.ids import new_id
from app.core.sealing import KeyProvider, new_key
from app.mediation import reads
from app.mediation.models import Mediation
from app.vault.actions.keys import keep_keys


async def register(session: Session, viewer: Viewer, keys: KeyProvider, said: Act, key: str, now: datetime) -> UUID:
    """The application's id. What is to be opened is opened first: the step asks for it."""
    await one_at_a_time(session, f"application {said.application}")
    found = await applications(session, viewer, [said.application])
    if not found or found[0].kind != ApplicationKind.MEDIATION:
        raise refuse(NOT_FOUND, moving.FIELD)
    if not await reads.of_applications(session, viewer, [said.application]):
        await moving.may(session, viewer, found[0], said.move, now)
        row: dict[str, Any] = {"id": new_id(), "application": said.application, "opened_at": now}
        row |= {"applicant_side": new_id(), "respondent_side": new_id()}
        await session.rows(insert(Mediation).inline().values(row))
        subjects = (row["id"], row["applicant_side"], row["respondent_side"])
        await keep_keys(session, keys, {subject: new_key() for subject in subjects})
    return await moving.act(session, viewer, keys, said, key, now)
