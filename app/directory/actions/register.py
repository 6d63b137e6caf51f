"""The staff keep the register. Whatever is written there is written down: a trigger makes its history."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, Reason, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider
from app.directory.events import LawyerLeft
from app.directory.models import Institution, LegalWorker, RegisterKind, Standing
from app.directory.reads import F, L
from app.directory.reads import register as reads
from app.directory.reads.register import I, W
from app.directory.rules import register as rules
from app.directory.rules.hours import Hours, against_hours, whole
from app.directory.rules.placing import Placed, against_moved, against_placed
from app.directory.rules.register import Office, Record, Worker
from app.places.rules.coordinates import Spot

BY_APPLICATION: Final = "律师入驻申请，证照已核对"


class _Entered(BaseModel):
    said: dict[str, Any]
    reason: str


async def enter(
    session: Session, viewer: Viewer, keys: KeyProvider, said: Record, reason: str, key: str, now: datetime
) -> UUID:
    """The new record's id. Of one kind a number stands there once."""
    said, id = rules.tidied(said), new_id()
    refuse_if([*rules.against_record(said, now), *rules.against_why(reason)])
    entered = _Entered(said=said.model_dump(mode="json"), reason=reason)
    if known := await once(session, keys.secret("idempotency"), key, entered, f"enter{type(said).__name__}", id):
        return known
    said = await placed(session, viewer, said)
    if not await write_down(session, [(id, said)], viewer.id, reason, now):
        raise refuse(rules.REGISTER_NUMBER_KNOWN, "number")
    return id


async def change(
    session: Session,
    viewer: Viewer,
    table: Any,
    id: UUID,
    field: str,
    version: int,
    said: dict[str, Any],
    reason: str,
    now: datetime,
) -> None:
    """What is said of the record from now on; what is left out stays. Saying what stands there changes nothing.

    Refuses NOT_FOUND by the name of `field`, and CHANGED_MEANWHILE where `version` is no longer the record's.
    """
    found = await reads.records(session, viewer, table, [id])
    if not found:
        raise refuse(NOT_FOUND, field)
    before = record_of(table, found[0])
    if "workplace" in said and "institution" not in said:
        said = said | {"institution": None}
    wanted = rules.tidied(before.model_copy(update=said))
    spot = where_it_is(found[0]) if table is I else None
    refuse_if(
        [
            *rules.against_record(wanted, now),
            *against_moved(spot, before.division, wanted.division),
            *rules.against_why(reason),
        ]
    )
    wanted = await placed(session, viewer, wanted, moved="institution" in said)
    if found[0].version != version:
        raise refuse(rules.CHANGED_MEANWHILE, "version")
    if wanted == before:
        return
    as_read = table.c.id == id, table.c.version == version
    row = columns(wanted) | {"version": version + 1, "changed_at": now, "changed_by": viewer.id}
    changed = update(table).where(*as_read).values(row | {"reason": reason.strip()})
    if not (await session.rows(changed)).rowcount:
        raise refuse(rules.CHANGED_MEANWHILE, "version")
    if before.kind is RegisterKind.LAWYER and before.standing is Standing.ACTIVE and wanted.standing != before.standing:
        # Who answers here under that licence does not any more: a trigger sees to it. What she held is others' now.
        left = await session.rows(select(L.c.id).where(L.c.licence == before.number))
        await emit(session, *(LawyerLeft(lawyer=lawyer) for lawyer in left.scalars()))


async def place(
    session: Session, viewer: Viewer, id: UUID, version: int, said: Placed | None, reason: str, now: datetime
) -> None:
    """Where an institution is from now on; None for nobody knows. Refuses as `change` does."""
    found = await _institution(session, viewer, id)
    wrong = list(against_placed(said, found.division)) if said else []
    await _amend(session, viewer, found, version, _where(said) if said else NOWHERE, wrong, reason, now)


async def set_hours(
    session: Session, viewer: Viewer, id: UUID, version: int, said: Hours | None, reason: str, now: datetime
) -> None:
    """When an institution is open from now on; None for nobody knows. Refuses as `change` does."""
    found = await _institution(session, viewer, id)
    wrong = list(against_hours(said)) if said else []
    hours = whole(said).model_dump(mode="json") if said else None
    await _amend(session, viewer, found, version, {"hours": hours}, wrong, reason, now)


async def _institution(session: Session, viewer: Viewer, id: UUID) -> Any:
    found = await reads.records(session, viewer, I, [id])
    if not found:
        raise refuse(NOT_FOUND, "institutionId")
    return found[0]


