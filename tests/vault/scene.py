"""A question, and everybody who may or may not know of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.actions import codes, sessions
from app.accounts.models import IdentityKind
from app.core import uses
from app.core.access import Viewer
from app.core.db import NOBODY, Database, now
from app.core.sealing import KeyProvider
from app.graph.ids import parse_id
from tests.city import CONTENT, REFUSED, City
from tests.vault.later import do, live_on

DRAFT = f"""mutation ($seat: ID!, $content: AnswerContentInput!) {{
  saveAnswerDraft(input: {{seatId: $seat, content: $content}}) {{ __typename {REFUSED} }} }}"""
DECLINE = f"""mutation ($offer: ID!) {{
  declineOffer(input: {{offerId: $offer, reason: BUSY}}) {{ __typename {REFUSED} }} }}"""

DENIED = "42501"
"""PostgreSQL's insufficient_privilege: no such right, or a new row that row-level security forbids."""


@dataclass(frozen=True)
class Scene:
    """`question` was asked by `asker`; of the lawyers one answered, one writes, one was offered it, one declined."""

    city: City
    asker: Viewer
    question: UUID
    brief: UUID
    answered: Viewer
    seated: Viewer
    offered: Viewer
    declined: Viewer
    unoffered: Viewer
    other: Viewer
    others_question: UUID
    stranger: Viewer


async def signs_in(city: City, phone: str) -> Viewer:
    """A resident with all that signing in leaves behind."""
    keys = city.doors[KeyProvider]
    async with city.db.acting(NOBODY) as session:
        await codes.make_code(session, keys, phone, "203.0.113.7", now(session))
        done = await sessions.sign_in(session, keys, IdentityKind.SMS, phone, "电话", now(session))
    assert isinstance(done, sessions.Issued)
    await city.consent(done.viewer)
    return done.viewer


async def play(city: City) -> Scene:
    asker, other = await signs_in(city, "+8613800000001"), await signs_in(city, "+8613800000002")
    answered, seated, offered, declined = await city.lawyers(4)
    unoffered = await city.lawyer(pool="NATION")
    id = await city.asked(asker)
    await city.settle()
    seat = await city.claim(answered)
    await city.answer(answered, seat["id"])
    seat = await city.claim(seated)
    assert (await city.one(seated, DRAFT, seat=seat["id"], content=CONTENT))["__typename"] == "Seat"
    (offer,) = await city.offer_ids(declined)
    assert (await city.one(declined, DECLINE, offer=offer))["__typename"] == "Offer"
    await city.settle()
    others = await city.asked(other)
    said = {"kind": "PICTURE", "bytes": 9, "contentType": "image/png", "idempotencyKey": "of-the-other"}
    await do(city, other, "createUpload", "CreateUploadInput", **said)
    question = key_of(id)
    ((brief,),) = await city.sql("SELECT id FROM app.brief WHERE question = :q", q=question)
    stranger = await city.resident()
    await live_on(city, question, asker, answered, offered, stranger)
    async with city.db.acting(NOBODY) as session:
        await uses.add(session, {("Query.old", "miniprogram", "1.4.2"): 1})
    return Scene(
        city,
        asker,
        question,
        brief,
        answered,
        seated,
        offered,
        declined,
        unoffered,
        other,
        key_of(others),
        stranger,
    )


def key_of(id: str) -> UUID:
    return UUID(parse_id(id)[1])


async def attempt(db: Database, person: UUID | str, statement: str, **parameters: Any) -> str:
    """What comes of a statement sent raw in somebody's name: `rows=n`, or the SQLSTATE of the error."""
    said = {name: value for name, value in parameters.items() if f":{name}" in statement}
    try:
        async with db.acting(person) as session:
            result = await session.rows(text(statement), said)
            return f"rows={len(result.all()) if result.returns_rows else result.rowcount}"
    except DBAPIError as error:
        return str(getattr(error.orig, "sqlstate", error))
