"""The API: routes, life, and who is asking."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from app.accounts.rules.tokens import AccessToken, open_token
from app.core.db import NOBODY, Database, connect
from app.core.logs import set_up_logs
from app.core.sealing import KeyProvider
from app.graph.server import Identify, Passport, View
from app.graph.wake import Wake
from app.outside.keys import FileKeys
from app.outside.sms import AlibabaSms, SmsGateway
from app.outside.wechat import WeChat
from app.schema import schema
from app.settings import Settings

REDIS_PATIENCE = 1.0
"""Seconds: a frozen Redis is as good as none."""


def create_app() -> Starlette:
    """What uvicorn runs: the house as the environment describes it."""
    set_up_logs()
    settings = Settings()
    redis = Redis.from_url(
        settings.redis_url.get_secret_value(), socket_timeout=REDIS_PATIENCE * 6, socket_connect_timeout=REDIS_PATIENCE
    )
    wake = Wake(redis)
    engine = connect(settings.api_database_url.get_secret_value(), pooler=settings.behind_pooler)
    keys, wechat, sms = FileKeys(settings.keys_dir), _wechat(settings), _sms(settings)
    doors: dict[type[Any], Any] = {KeyProvider: keys, WeChat: wechat, SmsGateway: sms}

    async def close() -> None:
        await wechat.aclose()
        await sms.aclose()
        await redis.aclose()
        await engine.dispose()

    return house(Database(engine, wake.ring), wake, doors, settings, close)


def house(
    db: Database,
    wake: Wake,
    doors: Mapping[type[Any], Any],
    settings: Settings,
    close: Callable[[], Any] | None = None,
) -> Starlette:
    """The application on the parts it is given; tests give it theirs."""
    view = View(
        schema,
        db=db,
        wake=wake,
        doors=doors,
        identify=identify(doors[KeyProvider]),
        origins=settings.allowed_origins,
        trust_proxy=settings.trust_proxy,
    )

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        listening = asyncio.create_task(wake.listen())
        yield
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await wake.close()
        if close:
            await close()

    async def ready(_: Request) -> Response:
        """503 while the database does not answer; without Redis the house is slower and as good."""
        try:
            async with asyncio.timeout(0.5), db.acting(NOBODY) as session:
                await session.rows(text("SELECT 1"))
        except (SQLAlchemyError, OSError, TimeoutError):
            return JSONResponse({"ready": False}, status_code=503)
        return JSONResponse({"ready": True, "redis": wake.hears})

    routes = [
        Route("/graphql", view, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", view),
        Route("/readyz", ready),
    ]
    return Starlette(routes=routes, lifespan=life)


def identify(keys: KeyProvider) -> Identify:
    """Access tokens are checked without a look at the database: the signature and the time say it all."""
    signing = keys.signing()

    def who(token: str) -> Passport | None:
        now = datetime.now(UTC)
        match open_token(signing, token, now):
            case AccessToken(viewer, expires_at):
                return Passport(viewer, (expires_at - now).total_seconds())
        return None

    return who


def _wechat(settings: Settings) -> WeChat:
    return WeChat(settings.wechat_url, settings.wechat_app_id, settings.wechat_secret.get_secret_value())


def _sms(settings: Settings) -> AlibabaSms:
    return AlibabaSms(
        settings.sms_url,
        settings.sms_key_id,
        settings.sms_key_secret.get_secret_value(),
        settings.sms_sign_name,
        settings.sms_template_code,
        settings.sms_delegation_template_code,
    )
