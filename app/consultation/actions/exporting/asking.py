"""What a resident asked, with all that came of it."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.consultation import reads
from app.consultation.actions.drafts import opened
from app.consultation.models import PetitionKind
from app.consultation.reads import erasing, life, petitions, rating, record
from app.consultation.reads import exporting as more
from app.consultation.reads import follow_through as through
from app.consultation.reads.record import Log
from app.consultation.rules import erasure, receipt
from app.consultation.rules.exporting.asking import (
    AnswerRecord,
    DraftRecord,
    ErasureRecord,
    EventRecord,
    FollowThroughRecord,
    FollowUpRecord,
    InquiryRecord,
    LookRecord,
    PetitionRecord,
    QuestionRecord,
    ReceiptRecord,
    place,
)
from app.consultation.rules.exporting.parts import (
    RatingRecord,
    category,
    version,
)
from app.consultation.rules.petitions import Appeal, Callback
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import begun
from app.consultation.rules.rating import rating_id
from app.consultation.rules.versions import sealed_versions
from app.core.db import Session, now
from app.core.portable import Enclosed, Page, Source
from app.core.sealing import unseal
from app.directory.reads import lawyers
from app.vault.actions.keys import release
from app.vault.reads import accesses

AT_ONCE = 10
"""Questions with all that belongs to them."""


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("draft", AT_ONCE):
        async with source.reading() as session:
            drafts = await _drafts(session, source, ids)
        if drafts:
            yield Page(DraftRecord, drafts)
    for ids in source.batches("question", AT_ONCE):
        async with source.reading() as session:
            around = await _around(session, source, ids)
        if around.questions:
            yield Page(QuestionRecord, [_question(source, around, row) for row in around.questions])
    for ids in source.batches("petition", AT_ONCE):
        async with source.reading() as session:
            asked = await petitions.petitions(session, source.viewer, ids)
            keys = await release(session, source.keys, source.viewer, [row.id for row in asked])
            looks = await accesses(session, [row.id for row in asked])
        if made := [_petition(row, keys[row.id], looks) for row in asked if row.id in keys]:
            yield Page(PetitionRecord, made)
    for ids in source.batches("erasure"):
        async with source.reading() as session:
            erased = await erasing.erasures(session, source.viewer, ids)
        if erased:
            yield Page(ErasureRecord, [_erasure(source, row) for row in erased])


async def _drafts(session: Session, source: Source, ids: Sequence[UUID]) -> list[DraftRecord]:
    rows = await life.drafts(session, source.viewer, ids)
    keys = await release(session, source.keys, source.viewer, [row.id for row in rows])
    written = [(row, opened(keys[row.id], row)) for row in rows]
    chosen = {id for _, said in written for id in said.lawyers}
    names = {lawyer.id: lawyer.name for lawyer in await lawyers(session, chosen)}
    return [
        DraftRecord(
            **said.model_dump(exclude={"lawyers"}),
            id=row.id,
            saved_at=row.saved_at,
            lawyers=[names[id] for id in said.lawyers if id in names],
        )
        for row, said in written
    ]


@dataclass(frozen=True)
class _Around:
    """Some questions, and what was read of them in one go."""

    questions: Sequence[Any]
    keys: Mapping[UUID, bytes]
    briefs: Mapping[UUID, Any]
    choices: Mapping[UUID, Any]
    answers: Sequence[Any]
    ratings: Sequence[Any]
    best: Mapping[UUID, UUID]
    helpful: Sequence[Any]
    follow_ups: Sequence[Any]
    inquiries: Sequence[Any]
    logs: Mapping[UUID, Log]
    policies: Mapping[int, Policy]
    looks: Sequence[Any]
    declined: set[UUID]
    askings: Sequence[Any]
    names: Mapping[UUID, str]
    at: datetime


async def _around(session: Session, source: Source, ids: Sequence[UUID]) -> _Around:
    viewer = source.viewer
    questions = await more.own_questions(session, viewer, ids)
    briefs = {row.question: row for row in await reads.briefs(session, viewer, ids)}
    subjects = [*(row.id for row in questions), *(row.id for row in briefs.values())]
    answers = await reads.answers_of(session, viewer, ids)
    choices = {row.question: row for row in await life.choices(session, viewer, ids)}
    follow_ups = await more.follow_ups(session, viewer, ids)
    inquiries = await more.inquiries(session, viewer, ids)
    looks = await accesses(session, subjects)
    people = {row.lawyer for rows in (answers, follow_ups, inquiries) for row in rows if row.lawyer}
    people |= {row.person for row in looks} | {id for row in choices.values() for id in row.named}
    return _Around(
        questions=questions,
        keys=await release(session, source.keys, viewer, subjects),
        briefs=briefs,
        choices=choices,
        answers=answers,
        ratings=await rating.ratings(session, viewer, [row.id for row in answers]),
        best=await rating.best(session, viewer, ids),
        helpful=await more.helpful(session, viewer, ids),
        follow_ups=follow_ups,
        inquiries=inquiries,
        logs=await record.own_logs(session, viewer, ids),
        policies=await reads.policies(session, {row.policy for row in questions}),
        looks=looks,
        declined=await through.declined(session, viewer, ids),
        askings=await through.askings(session, viewer, ids),
        names={lawyer.id: lawyer.name for lawyer in await lawyers(session, people)},
        at=now(session),
    )


def _question(source: Source, around: _Around, row: Any) -> QuestionRecord:
    key, brief, chosen = around.keys.get(row.id), around.briefs.get(row.id), around.choices.get(row.id)
    brief_key = around.keys.get(brief.id) if brief else None
    log = around.logs.get(row.id)
    subjects = {row.id, brief.id} if brief else {row.id}
    return QuestionRecord(
        id=row.id,
        status=row.status,
        asked_at=row.asked_at,
        category=category(row.category),
        category_code=row.category,
        division=place(row.division),
        division_code=row.division,
        round=row.round,
        delegation=row.delegation,
        crisis=list(row.crisis),
        body=unseal(key, row.body, "question", "body", row.id) if key else None,
        brief=unseal(brief_key, brief.body, "brief", "body", brief.id) if brief and brief_key else None,
        named_lawyers=[around.names[id] for id in chosen.named if id in around.names] if chosen else [],
        opposing_party_known=bool(chosen and chosen.party_known),
        answers=[_answer(around, key, answer) for answer in around.answers if answer.question == row.id and key],
        helpful=[one.answer for one in around.helpful if one.question == row.id],
        follow_ups=[
            FollowUpRecord(
                id=one.id,
                lawyer=around.names.get(one.lawyer),
                asked_at=one.asked_at,
                due_at=one.due_at,
                state=one.state,
                ended_at=one.ended_at,
            )
            for one in around.follow_ups
            if one.question == row.id
        ],
        inquiries=[
            InquiryRecord(
                id=one.id, lawyer=around.names.get(one.lawyer), asked_at=one.asked_at, replied_at=one.replied_at
            )
            for one in around.inquiries
            if one.question == row.id
        ],
        events=[EventRecord(what=entry.kind, at=entry.at) for entry in log.rows] if log else [],
        receipt=_receipt(source, around, row, log) if log and begun(entry.kind for entry in log.rows) else None,
        looks=looks_of(around.looks, subjects, around.names),
        no_follow_through=row.id in around.declined,
        follow_through=[
            FollowThroughRecord(
                asked_at=one.asked_at,
                way=one.way,
                outcome=one.outcome,
                hindrance=one.hindrance,
                answered_at=one.answered_at,
            )
            for one in around.askings
            if one.question == row.id
        ],
    )


def _answer(around: _Around, key: bytes, row: Any) -> AnswerRecord:
    return AnswerRecord(
        id=row.id,
        lawyer=around.names.get(row.lawyer),
        delivered_at=row.delivered_at,
        counts=row.counts,
        best=around.best.get(row.question) == row.id,
        versions=[version(one.at, one.opened(key)) for one in sealed_versions(row)],
        ratings=ratings_of(around.ratings, row.id, key),
    )


def ratings_of(rows: Iterable[Any], answer: UUID, key: bytes | None) -> list[RatingRecord]:
    """`key`: the question's, under which the words are sealed; without it there are none."""
    return [
        RatingRecord(
            round=row.round,
            stars=row.stars,
            understood=row.understood,
            next_step=row.next_step,
            solved=row.solved,
            comment=_comment(row, key),
            rated_at=row.rated_at,
            changed_at=row.changed_at,
        )
        for row in rows
        if row.answer == answer
    ]


