"""Who follows the official account, whose name that is, and how long it is kept how somebody came. May run twice."""

from datetime import datetime

import structlog

from app.accounts.actions import pushing
from app.accounts.events import FollowerPushed, PersonUnited
from app.accounts.rules.pushed import LEAVING
from app.core.db import NOBODY, Database, Session, door
from app.core.outbox import Errand, Event, Reaction, emit
from app.core.retention import RoundDue
from app.core.sealing import KeyProvider
from app.outside.wechat.errors import WeChatError, WeChatMisconfigured, WeChatTooOften, WeChatUnavailable
from app.outside.wechat.official_account import Follower, OfficialAccount

log = structlog.get_logger("accounts")


async def who_follows(db: Database, event: FollowerPushed) -> tuple[str | None, Follower | None]:
    """WeChat alone can say whose openid it is; what has come is only that she came, or went."""
    async with db.acting(NOBODY) as session:
        kind, openid = await pushing.openid_of(session, db.door(KeyProvider), event.push)
    if not openid:
        return kind, None
    try:
        return kind, await db.door(OfficialAccount).follower(openid)
    except (WeChatUnavailable, WeChatTooOften, WeChatMisconfigured):
        raise  # the outbox tries again, ever more slowly
    except WeChatError as error:
        # No such openid any more, or an account that may not ask: another time nothing else would be said.
        log.warning("follower_not_known", errcode=error.errcode)
        return kind, None


async def follow(
    session: Session, event: FollowerPushed, now: datetime, found: tuple[str | None, Follower | None]
) -> None:
    kind, follower = found
    if kind == LEAVING:
        await pushing.unfollow(session, event.push)
    elif follower and follower.follows:
        await pushing.follow(session, door(session, KeyProvider), event.push, follower.unionid)


async def bind(session: Session, event: PersonUnited, now: datetime) -> None:
    await pushing.bind_followed(session, event.person)


async def forget_pushes(session: Session, event: RoundDue, now: datetime) -> None:
    if event.what == "push" and await pushing.forget(session):
        await emit(session, event)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    FollowerPushed: (Errand(who_follows, follow),),
    PersonUnited: (bind,),
    RoundDue: (forget_pushes,),
}
