"""A thread and its messages."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from app.core.sealing import unseal
from app.directory.loaders import LawyerById
from app.directory.types import Lawyer
from app.graph import visible
from app.graph.context import Info, viewer
from app.graph.ids import Node, global_id
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.refusals import PAYLOAD, Refused
from app.threads import reads
from app.vault.loaders import DataKey
from app.vault.types import File, Voice, files_of, voice_of


@strawberry.type(
    description="Something that was said. Lawyers are named; the asker stays unnamed, as she is to them. Who speaks "
    "for an institution is named by the consultation.",
    directives=[visible.SPEAKERS],
)
class Message(Node):
    row: strawberry.Private[Any]
    kind: str = strawberry.field(
        description="What it is, in a word of the room it belongs to. About a question: FOLLOW_UP (the asker asks "
        "back), THANKS (she says something that needs no reply), REPLY (a lawyer replies to a follow-up), INQUIRY (a "
        "lawyer asks back), INFORMATION (the asker replies to an inquiry). In a consultation with an institution: "
        "CONSULTATION (its asker speaks), CONSULTATION_REPLY (the institution does)."
    )
    from_asker: bool = strawberry.field(description="Whether the asker speaks, or one who asks for her.")
    regards_id: strawberry.ID | None = strawberry.field(
        description="The message that it replies to, if to one.", directives=[visible.READERS]
    )
    sent_at: datetime = strawberry.field(description="When it was sent.")
    read_by: int = strawberry.field(
        description="How many others have marked it, or a later one, as read; as far as the viewer may know."
    )

    @classmethod
    def of(cls, row: Any) -> "Message":
        return cls(
            id=global_id("Message", row.id),
            row=row,
            kind=row.kind,
            from_asker=row.from_owner,
            regards_id=global_id("Message", row.regards) if row.regards else None,
            sent_at=row.sent_at,
            read_by=row.read_by,
        )

    @strawberry.field(description="What is written, perhaps nothing; null when it can no longer be opened.")
    async def body(self, info: Info) -> str | None:
        key = await info.context.loader(DataKey).load(self.row.subject)
        return unseal(key, self.row.body, "message", "body", self.row.id) if key else None

    @strawberry.field(description="The files that go with it, in their order.")
    async def attachments(self, info: Info) -> list[File]:
        return await files_of(info, self.row.id)

    @strawberry.field(description="What is spoken; null where it is only written.", directives=[visible.READERS])
    async def voice(self, info: Info) -> Voice | None:
        return await voice_of(info, self.row.id)

    @strawberry.field(description="The lawyer who speaks; null when the asker does.", directives=[visible.READERS])
    async def lawyer(self, info: Info) -> Lawyer | None:
        return None if self.row.from_owner else await _lawyer(info, self.row.author)

    @strawberry.field(
        description="The lawyer who is spoken to; null when all are, or the asker is.", directives=[visible.READERS]
    )
    async def addressee(self, info: Info) -> Lawyer | None:
        return await _lawyer(info, self.row.addressee) if self.row.addressee else None

    @strawberry.field(description="Whether the viewer said it herself.")
    def mine(self, info: Info) -> bool:
        return bool(self.row.author == viewer(info).id)


async def _lawyer(info: Info, id: Any) -> Lawyer | None:
    row = await info.context.loader(LawyerById).load(id)
    return Lawyer.of(row) if row else None


@strawberry.type(
    description="What was said about one thing, between those who may read it.", directives=[visible.SPEAKERS]
)
class Thread(Node):
    row: strawberry.Private[Any]
    unread: int = strawberry.field(
        description="Messages of others after the last one that the viewer marked as read, counted up to 99."
    )

    @classmethod
    def of(cls, row: Any) -> "Thread":
        return cls(id=global_id("Thread", row.subject), row=row, unread=row.unread)

    @strawberry.field(
        description="Its messages, newest first. A lawyer who has not answered yet sees what the asker said to all or "
        "to her, and her own."
    )
    async def messages(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Message]:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.message_page(session, viewer(info), self.row.subject, wanted)
        return connect(wanted, rows, lambda row: (row.sent_at, row.id), Message.of)  # type: ignore[no-any-return]


MarkThreadReadResult = Annotated[Thread | Refused, strawberry.union("MarkThreadReadResult", description=PAYLOAD)]
