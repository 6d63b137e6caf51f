"""Where WeChat pushes to: `/wechat/callback` for the official account, below it `/mini-program` for the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import Route

from app.accounts.routes.callback import Account, Callback
from app.core.db import Database
from app.core.sealing import KeyProvider
from app.outside.post import Channel

PATHS = {Channel.OFFICIAL_ACCOUNT: "/wechat/callback", Channel.MINI_PROGRAM: "/wechat/callback/mini-program"}

__all__ = ["PATHS", "Account", "wechat_routes"]


def wechat_routes(db: Database, doors: Mapping[type[Any], Any], accounts: Sequence[Account]) -> list[Route]:
    """One for each account that has a token: without one nobody could tell WeChat from others."""
    found = [(PATHS[account.channel], Callback(db, doors[KeyProvider], account)) for account in accounts]
    return [
        route
        for path, callback in found
        for route in (Route(path, callback.echo, methods=["GET"]), Route(path, callback.take, methods=["POST"]))
    ]
