"""What is said after the first answer: the asker asks back and lawyers reply, lawyers ask back and the asker replies.

An owner's acts lock the question's row, so that none of them meets its resolution or withdrawal half-way. The words are
messages of the question's thread; what waits for whom stands beside them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts.reads import readiness
from app.accounts.rules.consenting import against_asking
from app.consultation import reads
from app.consultation.actions import life, seats
from app.consultation.events import (
    FollowUpAsked,
    FollowUpEnded,
    FollowUpRanOut,
    InformationGiven,
    InformationWanted,
    LeaseRanOut,
)
from app.consultation.models import (
    FollowUp,
    FollowUpState,
    Inquiry,
    MessageKind,
    OfferEventKind,
    QuestionStatus,
    Seat,
)
from app.consultation.reads import following
from app.consultation.rules import following as rules
from app.consultation.rules.answering import LEASE_ENDED
from app.consultation.rules.asking import said_in_all
from app.consultation.rules.dispatch import QUESTION_CLOSED
from app.consultation.rules.following import InquiryKind, Stage
from app.consultation.rules.promise import QuestionEventKind
from app.consultation.rules.screened import against_follow_up, crises
from app.core import feed
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import BAD_VALUE, NOT_FOUND, Reason, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit, emit_each
from app.core.sealing import KeyProvider
from app.core.texts import against_text
from app.directory.reads import practises
from app.screening.rules.closing import closes
from app.screening.rules.contacts import against_solicitation
from app.threads.actions import say
from app.vault.actions.files import attach
from app.vault.actions.keys import release
from app.vault.actions.voices import speak
from app.vault.models import OWNERS, Basis
from app.vault.reads import basis
from app.vault.rules.voices import Spoken, against_spoken

FU, INQ, S = following.FU, following.INQ, reads.S
HEARD = "transcript.text"
ON_ITS_WAY = frozenset({QuestionStatus.OPEN, QuestionStatus.RESOLVED})


class AskedBack(BaseModel):
    question: UUID
    body: str
    to: UUID | None
    """A lawyer who answered; None for all of them."""
    no_reply_needed: bool
    attachments: list[UUID] = []
    spoken: Spoken = Spoken()


class Replied(BaseModel):
    regards: UUID
    body: str
    attachments: list[UUID] = []
    spoken: Spoken = Spoken()


class Wanted(BaseModel):
    question: UUID
    text: str
    kinds: list[InquiryKind]
    attachments: list[UUID] = []


def _against(body: str, spoken: Spoken, bounds: tuple[int, int]) -> list[Reason]:
    """Who speaks need not write as well."""
    shortest, longest = bounds
    written = against_text(body, "body", 0 if spoken.voice else shortest, longest)
    return [*written, *against_spoken(spoken)]


def _against_passing_on(body: str, spoken: Spoken) -> list[Reason]:
    return [*against_follow_up(body), *against_follow_up(spoken.transcript or "", HEARD)]


async def ask_back(
    session: Session, viewer: Viewer, keys: KeyProvider, said: AskedBack, key: str, now: datetime
) -> UUID:
    """The follow-up's id; what needs no reply is kept as one that never waited. A resolved question is opened again."""
    refuse_if(_against(said.body, said.spoken, rules.FOLLOW_UP) or _against_passing_on(said.body, said.spoken))
    words = said_in_all(said.body, said.spoken.transcript)
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "askFollowUp", id):
        return known
    question = said.question
    row = await life.held(session, viewer, question)
    danger = crises(words, "")
    ready = await readiness(session, viewer.id)
    refuse_if(list(against_asking(ready, row.category, bool(danger or row.crisis))))
    policy = (await reads.policies(session, [row.policy]))[row.policy]
    answered = await following.answered_by(session, question)
    refuse_if(rules.against_asking_back(row.status, row.status_at, answered, said.to, policy, now))
    await life.note_danger(session, row, danger)
    thanks, to = said.no_reply_needed or closes(words), said.to
    if to and not thanks and not await practises(session, to):
        to = None  # who cannot come any more keeps nobody waiting
    data_key = (await release(session, keys, viewer, [question]))[question]
    kind = MessageKind.THANKS if thanks else MessageKind.FOLLOW_UP
    await say(session, viewer, question, data_key, True, said.body, kind, to, None, now, id=id)
    hung: dict[str, Any] = {"subject": question, "key": data_key, "part": id, "from_owner": True, "addressee": to}
    await attach(session, viewer, keys, said.attachments, **hung, now=now)
    await speak(session, viewer, keys, said.spoken, **hung, now=now)
    asked = {"id": id, "question": question, "lawyer": to, "asked_at": now}
    if thanks:
        nothing_owed = {"round": row.round, "due_at": now, "stage": Stage.ALL, "state": FollowUpState.STOPPED}
        await session.rows(insert(FollowUp).inline(), asked | nothing_owed | {"ended_at": now})
        await _thanked(session, question, id, to, now)
        return id
    round = await life.reopen(session, viewer, question, now)
    stood = rules.pauses_of(await reads.log_of(session, [question]))
    due = rules.look_again(now, stood, policy, now)
    stage = Stage.ALL if to is None else Stage.ADDRESSEE
    waits = {"round": round, "due_at": due, "stage": stage, "state": FollowUpState.WAITING}
    await session.rows(insert(FollowUp).inline(), asked | waits)
    await feed.show(session, QuestionEventKind.FOLLOW_UP_ASKED, subject=question, follow_up=id, stage=stage)
    told = FollowUpAsked(question=question, follow_up=id)
    await emit_each(session, [(now, told), (due, FollowUpRanOut(question=question, follow_up=id, stage=stage))])
    return id


