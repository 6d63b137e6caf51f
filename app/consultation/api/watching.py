"""What lies on a lawyer's desk while she watches it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from app.consultation import reads
from app.consultation.models import OfferEventKind
from app.consultation.types.seat import Offer, OfferEvent, OfferUpdates, Seat
from app.core import feed
from app.core.access import Viewer
from app.core.crowd import Crowd
from app.core.db import Session, now
from app.directory.actions.presence import saw, unseen
from app.graph.context import Context
from app.graph.live import Frame
from app.graph.rounds import Rounds
from app.graph.wake import Bell

SNAPSHOT: Final = 50
SIGN_EVERY: Final = timedelta(seconds=15)
"""With a look every 10 s and one writing a minute, a sign of life is never older than the 90 s it is good for."""
_KINDS: Final = list(OfferEventKind)


class Desk:
    """The offers that the events are about (at first, the live ones), and her seats.

    Who looks is present, which is written down once a minute at most.
    """

    def __init__(self, viewer: Viewer, asked: frozenset[str]) -> None:
        """`asked`: which fields of `OfferUpdates` she wants; what she does not is not read."""
        self.viewer = viewer
        self.offers, self.seats = "offers" in asked, "seats" in asked
        self.is_busy = False
        """Whether a sign of life is to be written."""
        self._noted: datetime | None = None

    async def news(self, session: Session, after: feed.Cursor) -> feed.News:
        return await feed.of_person(session, after, self.viewer.id, _KINDS)

    async def __call__(
        self, session: Session, events: Sequence[Any], first: bool
    ) -> tuple[Sequence[Any], Sequence[Any]]:
        if self.is_due(now(session)):
            await saw(session, self.viewer)
        if not (events or first):
            return (), ()
        offers: Sequence[Any] = ()
        if self.offers and first:
            offers = await reads.live_offers(session, self.viewer, SNAPSHOT)
        elif self.offers:
            offers = await reads.offers(session, self.viewer, map(UUID, _questions(events)))
        return offers, await reads.held_seats(session, self.viewer) if self.seats else ()

    async def again(self, context: Context, bell: Bell, last: Frame) -> Frame:
        """A look together with all the others who are woken now."""
        frame = await _ROUNDS.look(context, self, bell, last)
        if self.is_busy:
            self.is_busy = False
            async with context.wake.looks, context.acting(self.viewer) as session:
                await saw(session, self.viewer)
        return frame

    def is_due(self, moment: datetime) -> bool:
        """Whether it is time to ask for a sign of life; asked then, it is not for a while."""
        due = self._noted is None or moment - self._noted >= SIGN_EVERY
        self._noted = moment if due else self._noted
        return due


def _questions(events: Sequence[Any]) -> set[str]:
    return {event.ids["question"] for event in events}


async def _look(crowd: Crowd, desks: Sequence[tuple[Desk, feed.Cursor]]) -> list[tuple[feed.News, Any]]:
    if due := [desk for desk, _ in desks if desk.is_due(crowd.now)]:
        absent = await unseen(crowd, [desk.viewer.id for desk in due])
        for desk in due:
            desk.is_busy = desk.viewer.id in absent
    news = await feed.of_people(crowd, [(desk.viewer.id, after) for desk, after in desks], _KINDS)
    woken = [desk for (desk, _), (events, _) in zip(desks, news, strict=True) if events]
    about = [_questions(events) for events, _ in news if events]
    seats = await _seats(crowd, [desk for desk in woken if desk.seats])
    offers = await _offers(crowd, [(desk, some) for desk, some in zip(woken, about, strict=True) if desk.offers])
    return [
        (one, (offers.get(desk, ()), seats.get(desk, ())) if one[0] else ((), ()))
        for (desk, _), one in zip(desks, news, strict=True)
    ]


async def _offers(crowd: Crowd, desks: Sequence[tuple[Desk, Iterable[str]]]) -> dict[Desk, Sequence[Any]]:
    asked = [(desk, question) for desk, some in desks for question in some]
    if not asked:
        return {}
    found: dict[Desk, list[Any]] = defaultdict(list)
    each = await reads.offers_of_each(crowd, [(desk.viewer.id, question) for desk, question in asked])
    for (desk, _), rows in zip(asked, each, strict=True):
        found[desk] += rows
    return {desk: sorted(rows, key=_offered_at, reverse=True) for desk, rows in found.items()}


async def _seats(crowd: Crowd, desks: Sequence[Desk]) -> dict[Desk, Sequence[Any]]:
    if not desks:
        return {}
    return dict(zip(desks, await reads.held_seats_of_each(crowd, [desk.viewer.id for desk in desks]), strict=True))


def updates(frame: Frame, moment: datetime) -> OfferUpdates:
    offers, seats = frame.found
    return OfferUpdates(
        events=[OfferEvent(row=event) for event in frame.events],
        offers=[Offer.of(row, moment) for row in offers],
        seats=[Seat.of(row, moment) for row in seats],
        resync=frame.resync,
        cursor=str(frame.cursor),
        server_time=moment,
    )


_offered_at: Final = attrgetter("offered_at")
_ROUNDS: Final = Rounds(_look, updates)