async def _amend(
    session: Session,
    viewer: Viewer,
    found: Any,
    version: int,
    said: dict[str, Any],
    wrong: list[Reason],
    reason: str,
    now: datetime,
) -> None:
    refuse_if([*wrong, *rules.against_why(reason)])
    if found.version == version and all(getattr(found, name) == value for name, value in said.items()):
        return
    if found.version != version:
        raise refuse(rules.CHANGED_MEANWHILE, "version")
    signed = {"version": version + 1, "changed_at": now, "changed_by": viewer.id, "reason": reason.strip()}
    amended = update(I).where(I.c.id == found.id, I.c.version == version).values(said | signed)
    if not (await session.rows(amended)).rowcount:
        raise refuse(rules.CHANGED_MEANWHILE, "version")


def where_it_is(row: Any) -> Spot | None:
    return None if row.longitude is None else Spot(row.longitude, row.latitude)


def _where(said: Placed) -> dict[str, Any]:
    spot = {"longitude": said.spot.longitude, "latitude": said.spot.latitude}
    return spot | {"place_source": said.source.strip(), "place_precision": said.precision}


async def placed(session: Session, viewer: Viewer | None, said: Record, *, moved: bool = True) -> Record:
    """Where she works: the institution named by its id, or the one of that name. Refuses NOT_FOUND."""
    if not isinstance(said, Worker) or not moved:
        return said
    if said.institution is not None and viewer is not None:
        name = await reads.institution_name(session, viewer, said.institution)
        if name is None:
            raise refuse(NOT_FOUND, "institutionId")
        return said.model_copy(update={"workplace": name})
    known = await reads.institution_named(session, said.workplace, said.province) if said.workplace else None
    return said.model_copy(update={"institution": known})


async def write_down(
    session: Session,
    entries: Iterable[tuple[UUID, Record]],
    by: UUID | None,
    reason: str,
    now: datetime,
    places: Mapping[UUID, Placed] | None = None,
) -> int:
    """How many of these records are new; what is known by kind and number is left as it is. All of one class.
    `places` says of institutions, by their ids, where they are."""
    signed = {"version": 1, "changed_at": now, "changed_by": by, "reason": reason.strip()}
    said = [(id, record) for id, record in entries]
    if not said:
        return 0
    kind = LegalWorker if isinstance(said[0][1], Worker) else Institution
    where = {id: _where(place) for id, place in (places or {}).items()}
    blank = {} if kind is LegalWorker else NOWHERE
    rows = [
        {"id": id, "kind": one.kind, "number": one.number} | columns(one) | signed | where.get(id, blank)
        for id, one in said
    ]
    made = insert(kind).inline().values(rows[0] if len(rows) == 1 else rows).on_conflict_do_nothing()
    return (await session.rows(made)).rowcount


NOWHERE: Final[dict[str, Any]] = {"longitude": None, "latitude": None, "place_source": "", "place_precision": ""}


def columns(said: Record) -> dict[str, Any]:
    """Of a record all but what it is known by, and what it is found by."""
    row = said.model_dump(exclude={"kind", "number"})
    if isinstance(said, Office):
        row["hours"] = said.hours.model_dump(mode="json") if said.hours else None
    pieces = bindparam(None, rules.terms_of(said), ARRAY(Text), unique=True)
    return row | {"label": rules.labelled(said), "terms": func.array_to_tsvector(pieces)}


def record_of(table: Any, row: Any) -> Record:
    kind = Worker if table is W else Office
    return kind.model_validate({name: getattr(row, name) for name in kind.model_fields})


async def register_lawyers(session: Session, now: datetime, by: UUID | None, reason: str, *people: UUID) -> int:
    """Of the lawyers who answer here (these, or all) those whose licence does not stand in the register yet."""
    known = select(1).where(W.c.kind == RegisterKind.LAWYER, W.c.number == L.c.licence).exists()
    wanted = select(L, F.c.name.label("workplace"), F.c.division.label("at"), F.c.province)
    wanted = wanted.join_from(L, F, F.c.id == L.c.firm).where(~known)
    if people:
        wanted = wanted.where(L.c.id.in_(people))
    entries: list[tuple[UUID, Record]] = []
    for row in (await session.rows(wanted)).all():
        said = Worker(
            kind=RegisterKind.LAWYER,
            number=row.licence,
            name=row.name,
            division=row.at,
            province=row.province,
            specialties=list(row.specialties),
            source=BY_APPLICATION,
            verified_at=now,
            example=rules.EXAMPLE in row.name + row.workplace,
            workplace=row.workplace,
            languages=list(row.languages),
        )
        entries.append((new_id(), await placed(session, None, said)))
    return await write_down(session, entries, by, reason, now)
