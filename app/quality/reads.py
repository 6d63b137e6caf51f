"""How checks and marks are read: a check by its reviewer, a mark by the lawyer it is about and by who made it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, func, select, text

from app.accounts.reads.roles import holds
from app.consultation import reads as consultation
from app.consultation.models import Client, DeclineReason
from app.consultation.rules import versions
from app.core.access import Role, Viewer
from app.core.db import Session, clock
from app.core.keyset import Page, keyset
from app.core.sealing import KeyProvider, unseal, unseal_bytes
from app.directory.models import Availability, Lawyer, Standing
from app.quality.models import CheckState, QualityCheck, QualityMark, QualityPolicy, QualityReviewer
from app.quality.rules import SECRET, Terms
from app.screening.rules.masking import masked, masked_all
from app.vault.models import Basis
from app.vault.reads import visible_to as readable

K: Any = QualityCheck.__table__  # type: ignore[attr-defined]
M: Any = QualityMark.__table__  # type: ignore[attr-defined]
V: Any = QualityReviewer.__table__  # type: ignore[attr-defined]
P: Any = QualityPolicy.__table__  # type: ignore[attr-defined]
L: Any = Lawyer.__table__  # type: ignore[attr-defined]
C: Any = Client.__table__  # type: ignore[attr-defined]
D, O, R, S = consultation.D, consultation.O, consultation.R, consultation.S  # noqa: E741

_SHOWN = [K.c[name] for name in ("id", "drawn_at", "reviewer", "given_at", "due_at", "state", "done_at")]
_NAMES = ("id", "checked", "answer", "conclusion", "law", "steps", "plain", "deadlines", "harm", "note", "marked_at")
_MARK = [M.c[name] for name in (*_NAMES, "reply", "replied_at")]


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """True for checks that she was given and has not passed on."""
    hers: ColumnElement[bool] = K.c.reviewer == viewer.id
    return hers


async def checks(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*_SHOWN).where(K.c.id.in_(list(ids)), visible_to(viewer)))).all()


async def check_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    return (await session.rows(keyset(select(*_SHOWN).where(visible_to(viewer)), page, K.c.given_at, K.c.id))).all()


async def marks(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> Sequence[Any]:
    return (await session.rows(select(*_MARK).where(M.c.id.in_(list(ids)), readable(viewer, M.c.id)))).all()


async def marks_of(session: Session, viewer: Viewer, checks: Iterable[UUID]) -> Sequence[Any]:
    """What she made of the answers, in the order in which they were shown to her."""
    wanted = select(*_MARK).where(M.c.checked.in_(list(checks)), readable(viewer, M.c.id))
    return (await session.rows(wanted.order_by(M.c.id))).all()


async def mark_page(session: Session, viewer: Viewer, page: Page) -> Sequence[Any]:
    """Of answers of hers, newest first; driven from `reader` like every list of what is one's own."""
    wanted = select(*_MARK, R.c.since).join_from(R, M, M.c.id == R.c.subject)
    wanted = wanted.where(R.c.person == viewer.id, R.c.basis == Basis.ANSWERED, R.c.until > clock())
    return (await session.rows(keyset(wanted, page, R.c.since, R.c.subject))).all()


