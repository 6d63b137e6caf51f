"""What is said in a recording, in words."""

from typing import Annotated
from uuid import UUID

import strawberry

from app.consultation.actions import voices as actions
from app.consultation.api.scribe import Scribe
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import uuid_of
from app.graph.permissions import SignedIn
from app.vault.actions.voices import writable
from app.vault.loaders import FileById
from app.vault.rules.voices import NO_RECOGNISER
from app.vault.types import CorrectTranscriptResult, RequestTranscriptResult, SetTranscriptResult, Voice

FILE = "The recording in which you speak, or in which is spoken for whom you ask."


@strawberry.input(description="Words for a recording that has none yet.")
class SetTranscriptInput:
    file_id: strawberry.ID = strawberry.field(description=FILE)
    text: str = strawberry.field(description="The words, 1 to 5,000 characters.")
    engine: str | None = strawberry.field(
        default=None, description="The program that wrote them down, e.g. WechatSI, at most 100 characters."
    )


@strawberry.input(description="The right words, in place of those that were written down.")
class CorrectTranscriptInput:
    file_id: strawberry.ID = strawberry.field(description=FILE)
    text: str = strawberry.field(description="All the words, 1 to 5,000 characters.")


@strawberry.input(description="The recording whose words are wanted.")
class RequestTranscriptInput:
    file_id: strawberry.ID = strawberry.field(description=FILE)


@strawberry.type
class VoicesMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Give the words of a recording that was sent without. They are screened as what is written is; the "
        "same again is the same.",
    )
    async def set_transcript(
        self,
        info: Info,
        input: Annotated[SetTranscriptInput, strawberry.argument(description="Whose words, and which.")],
    ) -> SetTranscriptResult | None:
        file = uuid_of(input.file_id, "File", "fileId")
        async with info.context.write() as session:
            keys, who = info.context.door(KeyProvider), viewer(info)
            await actions.write_down(session, who, keys, file, input.text, input.engine, now(session))
        return await _found(info, file)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Put the words of a recording right. The ones before are not kept; the recording is, as it is.",
    )
    async def correct_transcript(
        self, info: Info, input: Annotated[CorrectTranscriptInput, strawberry.argument(description="What was said.")]
    ) -> CorrectTranscriptResult | None:
        file = uuid_of(input.file_id, "File", "fileId")
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            await actions.correct(session, viewer(info), keys, file, input.text, now(session))
        return await _found(info, file)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Have the platform's own recogniser write down a recording. Returns at once: the words come later, "
        "with the news of the question. What has words already keeps them; as often as needed is the same as once.",
    )
    async def request_transcript(
        self, info: Info, input: Annotated[RequestTranscriptInput, strawberry.argument(description="Which recording.")]
    ) -> RequestTranscriptResult | None:
        file = uuid_of(input.file_id, "File", "fileId")
        async with info.context.read() as session:
            row = await writable(session, viewer(info), file)
        scribe: Scribe | None = info.context.doors.get(Scribe)
        if scribe is None:
            raise refuse(NO_RECOGNISER)
        if not row.words:
            scribe.take_up(viewer(info), file)
        return Voice.of(row)


async def _found(info: Info, file: UUID) -> Voice:
    row = await info.context.loader(FileById).load(file)
    if row is None:
        raise refuse(NOT_FOUND)
    return Voice.of(row)
