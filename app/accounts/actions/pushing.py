"""Taking what WeChat pushes, once, and knowing its followers by their unionids."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB

from app.accounts.actions.identity import digest_of, opened, place_of
from app.accounts.events import ConsentPushed, FollowerPushed, MessageReported
from app.accounts.models import IdentityKind
from app.accounts.rules import pushed
from app.core.db import Session
from app.core.ids import new_id
from app.core.outbox import Event, emit
from app.core.sealing import KeyProvider, digest, seal_bytes
from app.outside.post import Channel
from app.outside.wechat.pushes import Push

KINDS = {Channel.MINI_PROGRAM: IdentityKind.WECHAT, Channel.OFFICIAL_ACCOUNT: IdentityKind.OFFICIAL}
AT_ONCE = 500

_TAKE = text(
    "SELECT verdict, person FROM door.take_push(:shown, :body, :push, :account, :kind, :once, :openid, :sealed, :scene,"
    " :said, :created)"
).bindparams(bindparam("said", type_=JSONB))


class Verdict(StrEnum):
    NEW = "NEW"
    AGAIN = "AGAIN"
    """A copy, which WeChat sends when it got no answer: it gets the same answer, and changes nothing."""
    REPLAYED = "REPLAYED"
    """Under a signature that was used: somebody else sends it."""


@dataclass(frozen=True)
class Shown:
    """How it came: what is signed, and the whole body."""

    timestamp: str
    nonce: str
    body: bytes


async def take(
    session: Session, keys: KeyProvider, account: Channel, push: Push, shown: Shown, templates: Mapping[str, str]
) -> Verdict:
    """One statement, and with the first copy of an event the facts that follow from it.

    `templates`: our keys by WeChat's ids. What people write is not kept, nor who wrote it.
    """
    secret = keys.secret("wechat-push")
    row: dict[str, Any] = {
        "shown": digest(secret, f"nonce|{account}|{shown.timestamp}|{shown.nonce}"),
        "body": digest(secret, f"body|{hashlib.sha256(shown.body).hexdigest()}"),
    }
    row |= _kept(keys, secret, account, push) if pushed.is_kept(push) else dict.fromkeys(_KEPT)
    verdict, person = (await session.rows(_TAKE, row)).one()
    if verdict == Verdict.NEW and row["push"] and (facts := _facts(row["push"], account, push, person, templates)):
        await emit(session, *facts)
    return Verdict(verdict)


async def openid_of(session: Session, keys: KeyProvider, push: UUID) -> tuple[str | None, str]:
    """(kind, openid) of one that was kept, the openid of who comes alone: for the worker, who asks WeChat who it is."""
    kind, known, sealed = (await session.rows(text("SELECT * FROM door.push_of(:push)"), {"push": push})).one()
    if kind is None or not sealed:
        return kind, ""
    return kind, opened(keys, IdentityKind.OFFICIAL, known, sealed)


async def follow(session: Session, keys: KeyProvider, push: UUID, unionid: str | None) -> None:
    """She follows the account, and is whoever has the same unionid, now or when that one signs in."""
    unioned = digest_of(keys, IdentityKind.UNION, unionid) if unionid else None
    await session.rows(select(func.door.follow(push, unioned)))


async def unfollow(session: Session, push: UUID) -> None:
    """Nothing reaches her there any more."""
    await session.rows(select(func.door.unfollow(push)))


async def bind_followed(session: Session, person: UUID) -> None:
    """She was seen with her unionid for the first time, and may have followed long before."""
    await session.rows(select(func.door.bind_followed(person)))


async def forget(session: Session) -> bool:
    """At most AT_ONCE pushes that are kept no longer; whether there may be more."""
    return bool((await session.rows(select(func.door.forget_pushes(AT_ONCE)))).scalar_one() >= AT_ONCE)


_KEPT = ("push", "account", "kind", "once", "openid", "sealed", "scene", "said", "created")


def _kept(keys: KeyProvider, secret: bytes, account: Channel, push: Push) -> dict[str, Any]:
    kind = KINDS[account]
    known = digest_of(keys, kind, push.sender)
    return {
        "push": new_id(),
        "account": account.value,
        "kind": push.kind,
        "once": digest(secret, f"push|{account}|{push.once}"),
        "openid": known,
        # Only who comes is looked for at WeChat; of all others the digest is enough.
        "sealed": seal_bytes(keys.secret("identity"), push.sender.encode(), place_of(kind, known))
        if push.kind in pushed.FOLLOWING
        else b"",
        "scene": pushed.scene(push),
        "said": pushed.opinion(push) | {"reports": [vars(report) for report in pushed.reports(push)]},
        "created": datetime.fromtimestamp(push.created_at, UTC),
    }


def _facts(id: UUID, account: Channel, push: Push, person: UUID | None, templates: Mapping[str, str]) -> list[Event]:
    facts: list[Event] = []
    if account is Channel.OFFICIAL_ACCOUNT and push.kind in pushed.FOLLOWING | {pushed.LEAVING}:
        facts.append(FollowerPushed(push=id))
    if person is not None:
        facts += [
            ConsentPushed(person=person, channel=account.value, **vars(consent))
            for consent in pushed.consents(push, templates)
        ]
    facts += [MessageReported(channel=account.value, **vars(report)) for report in pushed.reports(push)]
    return facts
