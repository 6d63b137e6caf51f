"""The streams that are raced, and what makes them say something: the house's own, and the same of Mercurius."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from redis.asyncio import Redis

from app.consultation.rules.record import RECORD
from app.graph.wake import CHANNEL
from app.places.rules.workdays import today
from scripts.bench.race.city import World
from scripts.bench.race.contestants import HOUSE, MERC, STOCK, Contestant, Grounds
from scripts.bench.race.load import Connection, opened, request
from scripts.bench.race.operations import Token
from scripts.bench.race.streams import Heard, Sockets

RUN, PACE = 3.0, 0.5
"""Seconds of one run, and between two events that come in paces."""
OPENING_AT_LEAST = 30.0
"""Seconds in which the smallest crowd comes in, however little time is left."""
WHO = (HOUSE, STOCK, MERC)
EACH = 5
"""Sockets that one person may have."""
FACT = """INSERT INTO app.promise_fact SELECT gen_random_uuid(), clock_timestamp(), '10 minutes', now() + interval
    '10 minutes', NULL, NULL, '0', '0', NULL, NULL, NULL, 1, '\\x00', now()"""
OFFERED = """INSERT INTO app.feed (person, kind, ids, at) SELECT p, 'OFFERED', jsonb_build_object('question', q), now()
    FROM unnest($1::uuid[], $2::uuid[]) AS t (p, q)"""
_MARK = "thirdAnswer { came within }"
PUBLIC = f"""subscription Told($from: Date!, $to: Date!) {{ promiseRecordUpdates(from: $from, to: $to) {{
  ... on PromiseRecord {{ questions open breaches {_MARK} }} }} }}"""
PERSONAL = """subscription Offers { offerUpdates { ... on OfferUpdates { events { kind at } offers { id } } } }"""
THEIRS = "subscription Told($topic: ID!) { told(topic: $topic) { questions open breaches came within } }"
THEIRS_PERSONAL = "subscription Told($topic: ID!) { told(topic: $topic) { kind: number sent open breaches came } }"


async def streams(
    world: World,
    grounds: Grounds,
    running: dict[str, Contestant],
    token: Token,
    sizes: tuple[int, ...],
    figures: Any,
    say: Callable[[str], None],
    share: Callable[[int, int], float],
) -> None:
    """`share(part, of)`: until when one of the contestants who are left may take."""
    database = await asyncpg.connect(grounds.open.rpartition("/")[0] + "/walled")
    await database.execute("SET session_replication_role = replica")
    redis = Redis.from_url(grounds.redis)
    questions = {lawyer: question for _, question, lawyer in world.seats}
    people = [one.id for one in world.lawyers]
    day = today(datetime.now(UTC))
    span = {"from": str(day - timedelta(days=1)), "to": str(day)}
    try:
        left = 2 * len(WHO)
        for kind in ("public", "personal"):
            figures.heard[kind] = {}
            for name in WHO:
                say(f"{kind} stream, {name} ...")
                ends, left = share(1, left), left - 1
                one = running[name]
                if name == MERC:
                    topics = ["record"] if kind == "public" else [str(person) for person in people]
                    theirs = _theirs(await opened(one.port), topics)
                    sockets = Sockets(one.port, one.process, theirs, snapshot=False)
                else:
                    happen = _published(database, redis) if kind == "public" else _offered(database, redis, questions)
                    sockets = Sockets(one.port, one.process, happen)

                def subscription(number: int, name: str = name, kind: str = kind) -> tuple[str | None, bytes]:
                    return _subscription(world, token, name, kind, number, span)

                figures.heard[kind][name] = await _heard(sockets, one, sizes, subscription, figures, ends)
    finally:
        await redis.aclose()
        await database.close()


async def _heard(
    sockets: Sockets,
    one: Contestant,
    sizes: tuple[int, ...],
    subscription: Callable[[int], tuple[str | None, bytes]],
    figures: Any,
    ends: float,
) -> dict[str, Heard]:
    """Of the larger crowds only if there is time for them, and if they come in before it is over."""
    found: dict[str, Heard] = {}
    before, opened = one.process.resident(), 0
    try:
        for size in sizes:
            left = max(OPENING_AT_LEAST, ends - monotonic()) if not found else ends - monotonic()
            try:
                await asyncio.wait_for(sockets.open([subscription(number) for number in range(opened, size)]), left)
            except TimeoutError:
                break
            opened = size
            if not found:
                held = (one.process.resident() - before) * 1024 / opened
                figures.processes[one.name].setdefault("socket", held)
            found[f"{size}, paced"] = await sockets.run(RUN, PACE)
            found[f"{size}, bursts"] = await sockets.run(RUN, None)
        assert not sockets.wrong, sockets.wrong[0]
    finally:
        sockets.close()
        await asyncio.sleep(0.5)
    return found


def _subscription(
    world: World, token: Token, name: str, kind: str, number: int, span: dict[str, str]
) -> tuple[str | None, bytes]:
    lawyer = world.lawyers[number % len(world.lawyers)]
    if name == MERC:
        topic = "record" if kind == "public" else str(lawyer.id)
        said = {"query": THEIRS if kind == "public" else THEIRS_PERSONAL, "variables": {"topic": topic}}
        return None, _subscribe(number, said)
    who = token(world.writers[number // EACH]) if kind == "public" else token(lawyer)
    said = {"query": PUBLIC, "variables": span} if kind == "public" else {"query": PERSONAL}
    return who, _subscribe(number, said)


def _subscribe(number: int, payload: dict[str, Any]) -> bytes:
    return orjson.dumps({"id": f"s{number}", "type": "subscribe", "payload": payload})


Happen = Callable[[int, Callable[[], None]], Awaitable[None]]


def _published(database: Any, redis: Redis) -> Happen:
    async def happen(number: int, now: Callable[[], None]) -> None:
        await database.execute(FACT)
        now()
        await redis.publish(CHANNEL, RECORD.hex)

    return happen


def _offered(database: Any, redis: Redis, questions: dict[UUID, UUID]) -> Happen:
    people, theirs = list(questions), list(questions.values())

    async def happen(number: int, now: Callable[[], None]) -> None:
        await database.execute(OFFERED, people, theirs)
        now()
        await redis.publish(CHANNEL, " ".join(person.hex for person in people))

    return happen


def _theirs(connection: Connection, topics: list[str]) -> Happen:
    async def happen(number: int, now: Callable[[], None]) -> None:
        told = {"number": number, "sent": 0.5, "questions": number, "open": 1, "breaches": 0, "came": 0, "within": 0}
        what = request("/tell", orjson.dumps({"topics": topics, "told": told}), None)
        now()
        await connection.ask(what)

    return happen
