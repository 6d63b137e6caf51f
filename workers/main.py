"""arq's entry: two jobs, `react` and `deliver`. Retries are the outbox's and the ledger's: arq does, PostgreSQL
remembers."""

import asyncio
import logging
from contextlib import suppress
from typing import Any, ClassVar
from uuid import UUID

from app.light import light

with light():
    import orjson
    from arq import func

    from app.core.logs import set_up_logs
    from app.notices.models import Lane
    from app.settings import Settings
    from workers import reactions
    from workers.post import Postman, Watch
    from workers.tools import open_tools, queue


async def react(ctx: dict[str, Any], event_id: str, kind: str, ids: dict[str, Any], name: str) -> None:
    if kind in reactions.TABLE and name in reactions.TABLE[kind][1]:  # a relay of a newer release may know more
        with suppress(Exception):  # logged where it failed; the outbox's lease hands it over again
            await reactions.run(ctx["tools"].db, UUID(event_id), kind, ids, name)


async def deliver(ctx: dict[str, Any], lanes: list[int]) -> None:
    """What is due in these lanes; what fails is logged where it failed, and due again."""
    await ctx["postman"].carry([Lane(lane) for lane in lanes])


async def startup(ctx: dict[str, Any]) -> None:
    logging.getLogger("arq").setLevel(logging.WARNING)
    set_up_logs()
    tools = ctx["tools"] = await open_tools()
    postman = ctx["postman"] = Postman(tools.db, tools.post, tools.keys)
    # Relays look too: with them gone, what is in the ledger goes out all the same.
    ctx["stopped"] = asyncio.Event()
    ctx["watch"] = asyncio.create_task(Watch(tools.db, tools.queue, postman).run(ctx["stopped"]))


async def shutdown(ctx: dict[str, Any]) -> None:
    ctx["stopped"].set()
    await ctx["watch"]
    await ctx["tools"].close()


class WorkerSettings:
    """No inheritance: arq reads this class's own names only. See the measured failure modes of arq 0.28 in README."""

    functions: ClassVar = [
        func(react, name="react", max_tries=1, keep_result=0),
        func(deliver, name="deliver", max_tries=1, keep_result=0),
    ]
    on_startup = startup
    on_shutdown = shutdown
    redis_pool = queue(Settings().redis_url.get_secret_value())
    job_serializer = orjson.dumps
    job_deserializer = orjson.loads
    job_timeout = 10
    max_jobs = 20
    queue_read_limit = 400
    poll_delay = 0.05
    keep_result = 0
    health_check_interval = 5
    job_completion_wait = 8
    handle_signals = True