async def _thanked(session: Session, question: UUID, id: UUID, to: UUID | None, now: datetime) -> None:
    """The asker's closing word: it is heard, and ends what it thanks for."""
    await feed.show(session, QuestionEventKind.FOLLOW_UP_STOPPED, subject=question, follow_up=id)
    await emit(session, FollowUpEnded(question=question, follow_up=id, answered=False))
    if waiting := await following.waiting(session, question):
        spoken = await following.spoken(session, question, min(follow_up.asked_at for follow_up in waiting))
        await _stop(session, question, rules.thanked_for(waiting, spoken, to), now)


async def stop(session: Session, viewer: Viewer, follow_up: UUID, now: datetime) -> None:
    """No reply is needed any more. One that has ended stays as it ended."""
    found = await following.follow_ups(session, viewer, [follow_up])
    if not found or await basis(session, viewer, found[0].question) not in OWNERS:
        raise refuse(NOT_FOUND, "followUpId")
    await _stop(session, found[0].question, [follow_up], now)


async def _stop(session: Session, question: UUID, follow_ups: Sequence[UUID], now: datetime) -> None:
    for id in follow_ups:
        if await _ended(session, id, FollowUpState.STOPPED, now):
            await feed.show(session, QuestionEventKind.FOLLOW_UP_STOPPED, subject=question, follow_up=id)
            await emit(session, FollowUpEnded(question=question, follow_up=id, answered=False))


async def _ended(session: Session, follow_up: UUID, how: FollowUpState, now: datetime) -> bool:
    """Whether this ended it; of a reply, a stop and the worker the first decides, the others wait for it."""
    over = update(FollowUp).where(FU.c.id == follow_up, FU.c.state == FollowUpState.WAITING)
    return bool((await session.rows(over.values(state=how, ended_at=now))).rowcount)


async def reply(session: Session, viewer: Viewer, keys: KeyProvider, said: Replied, key: str, now: datetime) -> UUID:
    """The message's id. The first reply ends the follow-up, whoever gives it; later ones are said beside it."""
    refuse_if(_against(said.body, said.spoken, rules.REPLY))
    id = new_id()
    if known := await once(session, keys.secret("idempotency"), key, said, "answerFollowUp", id):
        return known
    found = await following.follow_ups(session, viewer, [said.regards])
    if not found:
        raise refuse(NOT_FOUND, "followUpId")
    question: UUID = found[0].question
    if await basis(session, viewer, question) != Basis.ANSWERED:
        raise refuse(rules.ANSWER_FIRST, "followUpId")
    if found[0].question_status not in ON_ITS_WAY:
        raise refuse(QUESTION_CLOSED, "followUpId")
    refuse_if([*against_solicitation(said.body, "body"), *against_solicitation(said.spoken.transcript or "", HEARD)])
    data_key = (await release(session, keys, viewer, [question]))[question]
    await say(session, viewer, question, data_key, False, said.body, MessageKind.REPLY, None, said.regards, now, id=id)
    hung: dict[str, Any] = {"subject": question, "key": data_key, "part": id, "from_owner": False}
    await attach(session, viewer, keys, said.attachments, **hung, now=now)
    await speak(session, viewer, keys, said.spoken, **hung, now=now)
    first = await _ended(session, said.regards, FollowUpState.ANSWERED, now)
    again: dict[str, Any] = {} if first else {"again": 1}
    ids = {"follow_up": said.regards, "message": id} | again
    await feed.show(session, QuestionEventKind.FOLLOW_UP_ANSWERED, subject=question, **ids)
    if first:
        await emit(session, FollowUpEnded(question=question, follow_up=said.regards, answered=True))
    return id


