"""A file, and the ticket to send one."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.core.links import LINK, SECRET, Link, Way
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info, viewer
from app.graph.enums import explain
from app.graph.ids import Node, global_id, uuid_of
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.outside.inspecting.kinds import Kind
from app.outside.storage import Address
from app.vault.actions.voices import read
from app.vault.loaders import DataKey, FileById, FilesOf, PictureById, StaffReadings
from app.vault.models import FileState, TranscriptSource
from app.vault.rules.files import FAULTS
from app.vault.rules.voices import Spoken

explain(
    Kind,
    "What a file is.",
    VOICE="A recording: MP3, AAC, M4A, WAV or AMR, at most 10 minutes and 5 MB.",
    PICTURE="JPEG, PNG, WebP or HEIC, at most 10 MB; painted anew, without what the camera wrote about it.",
    DOCUMENT="A PDF, at most 20 MB.",
)
explain(
    FileState,
    "How far a file has come.",
    WAITING="Its bytes have not all come.",
    READY="It came whole and is what it was said to be.",
    REFUSED="It was not taken; `refusal` says why.",
    GONE="Nobody used it, or it was erased.",
)
explain(
    TranscriptSource,
    "Who or what wrote down the words of a recording.",
    CLIENT="The sender's client, such as WeChat's plug-in.",
    RECOGNISER="The platform's own recogniser; nobody has read them over.",
    CORRECTED="Who said them, or asks for her, after listening.",
)


@strawberry.type(
    description="A picture, a recording or a document. Until it is attached it is its sender's alone; then its readers "
    "are those of what it is attached to.",
    directives=[
        visible.to(
            Audience.SELF,
            Audience.ASKER,
            Audience.DELEGATE,
            Audience.SEATED,
            Audience.ANSWERED,
            Audience.TAKER,
            Audience.CHECKER,
            Audience.HANDLER,
            Audience.ASSIGNED,
            Audience.PARTY,
        )
    ],
)
class File(Node):
    row: strawberry.Private[Any]
    kind: Kind = strawberry.field(description="What it is.")
    state: FileState = strawberry.field(description="How far it has come.")
    bytes: int = strawberry.field(description="Its size as it is kept; as it was claimed, until it is READY.")
    content_type: str = strawberry.field(description="Its media type, as it is kept: a HEIC becomes a JPEG.")
    duration: float | None = strawberry.field(description="Seconds of a recording, as decoded; null for other kinds.")
    width: int | None = strawberry.field(description="Pixels of a picture, upright; null for other kinds.")
    height: int | None = strawberry.field(description="Pixels of a picture, upright; null for other kinds.")

    @classmethod
    def of(cls, row: Any) -> "File":
        return cls(
            id=global_id("File", row.id),
            row=row,
            kind=Kind(row.kind),
            state=FileState(row.state),
            bytes=row.size,
            content_type=row.content_type,
            duration=None if row.duration is None else row.duration / 1000,
            width=row.width,
            height=row.height,
        )

    @strawberry.field(
        description="Where the viewer fetches it, for five minutes: GET and HEAD, with Range; to be saved, never "
        "cached. Null unless it is READY."
    )
    def url(self, info: Info) -> str | None:
        return _address(info, self.row, Way.WHOLE) if self.row.state == FileState.READY else None

    @strawberry.field(description="A small JPEG of a picture, at most 320 pixels wide and high; null for other kinds.")
    def thumbnail_url(self, info: Info) -> str | None:
        shown = self.row.state == FileState.READY and self.row.thumbnail
        return _address(info, self.row, Way.THUMBNAIL) if shown else None

    @strawberry.field(
        description="Why it was not taken: a code, as `refusalCodes` lists it; null unless it is REFUSED.",
        directives=[visible.SELF],
    )
    def refusal(self) -> str | None:
        code = FAULTS.get(self.row.fault)
        return code.name if code else None

    @strawberry.field(
        description="The same for its sender to read, in the language of Accept-Language.", directives=[visible.SELF]
    )
    def refusal_reason(self, info: Info) -> str | None:
        code = FAULTS.get(self.row.fault)
        return code.message(info.context.language, {}) if code else None


def _address(info: Info, row: Any, way: Way) -> str:
    return address(info, Link(way, row.id, viewer(info).id, viewer(info).sign_in, info.context.now + LINK))


def address(info: Info, link: Link, where: str | None = None) -> str:
    """The link as a client may use it; `where` for what is no file."""
    where = where or ("uploads" if link.way is Way.SEND else "files")
    return f"{info.context.door(Address).url}/{where}/{link.signed(info.context.door(KeyProvider).secret(SECRET))}"


async def files_of(info: Info, part: Any) -> list[File]:
    """What hangs on a question, an answer or a message."""
    return [File.of(row) for row in await info.context.loader(FilesOf).load(part) if not row.spoken]


@strawberry.type(
    description="The words of a recording as they were written down, to help reading; the recording is what was said.",
    directives=[visible.WITHIN],
)
class Transcript:
    row: strawberry.Private[Any]
    source: TranscriptSource = strawberry.field(description="Who or what wrote them down.")
    engine: str | None = strawberry.field(description="The program that did, by its own name; null where a person did.")
    at: datetime = strawberry.field(description="When they came, or were corrected.")

    @strawberry.field(description="The words; null when they can no longer be opened.")
    async def text(self, info: Info) -> str | None:
        key = await info.context.loader(DataKey).load(self.row.subject)
        return read(key, self.row) if key else None


@strawberry.type(
    description="Something that is said rather than written. Everybody who may read it may hear it, at once: its words "
    "come later, if they come.",
    directives=[visible.WITHIN],
)
class Voice:
    row: strawberry.Private[Any]
    duration_ms: int = strawberry.field(description="How long it is, in milliseconds, as decoded.")

    @classmethod
    def of(cls, row: Any) -> "Voice":
        return cls(row=row, duration_ms=row.duration or 0)

    @strawberry.field(description="The recording; hear it by its `url`, with Range.")
    def file(self) -> File:
        return File.of(self.row)

    @strawberry.field(description="Its words; null while nobody has written them down.")
    def transcript(self) -> Transcript | None:
        row = self.row
        if not row.words:
            return None
        return Transcript(row=row, source=TranscriptSource(row.source), engine=row.engine, at=row.written_at)


async def voice_of(info: Info, part: Any) -> Voice | None:
    """In what a question, an answer or a message is said, if it is not only written."""
    return next((Voice.of(row) for row in await info.context.loader(FilesOf).load(part) if row.spoken), None)


@strawberry.type(
    description="A picture that everybody may see, whoever has its address; it stays the same and may be cached.",
    directives=[visible.WITHIN],
)
class PublicPicture:
    row: strawberry.Private[Any]
    width: int = strawberry.field(description="Pixels, upright.")
    height: int = strawberry.field(description="Pixels, upright.")

    @classmethod
    def of(cls, row: Any) -> "PublicPicture":
        return cls(row=row, width=row.width, height=row.height)

    @strawberry.field(description="Where anybody fetches it: GET.")
    def url(self, info: Info) -> str:
        return f"{info.context.door(Address).url}/pictures/{self.row.id}"

    @strawberry.field(description="A small JPEG of it, at most 320 pixels wide and high; else the same.")
    def small_url(self, info: Info) -> str:
        whole = f"{info.context.door(Address).url}/pictures/{self.row.id}"
        return f"{whole}/small" if self.row.thumbnail else whole


async def picture_of(info: Info, id: UUID | None) -> PublicPicture | None:
    """None where there is none, or it was taken down."""
    row = await info.context.loader(PictureById).load(id) if id else None
    return PublicPicture.of(row) if row else None


SPOKEN = "A recording of yours that is READY and not used yet, instead of or beside what is written."
WRITTEN_DOWN = "The words of `voice`, where the client has them already; they are screened as what is written is."


@strawberry.input(description="The words of a recording, as the client has them.")
class TranscriptInput:
    text: str = strawberry.field(description="The words, 1 to 5,000 characters.")
    engine: str | None = strawberry.field(
        default=None, description="The program that wrote them down, e.g. WechatSI, at most 100 characters."
    )


def spoken(voice: strawberry.ID | None, transcript: TranscriptInput | None) -> Spoken:
    return Spoken(
        voice=uuid_of(voice, "File", "voice") if voice else None,
        transcript=transcript.text if transcript else None,
        engine=transcript.engine if transcript else None,
    )


@strawberry.type(description="A reading of it by somebody of the staff.", directives=[visible.WITHIN])
class StaffAccess:
    part: strawberry.Private[UUID | None]
    at: datetime = strawberry.field(description="When the key was given; once a quarter of an hour at most.")
    called: str | None = strawberry.field(
        description="How who read it is called, by the post she has, or had last; null where she has none."
    )

    @strawberry.field(description="The file that was opened; null for what was written.")
    async def file(self, info: Info) -> File | None:
        row = await info.context.loader(FileById).load(self.part) if self.part else None
        return File.of(row) if row else None


async def staff_accesses(info: Info, subject: UUID) -> list[StaffAccess]:
    """Newest first; to the asker of the subject alone."""
    rows = await info.context.loader(StaffReadings).load(subject)
    return [StaffAccess(part=row.part if row.part != subject else None, at=row.at, called=row.called) for row in rows]


ATTACHMENTS = (
    "Files of yours that are READY and not used yet, in this order: at most 9 pictures, 3 documents and one recording."
)


def ids_of(attachments: list[strawberry.ID]) -> list[UUID]:
    return [uuid_of(id, "File", f"attachments.{place}") for place, id in enumerate(attachments)]


@strawberry.type(
    description="Leave to send the bytes of one file. POST them as multipart/form-data, the file in the field `file` "
    "(wx.uploadFile); or PUT them bare, with `Content-Range: bytes FIRST-LAST/TOTAL` where they come in parts. HEAD "
    "tells by `Upload-Offset` from which byte a broken upload goes on. The answer is JSON with `state`, or `reasons`.",
    directives=[visible.SELF],
)
class UploadTicket:
    file: File = strawberry.field(description="The file; attach it once it is READY.")
    url: str = strawberry.field(description="Where its bytes go.")
    expires_at: datetime = strawberry.field(
        description="Until when; `createUpload` with the same idempotency key gives a new ticket."
    )
    received: int = strawberry.field(description="The bytes that came already.")


SetTranscriptResult = Annotated[Voice | Refused, strawberry.union("SetTranscriptResult", description=PAYLOAD)]
CorrectTranscriptResult = Annotated[Voice | Refused, strawberry.union("CorrectTranscriptResult", description=PAYLOAD)]
RequestTranscriptResult = Annotated[Voice | Refused, strawberry.union("RequestTranscriptResult", description=PAYLOAD)]
CreateUploadResult = Annotated[UploadTicket | Refused, strawberry.union("CreateUploadResult", description=PAYLOAD)]
