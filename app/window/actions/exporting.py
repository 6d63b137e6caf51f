"""This room's part of a copy of all that is kept about somebody."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from app.core.portable import Enclosed, Page, Source
from app.vault.models import Basis
from app.vault.reads import accesses, bases
from app.window import reads
from app.window.rules.exporting import ActRecord, PaperRecord, ServiceRatingRecord, WindowVisitRecord


async def contents(source: Source) -> AsyncIterator[Page | Enclosed]:
    for ids in source.batches("window_visit"):
        async with source.reading() as session:
            grounds = await bases(session, source.viewer, ids)
            hers = [id for id in ids if grounds.get(id) == Basis.ASKER]
            rows = await reads.visits(session, source.viewer, hers)
            acts = await reads.acts(session, source.viewer, hers)
            looks = await accesses(session, hers)
        if rows:
            yield Page(WindowVisitRecord, [_visit(row, acts, looks) for row in rows])

    for ids in source.batches("service_rating"):
        async with source.reading() as session:
            rows = await reads.ratings(session, source.viewer, ids)
        if rows:
            yield Page(ServiceRatingRecord, [_rating(row) for row in rows])


def _rating(row: Any) -> ServiceRatingRecord:
    names = ("application", "stars", "solved", "rated_at", "changed_at")
    return ServiceRatingRecord(**{name: getattr(row, name) for name in names})


def _visit(row: Any, acts: Sequence[Any], looks: Sequence[Any]) -> WindowVisitRecord:
    names = ("id", "about", "subject", "made_at", "opened_at", "institution")
    return WindowVisitRecord(
        **{name: getattr(row, name) for name in names},
        opened=[look.at for look in looks if look.subject == row.id],
        acts=[
            ActRecord(what=act.kind, receipt=act.receipt, at=act.at, papers=_papers(act))
            for act in acts
            if act.visit == row.id
        ],
    )


def _papers(act: Any) -> list[PaperRecord]:
    return [PaperRecord(what=kind, original=original, copies=copies) for kind, original, copies in act.papers]