async def inquire(session: Session, viewer: Viewer, keys: KeyProvider, said: Wanted, key: str, now: datetime) -> UUID:
    """The inquiry's id. The question's clocks stand still and her seat is kept until the asker replies."""
    refuse_if(list(against_text(said.text, "text", *rules.INQUIRY)))
    if len(set(said.kinds)) != len(said.kinds):
        raise refuse(BAD_VALUE, "kinds")
    id, question = new_id(), said.question
    if known := await once(session, keys.secret("idempotency"), key, said, "requestInformation", id):
        return known
    ground = await basis(session, viewer, question)
    if ground not in (Basis.SEAT, Basis.ANSWERED):
        raise refuse(NOT_FOUND, "questionId")
    (row,) = await reads.questions(session, viewer, [question])
    if row.status != QuestionStatus.OPEN:
        raise refuse(QUESTION_CLOSED, "questionId")
    refuse_if(against_solicitation(said.text, "text"))
    left = await _hold_seat(session, viewer, question, now) if ground == Basis.SEAT else {}
    data_key = (await release(session, keys, viewer, [question]))[question]
    await say(session, viewer, question, data_key, False, said.text, MessageKind.INQUIRY, None, None, now, id=id)
    hung: dict[str, Any] = {"subject": question, "key": data_key, "part": id, "from_owner": False}
    await attach(session, viewer, keys, said.attachments, **hung, now=now)
    wanted = {"id": id, "question": question, "lawyer": viewer.id, "asked_at": now, "kinds": said.kinds}
    one = await session.rows(upsert(Inquiry).inline().values(wanted).on_conflict_do_nothing())
    if not one.rowcount:
        raise refuse(rules.INQUIRY_OPEN, "questionId")
    await feed.show(session, QuestionEventKind.INFORMATION_WANTED, subject=question, inquiry=id, **left)
    await emit(session, InformationWanted(question=question, inquiry=id, lawyer=viewer.id))
    return id


async def _hold_seat(session: Session, viewer: Viewer, question: UUID, now: datetime) -> dict[str, Any]:
    """Keeps her seat while she waits; what was `left` of her lease, in seconds, is for the log to remember."""
    id = await following.held_seat(session, viewer, question)
    if id is None:
        raise refuse(LEASE_ENDED, "questionId")
    seat = await seats.held(session, viewer, id, now)
    policy = (await reads.policy_of(session, [question]))[question]
    until = rules.held_until(seat.lease_until, seat.claimed_at, policy)
    await session.rows(update(Seat).where(S.c.id == id).values(lease_until=until))
    await feed.show(session, OfferEventKind.SEAT_CHANGED, people=[viewer.id], question=question, seat=id)
    await emit(session, LeaseRanOut(question=question, seat=id), at=until)
    return {"left": int((seat.lease_until - now).total_seconds())}


async def inform(session: Session, viewer: Viewer, keys: KeyProvider, said: Replied, key: str, now: datetime) -> UUID:
    """The inquiry's id. All lawyers on the question learn what the asker tells one of them: they are facts.

    Facts ask nothing, and may be the name and the address of those who cheated her: they are not taken for an offer.
    """
    refuse_if(_against(said.body, said.spoken, rules.INFORMATION))
    if known := await once(session, keys.secret("idempotency"), key, said, "giveInformation", said.regards):
        return known
    found = await following.inquiries(session, viewer, [said.regards])
    if not found or await basis(session, viewer, found[0].question) not in OWNERS:
        raise refuse(NOT_FOUND, "inquiryId")
    question: UUID = found[0].question
    row = await life.held(session, viewer, question)
    if row.status not in ON_ITS_WAY:
        raise refuse(QUESTION_CLOSED, "inquiryId")
    first = update(Inquiry).where(INQ.c.id == said.regards, INQ.c.replied_at.is_(None)).values(replied_at=now)
    if not (await session.rows(first)).rowcount:
        raise refuse(rules.INQUIRY_REPLIED, "inquiryId")
    await life.note_danger(session, row, crises(said_in_all(said.body, said.spoken.transcript), ""))
    data_key = (await release(session, keys, viewer, [question]))[question]
    id = await say(
        session, viewer, question, data_key, True, said.body, MessageKind.INFORMATION, None, said.regards, now
    )
    hung: dict[str, Any] = {"subject": question, "key": data_key, "part": id, "from_owner": True}
    await attach(session, viewer, keys, said.attachments, **hung, now=now)
    await speak(session, viewer, keys, said.spoken, **hung, now=now)
    kind = QuestionEventKind.INFORMATION_GIVEN
    await feed.show(session, kind, subject=question, inquiry=said.regards, message=id)
    await emit(session, InformationGiven(question=question, inquiry=said.regards, lawyer=found[0].lawyer))
    return said.regards
