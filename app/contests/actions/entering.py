"""Handing something in, looking at it before anybody sees it, and taking it down."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.accounts.reads import readiness
from app.activities.reads import activities
from app.contests import reads
from app.contests.events import EntryDecided, EntryTakenDown
from app.contests.models import Entry, EntryState, EntryVerdict, Exhibit
from app.contests.reads import E
from app.contests.rules import entering as rules
from app.contests.rules.entering import Submission
from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.idempotency import known, once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, digest, new_key, seal, unseal
from app.outside.inspecting.kinds import Kind
from app.vault.actions.files import attach, unused
from app.vault.actions.keys import keep_keys, release
from app.vault.actions.pictures import show_publicly
from app.vault.reads.files import files_of
from app.vault.rules.files import FILE_WRONG_TYPE

SCHOOLS = "contest-school"
_DOWN = (EntryState.REJECTED, EntryState.TAKEN_DOWN)


async def submit(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Submission, key: str, now: datetime
) -> UUID:
    """The entry's id. One of a person's at a time in a contest."""
    secret = keys.secret("idempotency")
    refuse_if(list(rules.against_submission(said)))
    if before := await known(session, secret, key, said, "submitEntry"):
        return before
    await one_at_a_time(session, f"entry {said.activity} {viewer.id}")
    if before := await known(session, secret, key, said, "submitEntry"):
        return before  # by a twin that was waited for
    found = await activities(session, viewer, [said.activity])
    if not found or found[0].published_at is None:
        raise refuse(NOT_FOUND, "activityId")
    ready = await readiness(session, viewer.id)
    refuse_if(list(rules.against_entering(found[0], ready)))
    if found[0].closes_at <= now:
        raise refuse(rules.CONTEST_CLOSED)
    live = select(E.c.id).where(E.c.activity == said.activity, E.c.person == viewer.id, E.c.state.not_in(_DOWN))
    if (await session.rows(live)).first() is not None:
        raise refuse(rules.ENTERED_ALREADY)
    picture = (await unused(session, viewer, {said.picture: "pictureId"}, now))[said.picture]
    if picture.kind != Kind.PICTURE:
        raise refuse(FILE_WRONG_TYPE, "pictureId")
    id, own = new_id(), new_key()
    school = digest(keys.secret(SCHOOLS), rules.same_school(said.school)) if said.school else None
    row: dict[str, Any] = {"id": id, "activity": said.activity, "person": viewer.id, "school": school}
    row |= {"pseudonym": rules.pseudonym_of(id), "band": ready.band, "state": EntryState.SUBMITTED}
    row |= {"body": seal(own, said.title.strip(), "entry", "body", id), "submitted_at": now, "state_at": now}
    await session.rows(insert(Entry).inline().values(row | {"verdict": None, "checker": None}))
    await keep_keys(session, keys, {id: own})
    hung: dict[str, Any] = {"subject": id, "key": own, "part": id, "from_owner": True, "now": now, "field": "pictureId"}
    await attach(session, viewer, keys, [said.picture], **hung)
    await once(session, secret, key, said, "submitEntry", id)
    return id


async def take(session: Session, viewer: Viewer, id: UUID, now: datetime) -> None:
    """She looks at it from now on, in place of whoever did: until she has decided she reads it."""
    row = await _held(session, viewer, id)
    refuse_if(list(rules.against_taking(row, row.person == viewer.id)))
    if row.checker != viewer.id or row.state != EntryState.CHECKING:
        said = {"state": EntryState.CHECKING, "checker": viewer.id, "state_at": now}
        await session.rows(update(E).where(E.c.id == id).values(**said))


async def decide(
    session: Session,
    viewer: Viewer,
    keys: KeyProvider,
    id: UUID,
    display: bool,
    verdict: EntryVerdict | None,
    now: datetime,
) -> None:
    """Everybody sees it from now on, under its other name; or nobody does, and its owner is told why."""
    row = await _held(session, viewer, id)
    refuse_if(list(rules.against_deciding(row, display, verdict, row.checker == viewer.id)))
    if display:
        key = (await release(session, keys, viewer, [id])).get(id)
        hung = await files_of(session, viewer, [id])
        if key is None or not hung:
            raise refuse(NOT_FOUND, "entryId")
        picture = await show_publicly(session, viewer, keys, hung[0].id, "entryId", now)
        shown = {"entry": id, "activity": row.activity, "pseudonym": row.pseudonym, "band": row.band, "since": now}
        shown |= {"title": title_of(key, row), "picture": picture, "state": EntryState.DISPLAYED}
        await session.rows(upsert(Exhibit).inline().values(shown | {"award": "", "votes": 0}))
    said = {"state": EntryState.DISPLAYED if display else EntryState.REJECTED, "verdict": verdict, "state_at": now}
    await session.rows(update(E).where(E.c.id == id).values(**said))
    await emit(session, EntryDecided(entry=id))
    session.news(row.activity)


async def take_back(session: Session, viewer: Viewer, id: UUID, now: datetime) -> None:
    """By its owner alone."""
    row = await _held(session, viewer, id)
    if row.person != viewer.id:
        raise refuse(NOT_FOUND, "entryId")
    await take_down(session, viewer, id, EntryVerdict.WISH, now)


async def take_down(session: Session, viewer: Viewer, id: UUID, verdict: EntryVerdict, now: datetime) -> None:
    """Nobody sees it any more, at once. By its owner, or by who looks after contests. Twice changes nothing."""
    row = await _held(session, viewer, id)
    if row.state == EntryState.TAKEN_DOWN:
        return
    if row.state == EntryState.REJECTED:
        raise refuse(rules.ENTRY_STATE, "entryId")
    said = {"state": EntryState.TAKEN_DOWN, "verdict": verdict, "state_at": now}
    await session.rows(update(E).where(E.c.id == id).values(**said))
    if row.person != viewer.id:
        await emit(session, EntryTakenDown(entry=id))
    session.news(row.activity)


def title_of(key: bytes, row: Any) -> str:
    return unseal(key, row.body, "entry", "body", row.id) if row.body else ""


async def _held(session: Session, viewer: Viewer, id: UUID) -> Any:
    found = await session.rows(select(*E.c).where(E.c.id == id, reads.visible_to(viewer)).with_for_update())
    if (row := found.one_or_none()) is None:
        raise refuse(NOT_FOUND, "entryId")
    return row
