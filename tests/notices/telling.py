"""What the stories of this room begin with."""

from collections.abc import Iterable
from uuid import UUID

from app.core.access import Viewer
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.notices.actions import tell
from app.notices.models import NoticeKind
from tests.city import City


async def told(
    city: City,
    *people: Viewer,
    kind: NoticeKind = NoticeKind.NEW_ANSWER,
    about: UUID | None = None,
    cause: UUID | None = None,
) -> None:
    """As a reaction would, in the worker's name."""
    async with city.worker.acting(NOBODY) as session:
        ids: Iterable[UUID] = [person.id for person in people]
        await tell(session, ids, kind, about or new_id(), cause or new_id(), now(session))
