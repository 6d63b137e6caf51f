"""How this room is read: one's own rows, and those whose digest one presents. The wall shows no others."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, DateTime, Text, Uuid, bindparam, column, false, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from app.accounts.models import (
    AgeBand,
    AgeSaid,
    Closing,
    ConsentPurpose,
    ConsentRecord,
    Credential,
    Delegation,
    Guardianship,
    Identity,
    IdentityKind,
    Invitation,
    LegalHold,
    MinorAccess,
    Person,
    PersonMove,
    Post,
    RefreshToken,
    RoleHeld,
    SignIn,
    SignInTry,
    SmsCode,
    Standing,
    VillageSaid,
)
from app.accounts.rules.consenting import Readiness
from app.core.access import FILE_KEEPERS, Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset

P: Any = Person.__table__  # type: ignore[attr-defined]
H: Any = RoleHeld.__table__  # type: ignore[attr-defined]
I: Any = Identity.__table__  # type: ignore[attr-defined]  # noqa: E741
S: Any = SignIn.__table__  # type: ignore[attr-defined]
T: Any = RefreshToken.__table__  # type: ignore[attr-defined]
C: Any = SmsCode.__table__  # type: ignore[attr-defined]
D: Any = Delegation.__table__  # type: ignore[attr-defined]
L: Any = LegalHold.__table__  # type: ignore[attr-defined]
X: Any = Closing.__table__  # type: ignore[attr-defined]
K: Any = ConsentRecord.__table__  # type: ignore[attr-defined]
B: Any = AgeSaid.__table__  # type: ignore[attr-defined]
G: Any = Guardianship.__table__  # type: ignore[attr-defined]
M: Any = PersonMove.__table__  # type: ignore[attr-defined]
W: Any = Credential.__table__  # type: ignore[attr-defined]
V: Any = Invitation.__table__  # type: ignore[attr-defined]
A: Any = MinorAccess.__table__  # type: ignore[attr-defined]
O: Any = Post.__table__  # type: ignore[attr-defined] # noqa: E741
Y: Any = SignInTry.__table__  # type: ignore[attr-defined]
VS: Any = VillageSaid.__table__  # type: ignore[attr-defined]

_PEOPLE = func.door.people(bindparam("wanted", type_=ARRAY(Uuid))).table_valued(
    column("id", Uuid),
    column("standing", Text),
    column("created_at", DateTime(timezone=True)),
    column("roles", ARRAY(Text)),
)
_POSTS = func.door.posts(bindparam("people", type_=ARRAY(Uuid))).table_valued(
    column("person", Uuid),
    column("institution", Uuid),
    column("duty", Text),
    column("called", Text),
    column("since", DateTime(timezone=True)),
)


async def standing(session: Session, person: UUID) -> tuple[Standing, frozenset[Role]]:
    """How the session's person stands and what she may be: a resident, as everybody, and what was granted."""
    held = func.array(select(H.c.role).where(H.c.person == person, H.c.until > clock()).scalar_subquery())
    row = (await session.rows(select(P.c.standing, held.label("roles")).where(P.c.id == person))).one()
    granted = frozenset(Role(role) for role in row.roles if role in Role.__members__)
    return Standing(row.standing), granted | {Role.RESIDENT}


async def about(session: Session, viewer: Viewer) -> Any:
    """(created_at, standing, kinds of identity) of the viewer."""
    kinds = func.array(select(I.c.kind).where(I.c.person == viewer.id).scalar_subquery())
    wanted = select(P.c.created_at, P.c.standing, kinds.label("kinds")).where(P.c.id == viewer.id)
    return (await session.rows(wanted)).one()


async def whose(session: Session, kind: IdentityKind, digest: bytes) -> UUID | None:
    """The person known by the identity whose digest is presented."""
    known = select(I.c.person).where(I.c.kind == kind, I.c.digest == digest)
    return cast("UUID | None", (await session.rows(known)).scalar())


async def identities(session: Session, person: UUID) -> dict[IdentityKind, bytes]:
    """Digests of what the session's person is known by."""
    rows = await session.rows(select(I.c.kind, I.c.digest).where(I.c.person == person))
    return {IdentityKind(row.kind): row.digest for row in rows}


async def refresh_token(session: Session, digest: bytes) -> Any | None:
    """(sign_in, person, expires_at, used_at) of the token whose digest is presented."""
    wanted = select(T.c.sign_in, T.c.person, T.c.expires_at, T.c.used_at).where(T.c.digest == digest)
    return (await session.rows(wanted)).first()


async def codes_of_phone(session: Session, phone: bytes, since: datetime) -> Sequence[Any]:
    """(sent_at, used_at) of every code made for a number since then."""
    return (await session.rows(select(C.c.sent_at, C.c.used_at).where(C.c.phone == phone, C.c.sent_at > since))).all()


