"""This room's part of a copy of all that is kept about somebody."""

import json
from collections.abc import AsyncIterator
from typing import Any

from app.applications import reads
from app.applications.actions.drafts import DRAFTS
from app.applications.actions.moving import opened, reason_of
from app.applications.models import FOREVER
from app.applications.rules.exporting import (
    ApplicationDraftRecord,
    AssignmentRecord,
    ReadingRecord,
    ServiceApplicationRecord,
    StepRecord,
)
from app.core.portable import Enclosed, Page, Source
from app.vault.actions.keys import release
from app.vault.models import Basis
from app.vault.reads import accesses, bases


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("service_application"):
        async with source.reading() as session:
            grounds = await bases(session, source.viewer, ids)
            hers = [id for id in ids if grounds.get(id) == Basis.ASKER]
            rows = await reads.applications(session, source.viewer, hers)
            keys = await release(session, source.keys, source.viewer, [row.id for row in rows if row.body])
            steps = await reads.steps(session, source.viewer, hers)
            looks = await accesses(session, hers)
        if rows:
            yield Page(ServiceApplicationRecord, [_application(row, keys.get(row.id), steps, looks) for row in rows])
    for ids in source.batches("application_draft"):
        async with source.reading() as session:
            rows = await reads.drafts(session, source.viewer, ids)
            keys = await release(session, source.keys, source.viewer, [row.id for row in rows])
        if rows:
            yield Page(ApplicationDraftRecord, [_draft(row, keys.get(row.id)) for row in rows])
    for ids in source.batches("assignment"):
        async with source.reading() as session:
            rows = await reads.assignments(session, source.viewer, ids)
        if rows:
            yield Page(AssignmentRecord, [_assignment(row) for row in rows])


def _application(row: Any, key: bytes | None, steps: Any, looks: Any) -> ServiceApplicationRecord:
    return ServiceApplicationRecord(
        id=row.id,
        what=row.kind,
        receipt=row.receipt,
        institution=row.institution,
        state=row.state,
        submitted_at=row.submitted_at,
        due_at=row.due_at if row.due_at < FOREVER else None,
        said=json.loads(opened(key, row)) if key else None,
        steps=[
            StepRecord(
                id=step.id,
                move=step.move,
                after=step.after,
                at=step.at,
                reason=reason_of(key, step) if key else None,
            )
            for step in steps
            if step.application == row.id
        ],
        opened=[
            ReadingRecord(at=look.at, basis=look.basis, part=look.part if look.part != look.subject else None)
            for look in looks
            if look.subject == row.id
        ],
    )


def _draft(row: Any, key: bytes | None) -> ApplicationDraftRecord:
    said = json.loads(DRAFTS.opened(key, row)) if key else None
    return ApplicationDraftRecord(id=row.id, what=row.kind, saved_at=row.saved_at, said=said)


def _assignment(row: Any) -> AssignmentRecord:
    return AssignmentRecord(
        id=row.id,
        what=row.kind,
        state=row.state,
        offered_at=row.offered_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
    )
