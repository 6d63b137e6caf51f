"""What lies on a lawyer's desk while she watches it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from app.consultation import reads
from app.consultation.models import OfferEventKind
from app.core import feed
from app.core.access import Viewer
from app.core.crowd import Crowd
from app.core.db import Session, now
from app.directory.actions.presence import saw, unseen
from app.graph.context import Context
from app.graph.live import Frame
from app.graph.rounds import Rounds

SNAPSHOT: Final = 50
SIGN_EVERY: Final = timedelta(seconds=15)
"""With a look every 10 s and one writing a minute, a sign of life is never older than the 90 s it is good for."""
_KINDS: Final = list(OfferEventKind)


class Desk:
    """The offers that the events are about (at first, the live ones), and her seats.

    Who looks is present, which is written down once a minute at most.
    """

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.unseen = False
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
        if first:
            offers = await reads.live_offers(session, self.viewer, SNAPSHOT)
        else:
            offers = await reads.offers(session, self.viewer, _questions(events))
        return offers, await reads.held_seats(session, self.viewer)

    async def again(self, context: Context, after: feed.Cursor) -> Frame:
        """A look together with all the others who are woken now."""
        frame = await _ROUNDS.look(context, self, after)
        if self.unseen:
            self.unseen = False
            async with context.wake.looks, context.acting(self.viewer) as session:
                await saw(session, self.viewer)
        return frame

    def is_due(self, moment: datetime) -> bool:
        """Whether it is time to ask for a sign of life; asked then, it is not for a while."""
        due = self._noted is None or moment - self._noted >= SIGN_EVERY
        self._noted = moment if due else self._noted
        return due


def _questions(events: Sequence[Any]) -> set[UUID]:
    return {UUID(event.ids["question"]) for event in events}


async def _look(crowd: Crowd, desks: Sequence[tuple[Desk, feed.Cursor]]) -> list[tuple[feed.News, Any]]:
    if due := [desk for desk, _ in desks if desk.is_due(crowd.now)]:
        absent = await unseen(crowd, [desk.viewer.id for desk in due])
        for desk in due:
            desk.unseen = desk.viewer.id in absent
    news = await feed.of_people(crowd, [(desk.viewer.id, after) for desk, after in desks], _KINDS)
    woken = [desk.viewer.id for (desk, _), (events, _) in zip(desks, news, strict=True) if events]
    asked = [_questions(events) for events, _ in news if events]
    each = [(lawyer, question) for lawyer, some in zip(woken, asked, strict=True) for question in some]
    found = iter(await reads.offers_of_each(crowd, each) if each else [])
    held = iter(await reads.held_seats_of_each(crowd, woken) if woken else [])
    questions = iter(asked)

    def beside(events: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
        if not events:
            return (), ()
        offers = chain.from_iterable(next(found) for _ in next(questions))
        return sorted(offers, key=_offered_at, reverse=True), next(held)

    return [(one, beside(one[0])) for one in news]


_offered_at: Final = attrgetter("offered_at")
_ROUNDS: Final = Rounds(_look)
