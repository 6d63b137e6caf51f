"""An agreement on the table, what each side says to it and to other things, and what was done of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.access import Viewer
from app.core.db import Session, one_at_a_time
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse, refuse_if
from app.core.idempotency import once
from app.core.ids import new_id
from app.core.outbox import emit
from app.core.sealing import KeyProvider, seal
from app.mediation import reads
from app.mediation.actions.papering import parties, put_on_paper
from app.mediation.actions.speaking import FIELD, standing_of
from app.mediation.events import SideSpoke, TermKept
from app.mediation.models import About, Agreement, Assent, Confirmation, How, Side, Teller, Term
from app.mediation.rules.agreeing import (
    NOT_NOW,
    NOT_ON_TABLE,
    NOT_YOUR_SIDE,
    SAID_ALREADY,
    Agreed,
    AgreementSaid,
    TermSaid,
    against_agreed,
)
from app.mediation.rules.court import NOT_FOR_COURT
from app.mediation.rules.standing import ALONE, STANDING, side_of
from app.places.rules.workdays import today
from app.vault.actions.files import attach
from app.vault.actions.keys import release

G, T, S, C = reads.G, reads.T, reads.S, reads.C


class Drawn(BaseModel):
    """An agreement that a mediator puts on the table."""

    mediation: UUID
    agreed: Agreed
    files: list[UUID] = []


class Spoken(BaseModel):
    """A side's yes or no. `side`: said by the mediator alone, who writes down what was said before her."""

    mediation: UUID
    about: About
    thing: UUID
    yes: bool
    side: Side | None = None


async def draw(session: Session, viewer: Viewer, keys: KeyProvider, said: Drawn, key: str, now: datetime) -> UUID:
    """The mediation's id. It takes the place of one that nobody has agreed to yet."""
    refuse_if(list(against_agreed(said.agreed, today(now))))
    if known := await once(session, keys.secret("idempotency"), key, said, "draw agreement", said.mediation):
        return known
    row = await _handled(session, viewer, said.mediation)
    if row.state != "MEDIATING":
        raise refuse(NOT_NOW, FIELD)
    given = await release(session, keys, viewer, [row.id, row.application])
    own, own_of_form = given.get(row.id), given.get(row.application)
    if own is None or own_of_form is None:
        raise refuse(NOT_FOUND, FIELD)
    earlier = update(Agreement).where(G.c.mediation == row.id, G.c.ended_at.is_(None), G.c.effective_at.is_(None))
    await session.rows(earlier.values(ended_at=now))
    id, agreed = new_id(), said.agreed
    between = await parties(session, viewer, own_of_form, row.application)
    words = AgreementSaid(
        facts=agreed.facts, responsibility=agreed.responsibility, manner=agreed.manner, between=between
    )
    made: dict[str, Any] = {"id": id, "mediation": row.id, "form": agreed.form, "about_status": agreed.about_status}
    made |= {"author": viewer.id, "at": now}
    made |= {"body": seal(own, words.model_dump_json(), "mediation_agreement", "body", id)}
    await session.rows(insert(Agreement).inline().values(made))
    terms = []
    for n, term in enumerate(agreed.terms, 1):
        line: dict[str, Any] = {"id": new_id(), "mediation": row.id, "agreement": id, "n": n, "side": term.side}
        words_of_it = TermSaid(what=term.what.strip(), amount=term.amount).model_dump_json()
        line |= {"due_on": term.due_on, "body": seal(own, words_of_it, "mediation_term", "body", line["id"])}
        terms.append(line)
    await session.rows(insert(Term).inline(), terms)
    hung: dict[str, Any] = {"subject": row.id, "key": own, "part": id, "from_owner": False, "now": now}
    await attach(session, viewer, keys, said.files, **hung)
    await emit(session, SideSpoke(mediation=row.id, thing=id, about=About.AGREEMENT))
    return said.mediation


