"""Leave to send a file, and files by their ids."""

from typing import Annotated

import strawberry

from app.core.db import now
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.core.links import Link, Way
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import SignedIn
from app.outside.inspecting.kinds import Kind, known_as
from app.vault.actions import files as actions
from app.vault.loaders import FileById
from app.vault.rules.files import TICKET, Claim
from app.vault.types import CreateUploadResult, File, UploadTicket, address

LARGEST_NUMBER = 2**53
"""Beyond it JSON's numbers skip."""


@strawberry.input(description="What you are about to send.")
class CreateUploadInput:
    kind: Kind = strawberry.field(description="What it is.")
    bytes: float = strawberry.field(description="How many bytes exactly, a whole number.")
    content_type: str = strawberry.field(description="Its media type, e.g. image/jpeg; the bytes must agree.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")

    def plain(self) -> Claim:
        if not (self.bytes.is_integer() and abs(self.bytes) < LARGEST_NUMBER):
            raise refuse(BAD_VALUE, "bytes")
        return Claim(kind=self.kind, bytes=int(self.bytes), content_type=known_as(self.content_type))


@strawberry.type
class VaultQuery:
    @strawberry.field(permission_classes=[SignedIn], description="A file by its id; null when it is not yours to see.")
    async def file(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="A file you sent, or may read.")],
    ) -> File | None:
        row = await info.context.loader(FileById).load(uuid_of(id, "File"))
        return File.of(row) if row else None


@strawberry.type
class VaultMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Leave to send a file. Its bytes go to the ticket's address; what is attached to nothing is "
        "removed after 24 hours.",
    )
    async def create_upload(
        self,
        info: Info,
        input: Annotated[CreateUploadInput, strawberry.argument(description="What you are about to send.")],
    ) -> CreateUploadResult | None:
        said, who = input.plain(), viewer(info)
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            id = await actions.claim(session, who, keys, said, input.idempotency_key, now(session))
            until = now(session) + TICKET
        row = await info.context.loader(FileById).load(id)
        if row is None:
            raise refuse(NOT_FOUND)
        url = address(info, Link(Way.SEND, id, who.id, who.sign_in, until))
        return UploadTicket(file=File.of(row), url=url, expires_at=until, received=row.received)


async def _files(info: Info, keys: list[str]) -> list[File | None]:
    rows = await info.context.loader(FileById).load_many([as_uuid(key) for key in keys])
    return [File.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"File": _files}
