"""The sums are what a recount finds: random lives of people who follow, leave, sign in by whatever code, ask and come
back weeks later, told again from the beginning by a few lines of Python that know everything."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.accounts.actions import pushing, sessions
from app.accounts.actions.pushing import Shown
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.graph.ids import uuid_of
from app.outreach.actions import touching
from app.outreach.models import Step
from app.outside.post import Channel
from app.outside.wechat import WeChatSession
from app.outside.wechat.pushes import Push
from app.places.rules.workdays import today
from tests.outreach.hall import Hall

pytestmark = pytest.mark.anyio

PEOPLE, CHANNELS, LIFE = 3, 3, 30
who, code = st.integers(0, PEOPLE - 1), st.none() | st.integers(0, CHANNELS - 1)
ACTS = st.one_of(
    st.tuples(st.just("follow"), who, code),
    st.tuples(st.just("scan"), who, code),
    st.tuples(st.just("unfollow"), who, st.none()),
    st.tuples(st.just("sign in"), who, code),
    st.tuples(st.sampled_from([Step.QUESTION, Step.ANSWERED, Step.SATISFIED]), who, st.none()),
    st.tuples(st.just("days"), st.sampled_from([1, 10, 29, 30]), st.none()),
)


@dataclass(eq=False)
class Window:
    """Somebody came by a channel."""

    channel: int
    at: float
    day: date
    selves: set[str]
    steps: set[str]


@dataclass(eq=False)
class Human:
    """`follower` and `person` are what the house knows of her; `bound`: that both are one."""

    name: str = field(default_factory=lambda: str(new_id()))
    follows: bool = False
    signed_in: Any = None
    bound: bool = False
    pushes: list[tuple[float, str]] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    def open(self, at: float, *selves: str) -> list[Window]:
        return [one for one in self.windows if one.selves & {*selves} and one.at <= at < one.at + LIFE]

    def comes(self, channel: int, at: float, day: date, self_: str) -> None:
        both = {"follower", "person"} if self.bound else {self_}
        if not self.open(at, *both):
            steps = {"SIGN_IN"} if "person" in both else set()
            self.windows.append(Window(channel, at, day, both, steps))

    def pushed(self, at: float) -> None:
        for one in self.open(at, "follower", *(["person"] if self.bound else [])):
            one.selves.add("follower")
            self.recall(one)

    def recall(self, one: Window) -> None:
        one.steps -= {"FOLLOW", "LEFT"}
        heard = [kind for at, kind in self.pushes if one.at <= at < one.at + LIFE]
        if "follower" in one.selves and "subscribe" in heard:
            one.steps |= {"FOLLOW", "LEFT"} if heard[-1] == "unsubscribe" else {"FOLLOW"}

    def known(self, at: float) -> None:
        """That she follows and that she signed in are one's."""
        if not (self.follows and self.signed_in) or self.bound:
            return
        self.bound = True
        if mine := sorted(self.open(at, "follower", "person"), key=lambda one: one.at):
            first, *others = mine
            first.steps |= {"SIGN_IN"}.union(*(one.steps for one in others))
            first.selves = {"follower", "person"}
            self.recall(first)
            self.windows = [one for one in self.windows if one not in others]


