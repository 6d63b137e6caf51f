"""How often passwords may be tried, counted where no wiped Redis forgets it.

A try is counted and committed before the password is looked at. Of fifty at once each waits for the row and sees what
those before it left.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts import reads
from app.accounts.models import SignInTry
from app.accounts.rules.passwords import FORGOTTEN, FREE, FREE_OF_A_NETWORK, against_trying_again
from app.accounts.rules.said import counted_as
from app.core.db import Session
from app.core.errors import refuse_if
from app.core.sealing import KeyProvider, digest

Y = reads.Y


class Counted:
    """What a try is counted under: whose password it is or would be, and the network it comes from."""

    def __init__(self, keys: KeyProvider, whose: UUID | str, address: str) -> None:
        secret = keys.secret("sign-in-try")
        self.whose = digest(secret, f"whose|{whose}")
        self.network = digest(secret, f"network|{counted_as(address)}")

    @property
    def digests(self) -> Sequence[bytes]:
        return self.whose, self.network


async def count(session: Session, counted: Counted, now: datetime) -> None:
    """One more try, before it is known whether in vain. Refuses TRY_LATER. The digests must be presented."""
    rows = [{"digest": one, "tries": 0, "last_at": now} for one in sorted(counted.digests)]
    await session.rows(insert(SignInTry).inline().on_conflict_do_nothing(), rows)
    locked = select(*Y.c).where(Y.c.digest.in_(counted.digests)).order_by(Y.c.digest).with_for_update()
    for row in (await session.rows(locked)).all():
        free = FREE if row.digest == counted.whose else FREE_OF_A_NETWORK
        refuse_if(list(against_trying_again(row.tries, row.last_at, now, free)))
    still = case((Y.c.last_at > now - FORGOTTEN, Y.c.tries), else_=0)
    more = update(SignInTry).where(Y.c.digest.in_(counted.digests))
    await session.rows(more.values(tries=still + 1, last_at=func.greatest(Y.c.last_at, now)))


async def succeeded(session: Session, counted: Counted) -> None:
    """It was not in vain: hers begin anew, and her network is given back the one."""
    less = case((Y.c.digest == counted.whose, 0), else_=func.greatest(Y.c.tries - 1, 0))
    await session.rows(update(SignInTry).where(Y.c.digest.in_(sorted(counted.digests))).values(tries=less))