async def about_her(session: Session, viewer: Viewer, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these marks that are of answers of hers."""
    wanted = select(R.c.subject).where(R.c.subject.in_(list(ids)), R.c.person == viewer.id, R.c.until > clock())
    return set((await session.rows(wanted.where(R.c.basis == Basis.ANSWERED))).scalars())


async def reviewers(session: Session, viewer: Viewer) -> Sequence[Any]:
    """For supervisors, who waited longest first."""
    named = select(V.c.lawyer, V.c.named_at).where(V.c.released_at.is_(None), holds(viewer, {Role.SUPERVISOR}))
    return (await session.rows(named.order_by(V.c.turn_at, V.c.lawyer))).all()


@dataclass
class Said:
    """One answer as it is shown; what is spoken in its words."""

    answer: UUID
    content: SimpleNamespace | None = None
    words: str | None = None


@dataclass
class Reading:
    """What was asked and answered, without anything by which somebody could be found."""

    category: str
    body: str = ""
    words: str | None = None
    answers: list[Said] = field(default_factory=list)


_READINGS: Final = text("SELECT * FROM door.check_readings(CAST(:checks AS uuid[]))")
_NAMES_OF: Final = text("SELECT checked, name FROM door.check_names(CAST(:checks AS uuid[]))")


async def readings(session: Session, provider: KeyProvider, checks: Iterable[UUID]) -> dict[UUID, Reading]:
    """Of those checks that are open and hers, written to the asker's ledger in the same statement.

    What a lawyer has said since to be about what is secret is none of them.
    """
    found: dict[UUID, Reading] = {}
    asked = {"checks": list(checks)}
    names: dict[UUID, set[str]] = {}
    for id, name in await session.rows(_NAMES_OF, asked):
        names.setdefault(id, set()).add(name)
    for row in await session.rows(_READINGS, asked):
        if row.category not in SECRET:
            reading = found.setdefault(row.checked, Reading(row.category))
            _enter(reading, row, provider.unwrap(row.kek, row.wrapped, str(row.question)), names.get(row.checked, ()))
    return found


def _enter(reading: Reading, row: Any, key: bytes, lawyers: Iterable[str]) -> None:
    if row.part == "question":
        reading.body = masked(unseal(key, row.sealed, "question", "body", row.row), lawyers) if row.sealed else ""
        return
    said: Reading | Said = reading
    if row.answer:
        if not reading.answers or reading.answers[-1].answer != row.answer:
            reading.answers.append(Said(row.answer))
        said = reading.answers[-1]
    if row.part == "transcript":
        said.words = masked(unseal(key, row.sealed, "transcript", "words", row.row), lawyers)
    elif isinstance(said, Said):
        content = orjson.loads(unseal_bytes(key, row.sealed, row.part, "content", row.row))
        said.content = versions.read(orjson.dumps(masked_all(content, lawyers)))


_FIGURES: Final = text("SELECT * FROM door.quality_figures(:first, :last)")


async def figures(session: Session, first: date, last: date) -> Any | None:
    """(eligible, drawn, checked, answers, faultless); None for whom it is not to tell."""
    return (await session.rows(_FIGURES, {"first": first, "last": last})).one_or_none()


async def terms(session: Session) -> Terms:
    """For the worker: what holds now."""
    newest = select(P.c.terms).where(P.c.since <= clock()).order_by(P.c.version.desc()).limit(1)
    return Terms.model_validate((await session.rows(newest)).scalar_one())


_OPEN: Any = (
    select(func.count()).where(K.c.reviewer == V.c.lawyer, K.c.state == CheckState.OPEN).correlate(V).scalar_subquery()
)
_CAN: Any = and_(V.c.released_at.is_(None), L.c.standing == Standing.ACTIVE, L.c.availability != Availability.AWAY)


async def room(session: Session, each: int) -> int:
    """For the worker: how many more checks the reviewers have time for."""
    free = select(func.greatest(each - _OPEN, 0)).select_from(V.join(L, L.c.id == V.c.lawyer)).where(_CAN)
    return sum((await session.rows(free)).scalars())


async def next_reviewer(session: Session, question: UUID, had: Iterable[UUID], each: int) -> UUID | None:
    """For the worker: who may look at it and has waited longest.

    Nobody who asked, was offered it or took part, nobody of a firm that took part, and no firm that is in conflict
    (律师法 第三十九条), as when lawyers are called.
    """
    part = select(1).where(R.c.subject == question, R.c.person == L.c.id).exists()
    offered = select(1).where(O.c.question == question, O.c.lawyer == L.c.id).exists()
    peer = L.alias("peer")
    firm = (S.c.firm == L.c.firm) | (peer.c.firm == L.c.firm)
    same = select(1).select_from(S.join(peer, peer.c.id == S.c.lawyer)).where(S.c.question == question, firm).exists()
    against = O.c.question == question, O.c.firm == L.c.firm, O.c.declined == DeclineReason.CONFLICT
    parties = D.join(C, C.c.digest == D.c.party).join(peer, peer.c.id == C.c.lawyer)
    client = D.c.question == question, C.c.removed_at.is_(None), peer.c.firm == L.c.firm
    conflict = select(1).where(*against).exists() | select(1).select_from(parties).where(*client).exists()
    wanted = (
        select(V.c.lawyer)
        .select_from(V.join(L, L.c.id == V.c.lawyer))
        .where(_CAN, L.c.id.not_in(list(had)), ~part, ~offered, ~same, ~conflict, each > _OPEN)
        .order_by(V.c.turn_at, V.c.lawyer)
        .limit(1)
        .with_for_update(of=V)
    )
    found: UUID | None = (await session.rows(wanted)).scalars().first()
    return found


def secret() -> ColumnElement[bool]:
    """For the worker: true of checks of what is, as a lawyer has said since, about what is secret."""
    return select(1).where(D.c.question == K.c.question, D.c.category.in_(SECRET)).exists()


async def held(session: Session, check: UUID) -> Any | None:
    """For the worker: one that is open, locked."""
    wanted = select(*K.c).where(K.c.id == check, K.c.state == CheckState.OPEN).with_for_update()
    return (await session.rows(wanted)).one_or_none()


async def stranded(session: Session) -> Sequence[UUID]:
    """For the worker: open checks whose reviewer is released, suspended or has left the bar."""
    able = (
        select(1)
        .select_from(V.join(L, L.c.id == V.c.lawyer))
        .where(V.c.lawyer == K.c.reviewer, V.c.released_at.is_(None), L.c.standing == Standing.ACTIVE)
    )
    wanted = select(K.c.id).where(K.c.state == CheckState.OPEN, ~able.correlate(K).exists())
    return (await session.rows(wanted)).scalars().all()


async def marked(session: Session, check: UUID) -> Sequence[Any]:
    """For the worker: (id, lawyer, question, harm) of what was marked."""
    return (await session.rows(select(M.c.id, M.c.lawyer, M.c.question, M.c.harm).where(M.c.checked == check))).all()