def _comment(row: Any, key: bytes | None) -> str | None:
    if row.comment is None or key is None:
        return None
    return unseal(key, row.comment, "rating", "comment", rating_id(row.answer, row.round))


def _receipt(source: Source, around: _Around, row: Any, log: Log) -> ReceiptRecord:
    issued_at = max([around.at, *(entry.at for entry in log.rows)])
    secret = source.keys.secret(receipt.RECEIPT)
    _, signed = receipt.issue(secret, row.id, row.policy, around.policies[row.policy], log.rows, issued_at)
    return ReceiptRecord(**signed._asdict())


def looks_of(rows: Iterable[Any], subjects: set[UUID], names: Mapping[UUID, str]) -> list[LookRecord]:
    return [
        LookRecord(
            at=row.at,
            ground=row.basis,
            lawyer=names.get(row.person),
            part=row.part if row.part != row.subject else None,
        )
        for row in rows
        if row.subject in subjects
    ]


def _petition(row: Any, key: bytes, looks: Sequence[Any]) -> PetitionRecord:
    said = unseal(key, row.body, "petition", "body", row.id)
    details: dict[str, Any] = dict.fromkeys(("phone", "window_from", "window_to", "note", "text", "disclosed"))
    if row.kind == PetitionKind.CALLBACK:
        details |= Callback.model_validate_json(said).model_dump()
    else:
        appeal = Appeal.model_validate_json(said)
        details |= {"text": appeal.text, "disclosed": appeal.question}
    return PetitionRecord(
        **details,
        id=row.id,
        question=row.question,
        what=row.kind,
        made_at=row.made_at,
        due_at=row.due_at,
        state=row.state,
        outcome=row.outcome,
        looks=looks_of(looks, {row.id}, {}),
    )


def _erasure(source: Source, row: Any) -> ErasureRecord:
    secret = source.keys.secret(receipt.RECEIPT)
    signed = erasure.issue(secret, row.question, row.why, row.at, row.backups_until, row.destroyed)
    return ErasureRecord(
        id=row.id,
        question=row.question,
        why=row.why,
        asked_at=row.asked_at,
        at=row.at,
        backups_until=row.backups_until,
        receipt=ReceiptRecord(**signed._asdict()),
    )