async def speak(session: Session, viewer: Viewer, keys: KeyProvider, said: Spoken, key: str, now: datetime) -> UUID:
    """The mediation's id. What both sides say yes to is done by a reaction."""
    operation = f"mediation {said.about}"
    if known := await once(session, keys.secret("idempotency"), key, said, operation, said.mediation):
        return known
    await one_at_a_time(session, f"mediation {said.mediation}")
    row, teller = await standing_of(session, viewer, said.mediation)
    side, how = side_of(teller), How.ONLINE
    if teller is Teller.MEDIATOR:
        side, how = said.side, How.IN_PERSON
    elif said.side is not None and said.side is not side:
        raise refuse(NOT_FOUND, "side")
    if side is None or (how is How.IN_PERSON and said.about in ALONE):
        raise refuse(NOT_FOUND, "side")
    if said.about is About.MEDIATOR:
        said = _about_her(row, said)
    await _on_table(session, viewer, row, said)
    line: dict[str, Any] = {"thing": said.thing, "about": said.about, "side": side, "mediation": row.id}
    line |= {"yes": said.yes, "how": how, "actor": viewer.id, "at": now}
    first = upsert(Assent).inline().values(line).on_conflict_do_nothing()
    if not (await session.rows(first)).rowcount:
        again = update(Assent).where(S.c.thing == said.thing, S.c.about == said.about, S.c.side == side, ~S.c.yes)
        again = again.where(S.c.mediation == row.id, S.c.about != About.AGREEMENT)
        change = {"yes": True, "how": how, "actor": viewer.id, "at": now}
        if not said.yes or not (await session.rows(again.values(change))).rowcount:
            raise refuse(SAID_ALREADY)
    await emit(session, SideSpoke(mediation=row.id, thing=said.thing, about=said.about))
    if said.about is About.AGREEMENT and said.yes:
        await put_on_paper(session, viewer, keys, row, said.thing, now)
    return said.mediation


def _about_her(row: Any, said: Spoken) -> Spoken:
    """Nobody has to accept the mediator, and nothing is asked of who does."""
    if said.yes:
        raise refuse(BAD_VALUE, "yes")
    if row.mediator is None:
        raise refuse(NOT_NOW, FIELD)
    return said.model_copy(update={"thing": row.mediator})


async def _on_table(session: Session, viewer: Viewer, row: Any, said: Spoken) -> None:
    """Whether there is anything of that kind to say yes to now."""
    match said.about:
        case About.AGREEMENT:
            standing = [one.id for one in await reads.agreements(session, viewer, [row.id]) if not one.effective_at]
            if row.state != "MEDIATING" or said.thing not in standing:
                raise refuse(NOT_ON_TABLE, "agreementId")
        case About.COURT:
            open_ones = [one for one in await reads.confirmations(session, viewer, [row.id]) if one.state == "ELIGIBLE"]
            if [one.agreement for one in open_ones] != [said.thing]:
                raise refuse(NOT_FOR_COURT, FIELD)
        case _:
            if row.state not in STANDING[said.about] or (said.about is About.EXTENSION and row.extended):
                raise refuse(NOT_NOW, FIELD)


async def keep(session: Session, viewer: Viewer, term: UUID, now: datetime) -> UUID:
    """The mediation's id. Twice changes nothing."""
    found = await reads.terms_by_id(session, viewer, [term])
    if not found:
        raise refuse(NOT_FOUND, "termId")
    row, teller = await standing_of(session, viewer, found[0].mediation)
    if side_of(teller) == found[0].side:
        raise refuse(NOT_YOUR_SIDE, "termId")
    if found[0].kept_at is not None:
        return row.id  # type: ignore[no-any-return]
    if row.state != "PERFORMING":
        raise refuse(NOT_NOW, "termId")
    done = update(Term).where(T.c.id == term, T.c.kept_at.is_(None)).values(kept_at=now, kept_by=viewer.id)
    if (await session.rows(done)).rowcount:
        await emit(session, TermKept(mediation=row.id, term=term))
    return row.id  # type: ignore[no-any-return]


async def decided(session: Session, viewer: Viewer, mediation: UUID, confirmed: bool, now: datetime) -> UUID:
    """What the court said, as the mediator writes it down."""
    row = await _handled(session, viewer, mediation)
    state = "CONFIRMED" if confirmed else "REFUSED"
    end = update(Confirmation).where(C.c.mediation == row.id, C.c.state == "FILED")
    if not (await session.rows(end.values(state=state, ended_at=now))).rowcount:
        raise refuse(NOT_FOR_COURT, FIELD)
    return row.id  # type: ignore[no-any-return]


async def _handled(session: Session, viewer: Viewer, mediation: UUID) -> Any:
    """A case that the viewer handles, in line with what else is done to it."""
    await one_at_a_time(session, f"mediation {mediation}")
    row, teller = await standing_of(session, viewer, mediation)
    if teller is not Teller.MEDIATOR:
        raise refuse(NOT_FOUND, FIELD)
    return row
