"""What a worker process holds: a database in the worker's name, and the queue."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from arq import ArqRedis
from redis.asyncio import BlockingConnectionPool

from app.core.db import Database, connect
from app.core.sealing import KeyProvider
from app.graph.wake import Wake
from app.outside.keys import FileKeys
from app.outside.post import Post
from app.outside.posting import open_post
from app.outside.press import Press
from app.outside.storage import Address, Storage
from app.outside.wechat.mini_program import MiniProgram
from app.outside.wechat.official_account import OfficialAccount
from app.papers.rules.contents import TEMPLATES
from app.settings import Settings
from workers.metrics import expose

PATIENCE = 0.5
"""Seconds that Redis has to answer a worker before it counts as away."""


@dataclass
class Tools:
    db: Database
    queue: ArqRedis
    post: Post
    keys: KeyProvider
    unwatch: Callable[[], None]

    async def close(self) -> None:
        self.unwatch()
        await self.post.aclose()
        await self.queue.aclose(close_connection_pool=True)
        await self.db.door(OfficialAccount).aclose()
        await self.db.door(MiniProgram).aclose()
        await self.db.engine.dispose()


def queue(url: str) -> ArqRedis:
    """arq's client on a pool that waits for a connection; JSON, since whoever writes Redis could run a pickle."""
    pool = BlockingConnectionPool.from_url(
        url, max_connections=10, timeout=PATIENCE, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    )
    return ArqRedis(pool, job_serializer=orjson.dumps, job_deserializer=orjson.loads)


async def open_tools(settings: Settings | None = None) -> Tools:
    """As the environment says, unless told otherwise."""
    settings = settings or Settings()
    redis = queue(settings.redis_url.get_secret_value())
    engine = connect(settings.worker_database_url.get_secret_value(), pooler=settings.behind_pooler)
    official = OfficialAccount(
        settings.wechat_url,
        settings.official_app_id,
        settings.official_secret.get_secret_value(),
        settings.official_templates,
    )
    mini_program = MiniProgram(
        settings.wechat_url,
        settings.wechat_app_id,
        settings.wechat_secret.get_secret_value(),
        settings.wechat_templates,
        settings.wechat_state,
    )
    keys = FileKeys(settings.keys_dir)
    doors: dict[type[Any], Any] = {Storage: Storage.at(**settings.storage()), OfficialAccount: official}
    doors[MiniProgram] = mini_program
    doors[KeyProvider], doors[Press] = keys, Press(TEMPLATES)
    doors[Address] = Address(settings.public_url.rstrip("/"))
    db = Database(engine, Wake(redis).ring, doors)
    return Tools(db, redis, open_post(**settings.post()), keys, expose(settings.worker_metrics_port))
