"""Who else than the asker has opened a question."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.consultation.loaders import BriefOfQuestion
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info
from app.vault.loaders import AccessesOf, FileById
from app.vault.types import File


@strawberry.type(description="A reading of this question by somebody else than the asker.", directives=[visible.WITHIN])
class Access:
    part: strawberry.Private[UUID | None]
    at: datetime = strawberry.field(description="When the key was given; once a quarter of an hour at most.")
    basis: str = strawberry.field(
        description="On what ground: offered, seat, answered, or delegate; transcription, where a machine wrote down; "
        "moderator, of the messages that the asker disclosed in a report, and moderator_for_lawyer, of those that a "
        "lawyer did, also on an appeal; quality_check, where a lawyer checked the answers by the asker's consent "
        "(QUALITY_CHECK)."
    )
    lawyer: Lawyer | None = strawberry.field(
        description="Who read it; null for who asks on the asker's behalf, and for the asker herself."
    )

    @strawberry.field(description="The file that was opened; null for what was written.")
    async def file(self, info: Info) -> File | None:
        row = await info.context.loader(FileById).load(self.part) if self.part else None
        return File.of(row) if row else None


MODERATED = ("moderator", "moderator_for_lawyer")
"""Copies alone were read, and as what else the moderator is known here says nothing."""


async def accesses_of(info: Info, question: UUID) -> list[Access]:
    brief = await info.context.loader(BriefOfQuestion).load(question)
    subjects = [question, brief.id] if brief else [question]
    found = await info.context.loader(AccessesOf).load_many(subjects)
    rows = sorted((row for rows in found for row in rows), key=lambda row: row.at, reverse=True)
    readers = await info.context.loader(LawyerById).load_many([row.person for row in rows])
    return [
        Access(
            at=row.at,
            basis=row.basis,
            lawyer=Lawyer.of(reader) if reader and row.basis not in MODERATED else None,
            part=row.part if row.part != row.subject else None,
        )
        for row, reader in zip(rows, readers, strict=True)
    ]
