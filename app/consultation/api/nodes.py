"""Nodes by id: each goes through the loader that its edges use, so that both see the same."""

from uuid import UUID

from app.consultation import loaders, reads
from app.consultation.types.answer import Answer
from app.consultation.types.question import Question
from app.consultation.types.seat import Offer, Seat
from app.core.errors import NOT_FOUND, refuse
from app.graph.context import Info
from app.graph.ids import Fetch, as_uuid


async def questions(info: Info, keys: list[str]) -> list[Question | None]:
    rows = await info.context.loader(loaders.QuestionById).load_many([as_uuid(key) for key in keys])
    return [Question.of(row) if row else None for row in rows]


async def answers(info: Info, keys: list[str]) -> list[Answer | None]:
    if info.context.viewer is None:
        return [None] * len(keys)
    async with info.context.read() as session:
        found = {row.id: row for row in await reads.answers(session, info.context.viewer, map(as_uuid, keys))}
    return [Answer.of(found[as_uuid(key)]) if as_uuid(key) in found else None for key in keys]


async def seats(info: Info, keys: list[str]) -> list[Seat | None]:
    rows = await info.context.loader(loaders.SeatById).load_many([as_uuid(key) for key in keys])
    return [Seat.of(row, info.context.now) if row else None for row in rows]


async def seat_found(info: Info, id: UUID) -> Seat:
    """A seat as it stands now, after something was done with it."""
    row = await info.context.loader(loaders.SeatById).load(id)
    if row is None:
        raise refuse(NOT_FOUND)
    return Seat.of(row, info.context.now)


async def offers(info: Info, keys: list[str]) -> list[Offer | None]:
    """An offer's key is `question.lawyer`; that of another lawyer is not found, whoever asks."""
    pairs = [offer_key(key) for key in keys]
    rows = await info.context.loader(loaders.OfferOfQuestion).load_many([question for question, _ in pairs])
    return [
        Offer.of(row, info.context.now) if row and row.lawyer == lawyer else None
        for row, (_, lawyer) in zip(rows, pairs, strict=True)
    ]


def offer_key(key: str, field: str = "id") -> tuple[UUID, UUID]:
    question, _, lawyer = key.partition(".")
    return as_uuid(question, field), as_uuid(lawyer, field)


NODES: dict[str, Fetch] = {"Question": questions, "Answer": answers, "Seat": seats, "Offer": offers}
