"""A small city to test in: real PostgreSQL, real Valkey, the real schema, and a clock turned by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from redis.asyncio import Redis
from sqlalchemy import insert, text

from app.accounts.models import Person, RoleHeld
from app.core.access import Role, Viewer
from app.core.db import NOBODY, Database, connect
from app.core.errors import Language
from app.core.ids import new_id
from app.directory.models import Firm, Lawyer
from app.graph.context import Context
from app.graph.ids import global_id
from app.graph.wake import Wake
from app.main import house
from app.places.rules.workdays import CITY_TIME
from app.schema import schema
from app.settings import Settings
from scripts.database import Urls
from tests.ears import EARS
from tests.people import consent, sign_in
from tests.words import own_words
from workers import reactions
from workers.relay import Relay

TOWN = "419001001"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Away:
    """A queue that is not there: the relay does everything itself, in the test's own time."""

    async def enqueue_job(self, *_: Any, **__: Any) -> None:
        raise OSError("no queue in this city")


class Strict(Relay):
    """A reaction that fails is a test that fails."""

    async def do(self, event: Any, name: str) -> None:
        await reactions.run(self.db, event.id, event.kind, event.ids, name)


@dataclass(repr=False)
class City:
    urls: Urls
    admin_url: str
    redis: Redis
    doors: dict[type[Any], Any]
    pool: int = 10
    db: Database = field(init=False)
    worker: Database = field(init=False)
    owner: Database = field(init=False)
    super: Database = field(init=False)
    wake: Wake = field(init=False)

    def __post_init__(self) -> None:
        self.wake = Wake(self.redis)
        self.db = Database(connect(self.urls.api, pool=self.pool), self.wake.ring)
        self.worker = Database(connect(self.urls.worker, pool=self.pool), self.wake.ring, self.doors)
        self.owner = Database(connect(self.urls.owner, pool=2))
        self.super = Database(connect(self.admin_url, pool=2))
        self.relay = Strict(self.worker, Away())
        self.settings = Settings(demo=True)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, urls: Urls, admin_url: str, redis_url: str, doors: dict[type[Any], Any], pool: int = 10
    ) -> AsyncIterator[City]:
        redis = Redis.from_url(redis_url)
        await redis.flushdb()
        city = cls(urls, admin_url, redis, doors, pool)
        listening = asyncio.create_task(city.wake.listen())
        try:
            yield city
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            await city.wake.close()
            await redis.aclose()
            for database in (city.db, city.worker, city.owner, city.super):
                await database.engine.dispose()

    # People ----------------------------------------------------------------------------------------------------

    async def person(self, *roles: Role) -> Viewer:
        viewer = Viewer(new_id(), new_id(), frozenset({Role.RESIDENT, *roles}))
        now = datetime.now(UTC)
        async with self.super.acting(NOBODY) as session:
            await session.rows(insert(Person).inline().values(id=viewer.id, standing="ACTIVE", created_at=now))
            for role in roles:
                await session.rows(insert(RoleHeld).inline().values(person=viewer.id, role=role, since=now))
            await sign_in(session, [viewer])
        return viewer

    async def signed_in(self, *viewers: Viewer) -> None:
        """Their devices are signed in from now on, and they agreed to what the house wants of grown-ups who ask."""
        async with self.super.acting(NOBODY) as session:
            await sign_in(session, viewers)

    async def consent(self, *viewers: Viewer, band: str = "ADULT") -> None:
        """Each has said yes to the notices that are required, and how old she is; twice makes no difference."""
        async with self.super.acting(NOBODY) as session:
            await consent(session, viewers, band)

    async def resident(self) -> Viewer:
        return await self.person()

    async def firm(self, name: str = "济源某律师事务所") -> UUID:
        id = new_id()
        async with self.owner.acting(NOBODY) as session:
            await session.rows(insert(Firm).inline().values(id=id, name=name, division=TOWN, province="41"))
        return id

    async def lawyer(
        self, specialty: str = "labour", pool: str = "LOCAL", firm: UUID | None = None, **columns: Any
    ) -> Viewer:
        """A lawyer of a firm of her own, unless told which."""
        viewer = await self.person(Role.LAWYER)
        row: dict[str, Any] = {
            "id": viewer.id,
            "licence": f"1410{viewer.id.int % 10**13:013d}",
            "title": "律师",
            "name": "李律师",
            "firm": firm or await self.firm(),
            "pool": pool,
            "specialties": [specialty],
            "divisions": [TOWN],
            "languages": ["普通话"],
            "gender": "FEMALE",
            "practising_since": date(2015, 1, 1),
            "introduction": "",
            "standing": "ACTIVE",
            "availability": "AVAILABLE",
            "offered_at": LONG_AGO,
            "requestable": False,
            "rated": 0,
            "liked": 0,
            "seats_ended": 0,
            "seats_kept": 0,
        }
        async with self.owner.acting(NOBODY) as session:
            await session.rows(insert(Lawyer).inline().values(row | columns))
        return viewer

    async def lawyers(self, count: int, **how: Any) -> list[Viewer]:
        return [await self.lawyer(**how) for _ in range(count)]

    # Asking the graph ------------------------------------------------------------------------------------------

    def context(self, viewer: Viewer | None, language: Language = Language.ZH) -> Context:
        return Context(self.db, self.wake, self.doors, viewer, language, "127.0.0.1")

    async def run(self, viewer: Viewer | None, document: str, **variables: Any) -> Any:
        result = await schema.execute(document, variable_values=variables, context_value=self.context(viewer))
        assert result.errors is None, (result.errors, EARS.fault)
        return result.data

    async def one(self, viewer: Viewer | None, document: str, **variables: Any) -> Any:
        """The value of the document's only root field."""
        (value,) = (await self.run(viewer, document, **variables)).values()
        return value

    async def errors(self, viewer: Viewer | None, document: str, **variables: Any) -> list[dict[str, Any]]:
        result = await schema.execute(document, variable_values=variables, context_value=self.context(viewer))
        return [dict(error.formatted) for error in result.errors or []]

    @asynccontextmanager
    async def follow(self, viewer: Viewer | None, document: str, **variables: Any) -> AsyncIterator[AsyncIterator[Any]]:
        """A subscription's results, each `(data, errors)`."""
        stream = await schema.stream(document, variable_values=variables, context_value=self.context(viewer))

        async def results() -> AsyncIterator[Any]:
            async for result in stream:
                yield result.data, result.errors

        try:
            yield results()
        finally:
            await stream.aclose()

    @asynccontextmanager
    async def http(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client of the ASGI application itself; its lifespan is the city's."""
        app = house(self.db, self.wake, self.doors, self.settings)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://city") as client:
            yield client

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Statements that the API sends meanwhile; set_config and transaction control are not counted."""
        seen: list[str] = []

        def note(statement: str, _: Any) -> None:
            if "set_config" not in statement:
                seen.append(statement)

        self.db.listeners.append(note)
        try:
            yield seen
        finally:
            self.db.listeners.remove(note)

    # Time ------------------------------------------------------------------------------------------------------

    async def turn(self, span: timedelta) -> None:
        """Turn the clock alone."""
        async with self.owner.acting(NOBODY) as session:
            await session.rows(text("UPDATE turned.clock SET shift = shift + :span"), {"span": span})

    async def turn_seconds(self, seconds: float) -> None:
        await self.turn(timedelta(seconds=seconds))

    async def settle(self) -> None:
        """Let every due event have its effect, and the events of the effects theirs."""
        while await self.relay.sweep():
            pass

    async def pass_time(self, span: timedelta | float = 0) -> None:
        """Turn the clock (seconds, if a number), then let what is due happen."""
        await self.turn(span if isinstance(span, timedelta) else timedelta(seconds=span))
        await self.settle()

    async def now(self) -> datetime:
        async with self.owner.acting(NOBODY) as session:
            moment: datetime = session.info["now"]
        return moment

    async def today(self) -> date:
        """By the city's calendar, in which a day begins eight hours before it does in UTC."""
        return (await self.now()).astimezone(CITY_TIME).date()

    async def sql(self, statement: str, **parameters: Any) -> list[Any]:
        """Raw rows as the superuser sees them: for looking behind the walls."""
        async with self.super.acting(NOBODY) as session:
            result = await session.rows(text(statement), parameters)
            return list(result.all()) if result.returns_rows else []

    # The straight path -----------------------------------------------------------------------------------------

    async def asked(self, resident: Viewer, body: str = "老板拖欠我三个月工资怎么办", **more: Any) -> str:
        """The id of a question that this resident asks now."""
        made = await self.one(resident, ASK, input=question(body) | more)
        assert made["__typename"] == "Question", made
        id: str = made["id"]
        return id

    async def offer_ids(self, lawyer: Viewer) -> list[str]:
        page = await self.one(lawyer, "{ offers(first: 100) { nodes { id } } }")
        return [offer["id"] for offer in page["nodes"]]

    async def claim(self, lawyer: Viewer, offer: str | None = None, key: str | None = None) -> Any:
        """The seat on that offer (the newest if not said), or the refusal."""
        offer = offer or (await self.offer_ids(lawyer))[0]
        return await self.one(lawyer, CLAIM, offer=offer, key=key or str(new_id()))

    async def answer(self, lawyer: Viewer, seat: str, key: str | None = None, **parts: Any) -> Any:
        """What she delivers, in words of her own unless they are given."""
        content = CONTENT | {"text": own_words(seat)} | parts
        return await self.one(lawyer, SUBMIT, seat=seat, content=content, key=key or str(new_id()))


def question(body: str = "老板拖欠我三个月工资怎么办", category: str = "labour.wages") -> dict[str, Any]:
    return {
        "body": body,
        "categoryId": global_id("Category", category),
        "divisionCode": TOWN,
        "idempotencyKey": str(new_id()),
    }


CONTENT: dict[str, Any] = {
    "conclusion": "可以要求支付工资并主张赔偿。",
    "basis": [{"law": "劳动合同法", "article": "第八十五条"}],
    "nextSteps": ["向劳动监察大队投诉", "申请劳动仲裁"],
    "evidence": ["工资条", "考勤记录"],
    "deadlines": ["劳动仲裁时效一年"],
    "text": "用人单位拖欠工资的，劳动者可以先向劳动监察部门投诉，也可以在一年内申请劳动仲裁。"
    "工资条、考勤记录和聊天记录都是证据，请尽快备份；对方逾期不付的，还可以主张加付赔偿金。",
    "summary": "先投诉，再仲裁，一年内提出。",
}

REFUSED = "... on Refused { reasons { code field message } }"
ASK = f"""mutation ($input: AskQuestionInput!) {{
  askQuestion(input: $input) {{ __typename ... on Question {{ id status brief body askedAt }} {REFUSED} }} }}"""
CLAIM = f"""mutation ($offer: ID!, $key: String!) {{
  claimOffer(input: {{offerId: $offer, idempotencyKey: $key}}) {{
    __typename ... on Seat {{ id state leaseUntil question {{ id body }} }} {REFUSED} }} }}"""
SUBMIT = f"""mutation ($seat: ID!, $content: AnswerContentInput!, $key: String!) {{
  submitAnswer(input: {{seatId: $seat, content: $content, idempotencyKey: $key}}) {{
    __typename ... on Answer {{ id counts deliveredAt content {{ conclusion text }} }} {REFUSED} }} }}"""


def codes(payload: dict[str, Any]) -> list[str]:
    """The codes of a refusal, [] for anything else."""
    return [reason["code"] for reason in payload.get("reasons", [])]
