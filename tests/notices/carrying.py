"""People who can be reached, and carriers that do what a story needs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.accounts.actions.identity import digest_of
from app.accounts.models import Identity
from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.core.sealing import KeyProvider, seal_bytes
from app.notices.models import Template
from app.outside.post import Channel, Fate, Message, NotSent, Post, Verdict
from tests.city import City
from workers.post import Postman

KINDS = {Channel.MINI_PROGRAM: "wechat", Channel.OFFICIAL_ACCOUNT: "official", Channel.SMS: "sms"}
TOLD = timedelta(seconds=10)


async def reachable(city: City, person: Viewer, *channels: Channel) -> dict[Channel, str]:
    """By these channels from now on; her addresses."""
    keys: KeyProvider = city.doors[KeyProvider]
    names = {
        channel: f"+86139{new_id().int % 10**8:08}" if channel is Channel.SMS else f"o{new_id().hex[:27]}"
        for channel in channels
    }
    for channel, name in names.items():
        kind: Any = KINDS[channel]
        known = digest_of(keys, kind, name)
        sealed = seal_bytes(keys.secret("identity"), name.encode(), f"identity|{kind}|{known.hex()}")
        row = {"kind": kind, "digest": known, "person": person.id, "sealed": sealed, "since": await city.now()}
        async with city.owner.acting(NOBODY) as session:
            await session.rows(insert(Identity).inline().values(row))
    return names


async def consented(
    city: City,
    person: Viewer,
    template: Template = Template.REPLY,
    channel: Channel = Channel.MINI_PROGRAM,
    times: int = 1,
    lasting: bool = False,
) -> None:
    await city.sql(
        "INSERT INTO app.message_consent (id, person, channel, template, lasting, told_by, at)"
        " SELECT gen_random_uuid(), :person, :channel, :template, :lasting, 'WECHAT', app.clock()"
        " FROM generate_series(1, :times)",
        person=person.id,
        channel=channel,
        template=template,
        lasting=lasting,
        times=times,
    )


Answer = str | NotSent | Callable[[], Awaitable[str]]


@dataclass
class Carrier:
    """A provider of one channel: notes what it was given, and answers as it is told, at last with yes."""

    answers: list[Answer] = field(default_factory=list)
    fates: list[Fate | NotSent] = field(default_factory=list)
    arrived: list[tuple[str, Message, UUID]] = field(default_factory=list)
    asked: list[tuple[str, UUID, date]] = field(default_factory=list)
    slow: float = 0.0

    async def send(self, address: str, message: Message, key: UUID) -> str:
        await asyncio.sleep(self.slow)
        answer = self.answers.pop(0) if self.answers else "taken"
        if callable(answer):
            answer = await answer()
        if isinstance(answer, NotSent):
            if answer.verdict is Verdict.UNKNOWN:
                self.arrived.append((address, message, key))
            raise answer
        self.arrived.append((address, message, key))
        return answer

    async def ask(self, address: str, key: UUID, day: date) -> Fate:
        self.asked.append((address, key, day))
        fate = self.fates.pop(0)
        if isinstance(fate, NotSent):
            raise fate
        return fate


class Providers(dict[Channel, Carrier]):
    def __init__(self, city: City) -> None:
        super().__init__({channel: Carrier() for channel in Channel})
        post = Post(self, {Channel.SMS: self[Channel.SMS]})
        self.postman = Postman(city.worker, post, city.doors[KeyProvider])
        self.city = city

    async def carry(self, after: timedelta = TOLD) -> None:
        """Let the time pass, and everything that is due by then go out."""
        await self.city.pass_time(after)
        while await self.postman.carry_one():
            pass

    def counts(self) -> list[int]:
        """How many messages each channel's provider got, in the order of the ladder."""
        return [len(self[channel].arrived) for channel in Channel]


async def ledger(city: City, person: Viewer | None = None) -> list[tuple[str, str, str | None]]:
    """Channel, state and why of each delivery, in the order in which they were made."""
    whose = "WHERE person = :person" if person else ""
    said = {"person": person.id} if person else {}
    rows = await city.sql(f"SELECT channel, state, why FROM app.delivery {whose} ORDER BY made_at, id", **said)
    return [tuple(row) for row in rows]
