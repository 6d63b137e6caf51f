"""What the staff do to bring people, and how people come."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.places.rules.workdays import today
from tests.accounts.town import Town
from tests.city import REFUSED, City

CHANNEL = """{ id code kind name office link until closedAt version url qrUrl sendUrl parent { id name }
    division { code } targets { step goal reached weeks { since until came reached due } } }"""
CREATE = f"""mutation ($input: CreateChannelInput!) {{ createChannel(input: $input) {{
    __typename ... on Channel {CHANNEL} {REFUSED} }} }}"""
UPDATE = f"""mutation ($input: UpdateChannelInput!) {{ updateChannel(input: $input) {{
    __typename ... on Channel {CHANNEL} {REFUSED} }} }}"""
CLOSE = f"""mutation ($input: CloseChannelInput!) {{ closeChannel(input: $input) {{
    __typename ... on Channel {CHANNEL} {REFUSED} }} }}"""
TARGET = f"""mutation ($input: SetChannelTargetInput!) {{ setChannelTarget(input: $input) {{
    __typename ... on Channel {CHANNEL} {REFUSED} }} }}"""
FUNNEL = """query ($id: ID!, $from: Date!, $to: Date!, $below: Boolean! = true) {
    channelFunnel(channelId: $id, from: $from, to: $to, below: $below) {
        scans follows left signIns questions answered satisfied } }"""
STEPS = ("scans", "follows", "signIns", "questions", "answered", "satisfied")


async def created(city: City, editor: Viewer, **said: Any) -> Any:
    """The new channel, or the refusal."""
    said = {"kind": "WINDOW", "name": "示例服务窗口", "idempotencyKey": str(new_id())} | said
    return await city.one(editor, CREATE, input=said)


async def funnel(city: City, viewer: Viewer, channel: str, *, days: int = 60, below: bool = True) -> Any:
    """Of those who came within the last so many days."""
    last = today(await city.now())
    first = last - timedelta(days=days)
    return await city.one(viewer, FUNNEL, id=channel, **{"from": str(first), "to": str(last)}, below=below)


@dataclass
class Hall:
    town: Town
    editor: Viewer

    @property
    def city(self) -> City:
        return self.town.city

    async def made(self, **said: Any) -> Any:
        channel = await created(self.city, self.editor, **said)
        assert channel["__typename"] == "Channel", channel
        return channel

    async def counts(self, channel: Any, **how: Any) -> list[Any]:
        """In the order of STEPS."""
        found = await funnel(self.city, self.editor, channel["id"], **how)
        return [found[step] for step in STEPS]


async def open_hall(town: Town) -> Hall:
    return Hall(town, await town.city.person(Role.EDITOR))
