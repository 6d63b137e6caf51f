"""The certificate of an entry that was awarded something: ordered by whose it is, sealed under the entry's own key."""

from datetime import datetime
from uuid import UUID

from app.accounts.reads import readiness
from app.accounts.rules.consenting import against_asking
from app.activities.reads import activities
from app.contests import reads
from app.contests.actions.entering import title_of
from app.contests.models import EntryState
from app.contests.rules import awarding as rules
from app.core.access import Viewer
from app.core.db import Session
from app.core.errors import NOT_FOUND, refuse, refuse_if
from app.core.sealing import KeyProvider
from app.core.texts import against_text
from app.papers.actions.ordering import Order, order
from app.papers.models import PaperKind
from app.papers.reads import name_of
from app.papers.rules.certificates import Won, award_of
from app.places.rules.workdays import today
from app.vault.actions.keys import release


async def certify(session: Session, viewer: Viewer, keys: KeyProvider, id: UUID, name: str, now: datetime) -> None:
    """Ordered twice it is one, with the name that was said first; of a child that her guardian still agrees to."""
    refuse_if(list(against_text(name, "name", *rules.NAME)))
    row = next(iter(await reads.entries(session, viewer, [id])), None)
    if row is None or row.person != viewer.id:
        raise refuse(NOT_FOUND, "entryId")
    refuse_if(list(against_asking(await readiness(session, viewer.id), "", in_danger=False)))
    if row.state != EntryState.AWARDED:
        raise refuse(rules.NOT_AWARDED, "entryId")
    (shown,) = await reads.exhibits(session, [id])
    (contest,) = await activities(session, viewer, [row.activity])
    if contest.institution is None:
        raise refuse(rules.NO_INSTITUTION, "entryId")
    key, day = (await release(session, keys, viewer, [id]))[id], today(now)
    number = f"{day:%Y%m%d}-{id.hex[-8:].upper()}"
    won = Won(name.strip(), contest.title, title_of(key, row), shown.award)
    said = award_of(await name_of(session, contest.institution), number, day, won)
    await order(session, keys, Order(id, key, id, PaperKind.CONTEST_CERTIFICATE, contest.institution, said), now)
