"""A link and a code for somebody who has no account: what she may open, answer and join by it, and nothing else.

The link is known to who made it and to who holds it; here lies its digest, and the wall shows the row to who presents
it. A code that came to her telephone is exchanged for a door that stays open for half an hour: through it she reads who
invites her to what, answers, and joins.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, update

from app.accounts.actions.codes import spend_code
from app.accounts.actions.identity import present
from app.accounts.rules.codes import CODE_TRIED_OUT, CODE_WRONG
from app.accounts.rules.said import telephone
from app.applications import reads as applications
from app.applications.actions import moving
from app.applications.actions.moving import opened
from app.applications.models import Move
from app.applications.rules.acting import Act
from app.applications.rules.forms import loaded
from app.applications.rules.forms.mediation import MediationForm, MediationSource
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, Refused, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, digest, open_bytes, seal_bytes
from app.mediation import reads
from app.mediation.events import InvitationAnswered
from app.mediation.models import Answer, Invitation, Side
from app.mediation.rules.agreeing import NOT_NOW
from app.mediation.rules.inviting import (
    ANSWERED_OTHERWISE,
    DOOR_SHUT,
    INVITATION_UNKNOWN,
    NO_RESPONDENT_PHONE,
    NOT_BOTH_SIDES,
    NOT_CONSENTED,
    Invitee,
    against_link,
)
from app.mediation.rules.policy import DOOR_OPEN, INVITED_FOR
from app.mediation.rules.standing import MEETING
from app.outside.sms import Purpose
from app.vault.actions.keys import release

V = reads.V
GUESSED = (CODE_WRONG, CODE_TRIED_OUT)
"""A click too many on the right code is no guess."""


class Inviting(BaseModel):
    """Whom a mediator invites, as it was asked for."""

    application: UUID
    respondent: int
    phone: str | None
    side: Side = Side.RESPONDENT


@dataclass(frozen=True)
class Link:
    """Nothing but the answer to who invites may hold it."""

    invitation: UUID
    token: str = field(repr=False)


async def invite(session: Session, viewer: Viewer, keys: KeyProvider, said: Inviting, key: str, now: datetime) -> Link:
    """A new link for one of the respondents, or of the first side where nobody applied; an earlier one that nobody
    answered ends. The same for a repeat."""
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "inviteRespondent", id):
        return _link(keys, known)
    await one_at_a_time(session, f"application {said.application}")
    found = await applications.applications(session, viewer, [said.application])
    case = await reads.of_applications(session, viewer, [said.application])
    if not found:
        raise refuse(NOT_FOUND, "applicationId")
    await moving.may(session, viewer, found[0], Move.INVITE, now)
    invitee = await _invitee(session, viewer, keys, found[0], said)
    for earlier in await reads.invitations(session, viewer, [case[0].id]):
        again = earlier.side == said.side and invitee_of(keys, earlier).name == invitee.name
        if again and earlier.ended_at is None and earlier.answer is None:
            await session.rows(update(Invitation).where(V.c.id == earlier.id).values(ended_at=now))
    link = _link(keys, id)
    row: dict[str, Any] = {"id": id, "mediation": case[0].id, "side": said.side, "invited_by": viewer.id}
    row |= {"link": link_of(keys, link.token), "made_at": now, "expires_at": now + INVITED_FOR}
    row |= {"said": seal_bytes(_secret(keys), invitee.model_dump_json().encode(), _place(id))}
    await session.rows(insert(Invitation).inline().values(row))
    act = Act(move=Move.INVITE, application=said.application)
    await moving.act(session, viewer, keys, act, f"invite-{id}", now)
    return link


async def _invitee(session: Session, viewer: Viewer, keys: KeyProvider, row: Any, said: Inviting) -> Invitee:
    own = (await release(session, keys, viewer, [row.id])).get(row.id)
    if own is None:
        raise refuse(NOT_FOUND, "applicationId")
    form = loaded(MediationForm, opened(own, row))
    others = form.respondents if said.side is Side.RESPONDENT else form.first_side
    if not 0 <= said.respondent < len(others):
        raise refuse(NOT_FOUND, "respondent")
    other = others[said.respondent]
    phone = said.phone or other.phone
    if not phone:
        raise refuse(NO_RESPONDENT_PHONE, "phone")
    inviter = (form.applicant.name if form.applicant else None) or ""
    whom = {"name": other.name or "", "inviter": inviter, "matter": row.matter, "institution": row.institution}
    return Invitee(phone=telephone(phone), source=form.source or MediationSource.APPLICATION, **whom)


async def look(session: Session, keys: KeyProvider, token: str, now: datetime) -> Any:
    """What a link is good for. Refuses INVITATION_UNKNOWN and INVITATION_OVER; from here on its row is presented."""
    link = link_of(keys, token)
    await present(session, link)
    row = await reads.invited(session, link)
    if row is None:
        raise refuse(INVITATION_UNKNOWN, "token")
    refuse_if(list(against_link(row, now)))
    return row


async def open_door(session: Session, keys: KeyProvider, token: str, digits: str, now: datetime) -> str | Refused:
    """What the code is exchanged for. A refusal is to be committed: it used up a try, of the code and of the link."""
    row = await look(session, keys, token, now)
    phone = invitee_of(keys, row).phone
    refused = await spend_code(session, keys, phone, digits, now, Purpose.MEDIATION, row.id)
    await present(session, row.link)
    if refused:
        if any(reason.code in GUESSED for reason in refused.reasons):
            await session.rows(update(Invitation).where(V.c.id == row.id).values(tries=V.c.tries + 1))
        return refused
    door = secrets.token_urlsafe(32)
    change = {"door": _door(keys, door), "door_until": now + DOOR_OPEN}
    await session.rows(update(Invitation).where(V.c.id == row.id).values(change))
    return door


async def inside(session: Session, keys: KeyProvider, token: str, door: str, now: datetime) -> Any:
    """The invitation of a link whose door stands open. Refuses DOOR_SHUT besides."""
    row = await look(session, keys, token, now)
    found = _door(keys, door)
    if row.door is None or not hmac.compare_digest(row.door, found) or row.door_until <= now:
        raise refuse(DOOR_SHUT, "door")
    await present(session, row.link, found)
    return row


async def answer(session: Session, keys: KeyProvider, token: str, door: str, consents: bool, now: datetime) -> UUID:
    """The invitation's id. Of fifty at once one is first; to say the same again changes nothing."""
    row = await inside(session, keys, token, door, now)
    said = Answer.CONSENTS if consents else Answer.REFUSES
    first = update(Invitation).where(V.c.id == row.id, V.c.answer.is_(None)).values(answer=said, answered_at=now)
    if (await session.rows(first)).rowcount:
        await emit(session, InvitationAnswered(mediation=row.mediation, invitation=row.id))
        return row.id  # type: ignore[no-any-return]
    again = await reads.invited(session, row.link)
    if again is None or again.answer != said:
        raise refuse(ANSWERED_OTHERWISE, "consents")
    return row.id  # type: ignore[no-any-return]


