"""What the night brings: rounds, each as long as there is something to forget. What becomes of files that nobody uses,
and of what is stored of those that are gone. All of it may run twice."""

from datetime import datetime

from app.accounts.actions.exporting import list_room
from app.accounts.events import ExportRequested
from app.core.db import Session, door
from app.core.outbox import Event, Reaction, emit
from app.core.retention import NightCame, RoundDue
from app.outside.storage import Storage
from app.vault.actions import files, rounds, storing
from app.vault.events import FileGone, UploadAged


async def begin_rounds(session: Session, event: NightCame, now: datetime) -> None:
    await rounds.call_rounds(session)


async def forget(session: Session, event: RoundDue, now: datetime) -> None:
    if await rounds.forget(session, event.what):
        await emit(session, event)


async def sweep(session: Session, event: UploadAged, now: datetime) -> None:
    """Also what a process that died left of an upload: by now nobody sends it any more."""
    await files.age(session, event.file, now)
    await door(session, Storage).remove(storing.incoming(event.file))


async def remove_stored(session: Session, event: FileGone, now: datetime) -> None:
    await storing.clear(door(session, Storage), event.file)


async def list_files(session: Session, event: ExportRequested, now: datetime) -> None:
    await list_room(session, "vault", event.export, event.person)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    NightCame: (begin_rounds,),
    RoundDue: (forget,),
    UploadAged: (sweep,),
    FileGone: (remove_stored,),
    ExportRequested: (list_files,),
}