@dataclass
class World:
    hall: Hall
    channels: list[Any]
    people: list[Human]
    chance: random.Random
    days: int = 0
    turn: int = 0
    scans: Counter[tuple[int, date]] = field(default_factory=Counter)

    @property
    def at(self) -> float:
        self.turn += 1
        return self.days + self.turn / 10_000

    def code(self, channel: int | None) -> str:
        return "" if channel is None else str(self.channels[channel]["code"])

    async def act(self, what: str, number: int, channel: int | None) -> None:
        if what == "days":
            self.days += number
            return await self.hall.city.turn(timedelta(days=number))
        human, at = self.people[number], self.at
        day = today(await self.hall.city.now())
        match what:
            case "sign in":
                await self.signs_in(human, channel, at, day)
            case "follow" | "scan" | "unfollow":
                kind = {"follow": "subscribe", "unfollow": "unsubscribe"}.get(what, what)
                if human.follows != (kind == "subscribe"):  # nobody follows twice, and who does not follow cannot leave
                    await self.pushes(human, kind, channel, at, day)
            case _:
                if human.signed_in:
                    async with self.hall.city.worker.acting(NOBODY) as session:
                        await touching.reached(session, [human.signed_in], Step(what))
                    for one in human.open(at, "person"):
                        one.steps.add(what)
        return None

    async def signs_in(self, human: Human, channel: int | None, at: float, day: date) -> None:
        city, keys = self.hall.city, self.hall.town.keys
        found = WeChatSession(f"openid-{human.name}", f"union-{human.name}")
        async with city.db.acting(NOBODY) as session:
            done = await sessions.sign_in_with_wechat(session, keys, found, "", now(session))
            assert isinstance(done, sessions.Issued)
            moment = now(session)
        human.signed_in = done.viewer.id

        async def came() -> None:
            async with city.worker.acting(NOBODY) as session:
                await touching.signed_in(session, done.viewer.id, self.code(channel), moment)

        async def united() -> None:
            async with city.worker.acting(NOBODY) as session:
                await pushing.bind_followed(session, done.viewer.id)

        for told in self.chance.sample([came, united], 2):
            await told()
        if channel is not None:
            human.comes(channel, at, day, "person")
        human.known(at)

    async def pushes(self, human: Human, kind: str, channel: int | None, at: float, day: date) -> None:
        city, keys = self.hall.city, self.hall.town.keys
        said = {"FromUserName": f"o{human.name}", "CreateTime": str(self.turn), "Event": kind}
        fields = said | ({"EventKey": self.code(channel)} if kind != "unsubscribe" else {})
        push = Push(f"o{human.name}", "gh_1", kind, True, 1_700_000_000 + self.turn, fields)
        shown = Shown(str(self.turn), human.name, human.name.encode())
        async with city.db.acting(NOBODY) as session:
            await pushing.take(session, keys, Channel.OFFICIAL_ACCOUNT, push, shown, {})
        ((id,),) = await city.sql("SELECT id FROM app.wechat_push ORDER BY received_at DESC LIMIT 1")

        async def counted() -> None:
            async with city.worker.acting(NOBODY) as session:
                await touching.pushed(session, id)

        async def bound() -> None:
            async with city.worker.acting(NOBODY) as session:
                if kind == "unsubscribe":
                    await pushing.unfollow(session, id)
                else:
                    await pushing.follow(session, keys, id, f"union-{human.name}")

        for told in self.chance.sample([counted, bound], 2):
            await told()
        human.pushes.append((at, kind))
        if channel is not None and kind != "unsubscribe":
            self.scans[channel, day] += 1
            human.comes(channel, at, day, "follower")
        if kind != "unsubscribe":
            human.follows = True
        human.pushed(at)
        human.known(at)
        if kind == "unsubscribe":
            human.follows = human.bound = False

    def recount(self) -> Counter[tuple[int, date, str]]:
        found = Counter({(channel, day, "SCAN"): n for (channel, day), n in self.scans.items()})
        for human in self.people:
            for one in human.windows:
                found.update((one.channel, one.day, step) for step in one.steps)
        return found

    async def counted(self) -> Counter[tuple[int, date, str]]:
        ids = [uuid_of(channel["id"], "Channel") for channel in self.channels]
        rows = await self.hall.city.sql("SELECT * FROM app.outreach_day WHERE channel = ANY(:ids) AND n <> 0", ids=ids)
        return Counter({(ids.index(row.channel), row.day, row.step): row.n for row in rows})


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, min_size=4, max_size=20), seed=st.integers(0, 2**32))
async def test_the_sums_are_what_a_recount_finds(hall: Hall, acts: list[Any], seed: int) -> None:
    channels = [await hall.made(name=f"渠道{number}") for number in range(CHANNELS)]
    world = World(hall, channels, [Human() for _ in range(PEOPLE)], random.Random(seed))
    for act in acts:
        await world.act(*act)
    assert await world.counted() == world.recount()