async def join(session: Session, viewer: Viewer, keys: KeyProvider, token: str, door: str, now: datetime) -> UUID:
    """The mediation's id: who was invited follows it with an account of her own from now on."""
    row = await inside(session, keys, token, door, now)
    if row.person == viewer.id:
        return row.mediation  # type: ignore[no-any-return]
    if row.answer != Answer.CONSENTS:
        raise refuse(NOT_CONSENTED)
    if row.person is not None:
        raise refuse(ANSWERED_OTHERWISE)
    if await reads.may_not_join(session, row.id):
        raise refuse(NOT_BOTH_SIDES)
    hers = update(Invitation).where(V.c.id == row.id, V.c.person.is_(None)).values(person=viewer.id, joined_at=now)
    if not (await session.rows(hers)).rowcount:
        again = await reads.invited(session, row.link)
        if again is None or again.person != viewer.id:
            raise refuse(ANSWERED_OTHERWISE)
    return row.mediation  # type: ignore[no-any-return]


def invitee_of(keys: KeyProvider, row: Any) -> Invitee:
    return Invitee.model_validate_json(open_bytes(_secret(keys), row.said, _place(row.id)))


def link_of(keys: KeyProvider, token: str) -> bytes:
    """By what a link is found."""
    return digest(_secret(keys), f"link|{token}")


def _link(keys: KeyProvider, id: UUID) -> Link:
    """The same for a repeat, and for nobody who has not the house's secret."""
    made = base64.urlsafe_b64encode(digest(_secret(keys), f"token|{id}")).decode().rstrip("=")
    return Link(id, made)


def _door(keys: KeyProvider, door: str) -> bytes:
    return digest(_secret(keys), f"door|{door}")


def _secret(keys: KeyProvider) -> bytes:
    return keys.secret("mediation invitation")


def _place(id: UUID) -> str:
    return f"mediation_invitation|said|{id}"


async def leave(session: Session, viewer: Viewer, mediation: UUID, now: datetime) -> None:
    """Who joined by an invitation takes her consent back, as long as nothing was agreed on. Twice changes nothing."""
    found = await reads.mediations(session, viewer, [mediation])
    hers = [row for row in await reads.invitations(session, viewer, [mediation]) if row.person == viewer.id]
    if not found or not hers:
        raise refuse(NOT_FOUND, "mediationId")
    if hers[0].answer == Answer.REFUSES:
        return
    if found[0].state not in MEETING and found[0].state != "RESPONDENT_INVITED":
        raise refuse(NOT_NOW, "mediationId")
    change = {"answer": Answer.REFUSES, "answered_at": now}
    await session.rows(update(Invitation).where(V.c.id == hers[0].id).values(change))
    await emit(session, InvitationAnswered(mediation=mediation, invitation=hers[0].id))