async def codes_of_address(session: Session, address: bytes, now: datetime, within: timedelta) -> Sequence[datetime]:
    """When codes were made for this network."""
    wanted = select(C.c.sent_at).where(C.c.address == address, C.c.sent_at > now - within)
    return (await session.rows(wanted)).scalars().all()


async def delegations(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Those she gave or holds, live or ended."""
    hers = (D.c.delegate == viewer.id) | (D.c.elder == viewer.id)
    return (await session.rows(select(*D.c).where(D.c.id.in_(list(ids)), hers))).all()


async def delegation_page(session: Session, viewer: Viewer, page: Page, *, given: bool) -> Sequence[Any]:
    """Newest first: those she gave as an elder, or those she holds."""
    hers = D.c.elder == viewer.id if given else D.c.delegate == viewer.id
    return (await session.rows(keyset(select(*D.c).where(hers), page, D.c.granted_at, D.c.id))).all()


async def elder_of(session: Session, viewer: Viewer, delegation: UUID) -> UUID | None:
    """For whom the viewer may ask by this delegation; None where it is not hers or has ended."""
    live = select(D.c.elder).where(D.c.id == delegation, D.c.delegate == viewer.id, D.c.ended_at.is_(None))
    return cast("UUID | None", (await session.rows(live)).scalar())


async def readiness(session: Session, person: UUID) -> Readiness:
    """What the session's person agreed to and said of herself, in one statement."""
    return readiness_of((await session.rows(_READINESS, {"person": person})).one())


def readiness_of(row: Any) -> Readiness:
    """Of a row that has the columns of `READY`."""
    versions = {ConsentPurpose(purpose): version for purpose, version in (row.given or {}).items()}
    return Readiness(versions, AgeBand(row.band) if row.band else None, row.guarded)


async def consents(session: Session, viewer: Viewer) -> dict[ConsentPurpose, Any]:
    """(turn, version, given, at) of what she said last of each purpose."""
    return {ConsentPurpose(row.purpose): row for row in await session.rows(_LAST_SAID, {"person": viewer.id})}


_SHE: Any = bindparam("person", type_=Uuid)
_SAID = select(K.c.purpose, K.c.turn, K.c.version, K.c.given, K.c.at).where(K.c.person == _SHE)
_LAST_SAID: Any = _SAID.ext(distinct_on(K.c.purpose)).order_by(K.c.purpose, K.c.turn.desc())
_IT = _LAST_SAID.subquery()
READY: Final[Any] = (
    select(func.jsonb_object_agg(_IT.c.purpose, _IT.c.version).filter(_IT.c.given)).scalar_subquery().label("given"),
    select(B.c.band).where(B.c.person == _SHE).order_by(B.c.turn.desc()).limit(1).scalar_subquery().label("band"),
    select(G.c.id).where(G.c.minor == _SHE, G.c.ended_at.is_(None)).exists().label("guarded"),
)
"""For a statement that asks other things of the same `person` too."""
_READINESS: Final = select(*READY)


async def age_said(session: Session, viewer: Viewer) -> Any | None:
    """(turn, band) of what she said last of her age."""
    return (await session.rows(band_said(viewer).add_columns(B.c.turn))).first()


def band_said(viewer: Viewer) -> Any:
    return select(B.c.band).where(B.c.person == viewer.id).order_by(B.c.turn.desc()).limit(1)


async def village_of(session: Session, viewer: Viewer) -> str | None:
    """The code of the village or community that she says is hers."""
    said: str | None = (await session.rows(village_said(viewer))).scalar()
    return said


def village_said(viewer: Viewer) -> Any:
    return select(VS.c.division).where(VS.c.person == viewer.id)


async def guardianships(session: Session, viewer: Viewer, ids: Iterable[UUID] | None = None) -> Sequence[Any]:
    """Those she gave or holds, newest first: all that live and the last that ended, or these."""
    hers = select(*G.c).where((G.c.minor == viewer.id) | (G.c.guardian == viewer.id))
    if ids is not None:
        hers = hers.where(G.c.id.in_(list(ids)))
    newest = hers.order_by(G.c.ended_at.is_(None).desc(), G.c.granted_at.desc(), G.c.id).limit(100)
    return (await session.rows(newest)).all()


async def needs_guardian(session: Session, person: UUID) -> bool:
    """Whether a child has no guardian's consent: for the worker."""
    band = select(B.c.band).where(B.c.person == person).order_by(B.c.turn.desc()).limit(1).scalar_subquery()
    guarded = select(G.c.minor).where(G.c.minor == person, G.c.ended_at.is_(None)).exists()
    said, agreed = (await session.rows(select(band, guarded))).one()
    return said == AgeBand.UNDER_14 and not agreed


async def devices(session: Session, viewer: Viewer, since: datetime) -> Sequence[Any]:
    """(id, device, created_at, seen_at) of those signed in and seen since then, the last seen first; 100 at most."""
    live = select(S.c.id, S.c.device, S.c.created_at, S.c.seen_at).where(
        S.c.person == viewer.id, S.c.ended_at.is_(None), S.c.seen_at > since
    )
    return (await session.rows(live.order_by(S.c.seen_at.desc(), S.c.id).limit(100))).all()


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Other people's files: to who signed in as an administrator or auditor. The wall asks besides whether she is one
    still."""
    return true() if viewer.roles & FILE_KEEPERS else false()


async def people(session: Session, viewer: Viewer, ids: Iterable[UUID] | None) -> Sequence[Any]:
    """(id, standing, created_at, roles) of these people, or of all who hold or held an office."""
    wanted = None if ids is None else list(ids)
    return (await session.rows(select(_PEOPLE).where(visible_to(viewer)), {"wanted": wanted})).all()


async def posts(session: Session, viewer: Viewer, people: Iterable[UUID] | None) -> Sequence[Any]:
    """(person, institution, duty, called, since) of these people, for who keeps files or works there too; without ids
    of all of the viewer's institution. The door asks who she is."""
    wanted = None if people is None else list(people)
    return (await session.rows(select(_POSTS), {"people": wanted})).all()


async def post(session: Session, viewer: Viewer) -> Any | None:
    """Her own, as long as it is hers."""
    return (await session.rows(select(*O.c).where(O.c.person == viewer.id, O.c.until > clock()))).first()


async def staff_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """All who hold or held an office, newest first."""
    staff = select(_PEOPLE).where(visible_to(viewer))
    return (await session.rows(keyset(staff, page, _PEOPLE.c.created_at, _PEOPLE.c.id), {"wanted": None})).all()


async def moves(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    """Decisions about people."""
    return (await session.rows(select(*M.c).where(M.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def move_page(session: Session, viewer: Viewer, page: Page, person: UUID | None) -> Sequence[Any]:
    """Decisions about one person, or about all, newest first."""
    wanted = select(*M.c).where(visible_to(viewer))
    if person is not None:
        wanted = wanted.where(M.c.person == person)
    return (await session.rows(keyset(wanted, page, M.c.at, M.c.id))).all()


async def sealed(session: Session, person: UUID, kind: IdentityKind) -> Any | None:
    """(digest, sealed) of what the session's person is known by."""
    wanted = select(I.c.digest, I.c.sealed).where(I.c.person == person, I.c.kind == kind)
    return (await session.rows(wanted)).first()


async def credential(session: Session, handle: bytes) -> Any | None:
    """Whose handle is presented."""
    return (await session.rows(select(*W.c).where(W.c.handle == handle))).first()


async def invited_at(session: Session, phone: bytes, since: datetime) -> Sequence[datetime]:
    """When invitations were made for a number."""
    wanted = select(V.c.made_at).where(V.c.phone == phone, V.c.made_at > since)
    return (await session.rows(wanted)).scalars().all()


async def invitation(session: Session, viewer: Viewer, id: UUID) -> Any | None:
    """One that the viewer made."""
    return (await session.rows(select(*V.c).where(V.c.id == id, V.c.actor == viewer.id))).first()


async def has_credential(session: Session, person: UUID) -> bool:
    """Whether the person signs in as staff; for her, and for the owner's scripts."""
    return (await session.rows(select(W.c.person).where(W.c.person == person))).first() is not None


async def held_by_law(session: Session, subjects: Iterable[UUID]) -> set[UUID]:
    """Those of them (questions, people) that a legal hold keeps; to a person, of what is hers.

    For who means to erase them in this transaction: no hold is placed until it ends.
    """
    await session.rows(select(func.pg_advisory_xact_lock_shared(func.hashtextextended("legal hold", 0))))
    live = select(L.c.subject).where(L.c.subject.in_(list(subjects)), L.c.lifted_at.is_(None))
    return set((await session.rows(live)).scalars())


async def holds_more(session: Session, person: UUID) -> bool:
    """Whether the session's person is more than a resident: a lawyer, or of the staff."""
    held = select(H.c.role).where(H.c.person == person, H.c.until > clock()).limit(1)
    return (await session.rows(held)).first() is not None


async def closing(session: Session, id: UUID) -> Any | None:
    """(id, asked_at, done_at) for who has the id, whoever she is."""
    return (await session.rows(select(X.c.id, X.c.asked_at, X.c.done_at).where(X.c.id == id))).one_or_none()
