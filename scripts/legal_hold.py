"""Keeps a question, or all that is a person's, from being erased, by an order in writing:

    python -m scripts.legal_hold place --subject ID --why WORDS --document NUMBER --by NAME
    python -m scripts.legal_hold lift  --subject ID --document NUMBER --by NAME
    python -m scripts.legal_hold list

ID is the id of a question or of a person, as the graph gives it. A hold opens nothing to anybody: what it keeps is only
stored (PIPL 47). Whoever wants to erase it is told that a hold keeps it. It signs in as the owner of the tables
(`scripts.owner`).
"""

import argparse
import asyncio
import sys
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.accounts.models import LegalHold
from app.core.db import NOBODY, Database, Session, connect, now
from app.core.errors import Refused
from app.core.ids import new_id
from app.graph.ids import as_uuid, parse_id
from scripts.owner import as_owner

H: Any = LegalHold.__table__  # type: ignore[attr-defined]
KINDS = ("Question", "Viewer", "PersonFile")
"""A person is a Viewer to herself alone; administrators find her by her telephone, as a PersonFile."""


async def place(session: Session, subject: UUID, why: str, document: str, by: str) -> None:
    """Raises ValueError where no question and no person has that id: an order would be taken for obeyed."""
    if not (await session.rows(select(func.door.can_be_held(subject)))).scalar_one():
        raise ValueError("There is no question and no person of that id here: nothing is held.")
    row = {"id": new_id(), "subject": subject, "why": why, "document": document}
    await session.rows(insert(LegalHold).inline().values(row | {"placed_by": by, "placed_at": now(session)}))


async def lift(session: Session, subject: UUID, document: str, by: str) -> bool:
    live = H.c.subject == subject, H.c.document == document, H.c.lifted_at.is_(None)
    done = await session.rows(update(LegalHold).where(*live).values(lifted_by=by, lifted_at=now(session)))
    return bool(done.rowcount)


async def holds(session: Session) -> list[str]:
    """Those that stand, oldest first."""
    live = select(H).where(H.c.lifted_at.is_(None)).order_by(H.c.placed_at)
    rows = (await session.rows(live)).all()
    return [f"{row.placed_at:%Y-%m-%d}  {row.subject}  {row.document}  by {row.placed_by}: {row.why}" for row in rows]


def subject_of(said: str) -> UUID:
    """Raises ValueError for what is no question and no person."""
    try:
        kind, key = parse_id(said)
        if kind in KINDS:
            return as_uuid(key)
    except Refused:
        pass
    raise ValueError(f"{said} is not the id of a question or of a person.")


async def _do(asked: argparse.Namespace) -> str:
    owner = Database(connect(asked.owner_url, pool=1))
    try:
        async with owner.acting(NOBODY) as session:
            match asked.act:
                case "place":
                    await place(session, subject_of(asked.subject), asked.why, asked.document, asked.by)
                    return "It is kept from now on. What had been erased before is gone."
                case "lift":
                    found = await lift(session, subject_of(asked.subject), asked.document, asked.by)
                    return "The hold is lifted." if found else "No such hold stands."
            return "\n".join(await holds(session)) or "No hold stands."
    finally:
        await owner.engine.dispose()


def main(arguments: list[str]) -> int:
    asked = _options(arguments)
    try:
        print(asyncio.run(_do(asked)))
    except ValueError as reason:
        print(reason, file=sys.stderr)
        return 1
    except IntegrityError:
        print("This hold stands already, or one of its words is empty or too long.", file=sys.stderr)
        return 1
    except (SQLAlchemyError, OSError) as fault:
        print(f"The database refused: {type(getattr(fault, 'orig', None) or fault).__name__}.", file=sys.stderr)
        return 1
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.legal_hold", description="Legal holds.")
    acts = parser.add_subparsers(dest="act", required=True)
    for act in ("place", "lift"):
        told = acts.add_parser(act)
        told.add_argument("--subject", required=True, help="a question's or a person's id, as the graph gives it")
        told.add_argument("--document", required=True, help="the number of the order")
        told.add_argument("--by", required=True, help="who places or lifts it")
        if act == "place":
            told.add_argument("--why", required=True, help="what it serves, without naming the case")
    acts.add_parser("list")
    return as_owner(parser, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
