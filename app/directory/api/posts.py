"""Who works for which institution: one's own post, one's colleagues', and saying so."""

from typing import Annotated

import strawberry

from app.accounts import reads
from app.accounts.actions import offices
from app.accounts.actions.offices import Place
from app.accounts.api.offices import person_of
from app.accounts.models import Duty
from app.accounts.rules.offices import against_called, against_reason
from app.accounts.types.offices import PersonFile, PersonFileResult
from app.core.db import now
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.directory.loaders import PostOf
from app.directory.reads.register import institution_name
from app.directory.types.posts import Post
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import IsAdmin, SeesFiles, SignedIn, WorksSomewhere


@strawberry.input(description="For whom somebody of the staff works from now on.")
class SetPostInput:
    person_id: strawberry.ID = strawberry.field(description="A file's id.")
    institution_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where; left out, her post ends. It takes the place of the one she had."
    )
    duty: Duty | None = strawberry.field(default=None, description="As what; said whenever an institution is.")
    called: str = strawberry.field(
        default="", description="How colleagues and applicants know her, 1 to 40 characters; said likewise."
    )
    reason: str = strawberry.field(description="Why, 4 to 300 characters: it stays in the record.")


@strawberry.type
class PostsQuery:
    @strawberry.field(permission_classes=[SignedIn], description="The viewer's own post; null where she has none.")
    async def viewer_post(self, info: Info) -> Post | None:
        async with info.context.read() as session:
            row = await reads.post(session, viewer(info))
        return Post.of(row) if row else None

    @strawberry.field(
        permission_classes=[WorksSomewhere],
        description="The posts of the viewer's institution, hers included; empty where she has none.",
    )
    async def colleagues(self, info: Info) -> list[Post]:
        async with info.context.read() as session:
            rows = await reads.posts(session, viewer(info), None)
        return [Post.of(row) for row in sorted(rows, key=lambda row: (row.duty, row.called, row.person))]

    @strawberry.field(permission_classes=[SeesFiles], description="Somebody's post; null where she has none.")
    async def post_of(
        self,
        info: Info,
        person_id: Annotated[strawberry.ID, strawberry.argument(description="A file's id.")],
    ) -> Post | None:
        row = await info.context.loader(PostOf).load(person_of(person_id))
        return Post.of(row) if row else None


@strawberry.type
class PostsMutation:
    @strawberry.mutation(
        permission_classes=[IsAdmin],
        description="Say for which institution somebody works, and as what. She must hold the office that it needs, "
        "and the post ends with that; of an institution's applications she sees nothing more from then on.",
    )
    async def set_post(
        self, info: Info, input: Annotated[SetPostInput, strawberry.argument(description="Who, where and why.")]
    ) -> PersonFileResult | None:
        person = person_of(input.person_id)
        refuse_if([*against_reason(input.reason), *(against_called(input.called) if input.called else ())])
        place = _place(input)
        async with info.context.write() as session:
            if place and await institution_name(session, viewer(info), place.institution) is None:
                raise refuse(NOT_FOUND, "institutionId")
            keys, moment = info.context.door(KeyProvider), now(session)
            row = await offices.set_post(session, keys, viewer(info), person, place, input.reason, moment)
        return PersonFile.of(row)


def _place(input: SetPostInput) -> Place | None:
    if input.institution_id is None:
        return None
    where = uuid_of(input.institution_id, "Institution", "institutionId")
    if input.duty is None:
        raise refuse(BAD_VALUE, "duty")
    refuse_if(list(against_called(input.called)))
    return Place(where, input.duty, input.called.strip())


async def _posts(info: Info, keys: list[str]) -> list[Post | None]:
    rows = await info.context.loader(PostOf).load_many([as_uuid(key) for key in keys])
    return [Post.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Post": _posts}
