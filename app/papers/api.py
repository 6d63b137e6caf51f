"""Having a paper confirmed, by anybody who holds it; and a paper by its id."""

from typing import Annotated

import strawberry

from app.core.errors import BAD_VALUE, refuse
from app.graph.context import Info
from app.graph.ids import Fetch, as_uuid
from app.graph.permissions import Anyone
from app.graph.weights import Cost
from app.papers import reads
from app.papers.loaders import PaperById
from app.papers.rules.codes import code_of, digest_of
from app.papers.rules.proving import BAD_PAPER_CODE, PAPER_UNKNOWN
from app.papers.types import Paper, VerifiedDocument, VerifyDocumentResult

Code = Annotated[str | None, strawberry.argument(description="The 16 characters on the paper, dashes or not.")]
Digest = Annotated[
    str | None, strawberry.argument(description="Or the SHA-256 of the file: 64 hexadecimal digits.", name="sha256")
]


@strawberry.type
class PapersQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="Whether a paper is genuine, by the code on it or by its file's SHA-256: say one of them.",
        directives=[Cost(weight=5)],
    )
    async def verify_document(
        self, info: Info, code: Code = None, sha256: Digest = None
    ) -> VerifyDocumentResult | None:
        if (code is None) == (sha256 is None):
            raise refuse(BAD_VALUE, "code")
        said, digest = code_of(code or ""), digest_of(sha256 or "")
        if said is None and digest is None:
            raise refuse(BAD_PAPER_CODE, "sha256" if code is None else "code")
        async with info.context.read() as session:
            row = await reads.verified(session, said, digest)
        if row is None:
            raise refuse(PAPER_UNKNOWN, "sha256" if code is None else "code")
        return VerifiedDocument.of(row)


async def _papers(info: Info, keys: list[str]) -> list[Paper | None]:
    rows = await info.context.loader(PaperById).load_many([as_uuid(key) for key in keys])
    return [Paper.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Paper": _papers}
