"""A lawyer's desk: offers, seats, and why she is called."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry

from app.consultation import models, reads
from app.consultation.actions import seats as actions
from app.consultation.api.nodes import offer_key, seat_found
from app.consultation.api.watching import Desk, updates
from app.consultation.loaders import OfferOfQuestion
from app.consultation.rules import dispatch
from app.consultation.types import seat as types
from app.consultation.types.seat import Hindrance, Offer, OfferReasons, Seat, Turn
from app.core import feed
from app.core.db import now
from app.core.errors import NOT_FOUND, Refused, refuse
from app.core.sealing import KeyProvider
from app.directory.loaders import LawyerById
from app.directory.models import Availability
from app.directory.rules.presence import online, snoozed
from app.graph import live, refusals
from app.graph.asked import asked
from app.graph.context import Info, viewer
from app.graph.ids import key_of, uuid_of
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import IsLawyer


@strawberry.input(description="The question you want to answer.")
class ClaimOfferInput:
    offer_id: strawberry.ID = strawberry.field(description="An offer of yours that is still open.")
    idempotency_key: str = strawberry.field(description="8 to 64 characters, the same for repeats of this request.")


@strawberry.input(description="The question you do not take.")
class DeclineOfferInput:
    offer_id: strawberry.ID = strawberry.field(description="An offer of yours that is still open.")
    reason: models.DeclineReason = strawberry.field(description="Why; the asker is not told.")


@strawberry.input(description="The seat that needs a little more time.")
class ExtendLeaseInput:
    seat_id: strawberry.ID = strawberry.field(description="Your seat, its lease still running and not extended yet.")


@strawberry.input(description="The seat that another lawyer may have.")
class ReleaseSeatInput:
    seat_id: strawberry.ID = strawberry.field(description="Your seat, before an answer was delivered from it.")


@strawberry.type
class DeskQuery:
    @strawberry.field(permission_classes=[IsLawyer], description="Questions offered to you, newest first.")
    async def offers(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Offer] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.offer_page(session, viewer(info), wanted)
        node = partial(Offer.of, now=info.context.now)
        return connect(wanted, rows, lambda row: (row.offered_at, row.question), node)  # type: ignore[no-any-return]

    @strawberry.field(permission_classes=[IsLawyer], description="Seats you hold or held, newest first.")
    async def seats(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Seat] | None:
        wanted = page(first, after, last, before)
        async with info.context.read() as session:
            rows = await reads.seat_page(session, viewer(info), wanted)
        node = partial(Seat.of, now=info.context.now)
        return connect(wanted, rows, lambda row: (row.claimed_at, row.id), node)  # type: ignore[no-any-return]

    @strawberry.field(permission_classes=[IsLawyer], description="Why you are or are not offered questions now.")
    async def my_turn(self, info: Info) -> Turn | None:
        me = await info.context.loader(LawyerById).load(viewer(info).id)
        if me is None:
            raise refuse(NOT_FOUND)
        async with info.context.read() as session:
            _, policy = await reads.current_policy(session)
            leases, offers = await reads.turn(session, viewer(info), policy)
        moment = info.context.now
        stands = (
            (me.availability == Availability.AWAY, Hindrance.AWAY),
            (snoozed(me.snoozed_until, moment), Hindrance.SNOOZED),
            (leases >= policy.leases_a_lawyer, Hindrance.LEASES_FULL),
            (offers >= policy.offers_a_window, Hindrance.OFFERS_FULL),
        )
        waited: timedelta = moment - me.offered_at

        def standing(match: bool) -> OfferReasons:
            candidate = dispatch.Candidate(
                id=me.id,
                firm=me.firm,
                pool=me.pool,
                match=match,
                online=online(me.seen_at, me.availability, moment, me.snoozed_until),
                seats_ended=me.seats_ended,
                seats_kept=me.seats_kept,
                waited=waited,
                leases=leases,
            )
            return OfferReasons.of_figures(dispatch.figures(candidate))

        return Turn(
            hindrances=[hindrance for holds, hindrance in stands if holds],
            leases=leases,
            leases_max=policy.leases_a_lawyer,
            offers=offers,
            offers_max=policy.offers_a_window,
            window_seconds=int(policy.window.total_seconds()),
            last_offered_at=me.offered_at if waited < timedelta(days=3650) else None,
            in_her_field=standing(True),
            elsewhere=standing(False),
        )

    @strawberry.field(
        permission_classes=[IsLawyer], description="The polling twin of the subscription of the same name."
    )
    async def offer_updates(self, info: Info, after: live.Since = None) -> types.OfferUpdatesResult | None:
        start = feed.cursor(after)
        desk = Desk(viewer(info), asked(info))
        return updates(await live.look(info.context, desk.news, start, desk), info.context.now)


@strawberry.type
class DeskMutation:
    @strawberry.mutation(permission_classes=[IsLawyer], description="Take a seat on an offered question.")
    async def claim_offer(
        self, info: Info, input: Annotated[ClaimOfferInput, strawberry.argument(description="Which offer you take.")]
    ) -> types.ClaimOfferResult | None:
        question = _question_of(info, input.offer_id)
        async with info.context.write() as session:
            keys = info.context.door(KeyProvider)
            seat = await actions.claim(session, viewer(info), keys, question, input.idempotency_key)
        return await seat_found(info, seat)

    @strawberry.mutation(permission_classes=[IsLawyer], description="Say no to an offer; it will not come again.")
    async def decline_offer(
        self, info: Info, input: Annotated[DeclineOfferInput, strawberry.argument(description="Which, and why.")]
    ) -> types.DeclineOfferResult | None:
        question = _question_of(info, input.offer_id)
        async with info.context.write() as session:
            await actions.decline(session, viewer(info), question, input.reason)
        row = await info.context.loader(OfferOfQuestion).load(question)
        return Offer.of(row, info.context.now)

    @strawberry.mutation(permission_classes=[IsLawyer], description="Ask for two more minutes, once.")
    async def extend_lease(
        self,
        info: Info,
        input: Annotated[ExtendLeaseInput, strawberry.argument(description="Which seat needs more time.")],
    ) -> types.ExtendLeaseResult | None:
        seat = uuid_of(input.seat_id, "Seat", "seatId")
        async with info.context.write() as session:
            await actions.extend(session, viewer(info), seat, now(session))
        return await seat_found(info, seat)

    @strawberry.mutation(permission_classes=[IsLawyer], description="Give a seat back, for another to take.")
    async def release_seat(
        self,
        info: Info,
        input: Annotated[ReleaseSeatInput, strawberry.argument(description="Which seat you give back.")],
    ) -> types.ReleaseSeatResult | None:
        seat = uuid_of(input.seat_id, "Seat", "seatId")
        async with info.context.write() as session:
            await actions.release_seat(session, viewer(info), seat, now(session))
        return await seat_found(info, seat)


@strawberry.type
class DeskSubscription:
    @strawberry.subscription(
        permission_classes=[IsLawyer],
        description="Your live offers and seats, then their news: one stream for offers, seats and their clocks.",
    )
    async def offer_updates(
        self, info: Info, after: live.Since = None
    ) -> AsyncGenerator[types.OfferUpdatesResult, None]:
        try:
            start = feed.cursor(after)
        except Refused as refused:
            yield refusals.Refused.of(refused, info.context.language)
            return
        me = viewer(info)
        desk = Desk(me, asked(info))
        async for frame in live.follow(info.context, me.id, desk.news, start, desk, partial(desk.again, info.context)):
            info.context.forget()
            yield updates(frame, info.context.now)


def _question_of(info: Info, offer_id: str) -> UUID:
    question, lawyer = offer_key(key_of(offer_id, "Offer", "offerId"), "offerId")
    if lawyer != viewer(info).id:
        raise refuse(NOT_FOUND, "offerId")
    return question
