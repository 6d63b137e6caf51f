"""What WeChat pushes is looked at, kept and answered, within the five seconds that it waits.

https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html: where no answer
comes in time it pushes the same again, three times in all, and then shows whoever wrote to the account that it is out
of order; "success" or a reply ends it. So:

- what people write needs no database, and is answered whatever that does;
- an event that could not be kept in time is answered 503 and never "success". The attempt goes on: the next copy finds
  it done after all, or does it, and nothing is done twice;
- what is not WeChat's gets a bare status.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from app.accounts.actions import pushing
from app.accounts.actions.pushing import Shown, Verdict
from app.accounts.rules import pushed
from app.core.db import NOBODY, Database
from app.core.sealing import KeyProvider
from app.outside.post import Channel
from app.outside.wechat.pushes import LARGEST, Mailbox, Push, PushRefused

TO_ARRIVE = 1.5
TO_KEEP = 2.5
"""Seconds: with what is in between less than WeChat's five."""
AT_ONCE, WAITING = 8, 500
"""How many are kept at once, so that pushes leave connections to people, and how many may wait for it. One takes some
milliseconds: where so many wait, the database hangs."""
STATUS = {"oversized": 413, "malformed": 400, "forged": 403, "stale": 403, "replayed": 403, "late": 408}
DONE = "success"

log = structlog.get_logger("wechat")


@dataclass(frozen=True)
class Account:
    """One that pushes. `templates`: our keys by WeChat's ids; `links`: addresses of cards by their keys; `home`: of our
    own page."""

    channel: Channel
    mailbox: Mailbox = field(repr=False)
    templates: Mapping[str, str] = field(default_factory=dict)
    mini_program: str = ""
    home: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


class Callback:
    def __init__(self, db: Database, keys: KeyProvider, account: Account) -> None:
        self._db, self._keys, self._account = db, keys, account
        self._room = asyncio.Semaphore(AT_ONCE)
        self._trying: set[asyncio.Task[Verdict | None]] = set()

    async def echo(self, request: Request) -> Response:
        """WeChat is told our address, and wants to hear from whoever knows the token."""
        try:
            return _said(self._account.mailbox.echo(request.query_params))
        except PushRefused as refused:
            return self._refused(refused.reason)

    async def take(self, request: Request) -> Response:
        query = request.query_params
        try:
            body = await _body(request)
            push = self._account.mailbox.open(query, body, time.time())
        except PushRefused as refused:
            return self._refused(refused.reason)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        verdict = await self._kept(push, Shown(query["timestamp"], query["nonce"], body))
        if verdict is Verdict.REPLAYED:
            return self._refused("replayed")
        if verdict is None and pushed.is_kept(push):
            return Response(status_code=503)
        return _said(self._reply(push, query["nonce"]))

    async def _kept(self, push: Push, shown: Shown) -> Verdict | None:
        """None where the database did not do it in time."""
        if len(self._trying) >= WAITING:
            return None
        trying = asyncio.create_task(self._keep(push, shown))
        self._trying.add(trying)
        trying.add_done_callback(self._trying.discard)
        # Not cancelled: to break off a statement asks the database again, which may be what hangs.
        done, _ = await asyncio.wait({trying}, timeout=TO_KEEP)
        return trying.result() if done else None

    async def _keep(self, push: Push, shown: Shown) -> Verdict | None:
        account = self._account
        try:
            async with self._room, self._db.acting(NOBODY) as session:
                return await pushing.take(session, self._keys, account.channel, push, shown, account.templates)
        # Whatever it is, WeChat is answered; what it was about is in no log.
        except Exception as error:
            log.error("push_not_kept", account=account.channel, kind=type(error).__name__)
            return None

    def _reply(self, push: Push, nonce: str) -> str:
        account = self._account
        said = pushed.card(push) if account.channel is Channel.OFFICIAL_ACCOUNT else None
        if said is None:
            return DONE
        content = pushed.as_reply(said, account.mini_program, account.home, account.links)
        return account.mailbox.reply(push, content, int(datetime.now(UTC).timestamp()), nonce)

    def _refused(self, reason: str) -> Response:
        log.warning("push_refused", account=self._account.channel, reason=reason)
        return Response(status_code=STATUS[reason])


async def _body(request: Request) -> bytes:
    """No more of it is held than a push can have, and no longer waited for than there is time."""
    with suppress(ValueError):
        if int(request.headers.get("content-length", "0")) > LARGEST:
            raise PushRefused("oversized")
    body = b""
    try:
        async with asyncio.timeout(TO_ARRIVE):
            async for part in request.stream():
                body += part
                if len(body) > LARGEST:
                    raise PushRefused("oversized")
    except TimeoutError:
        raise PushRefused("late") from None
    return body


def _said(words: str) -> Response:
    kind = "application/xml" if words.startswith("<xml>") else "text/plain"
    return PlainTextResponse(
        words, media_type=kind, headers={"cache-control": "no-store", "x-content-type-options": "nosniff"}
    )
