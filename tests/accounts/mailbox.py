"""The city with its two WeChat accounts, and what they push to it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from defusedxml.ElementTree import fromstring

from app.outside import fakes
from app.outside.fakes.pushes import Letter, Pusher
from app.settings import Settings
from tests.accounts.town import Town

OFFICIAL, MINI = "/wechat/callback", "/wechat/callback/mini-program"
LINK = "https://law.example/map"


def in_any_order(fact: tuple[str, dict[str, Any]]) -> str:
    return json.dumps(fact, sort_keys=True)


@dataclass
class Post:
    """WeChat's side: `official` seals what it pushes, `mini` does not."""

    town: Town
    house: httpx.AsyncClient
    official: Pusher
    mini: Pusher

    @classmethod
    @asynccontextmanager
    async def open(cls, town: Town) -> AsyncIterator["Post"]:
        mini = Pusher(fakes.WECHAT_TOKEN, fakes.WECHAT_APP_ID)
        official = Pusher(fakes.OFFICIAL_TOKEN, fakes.OFFICIAL_APP_ID, fakes.OFFICIAL_AES_KEY)
        given: dict[str, Any] = {
            "demo": True,
            "wechat_app_id": fakes.WECHAT_APP_ID,
            "wechat_token": mini.token,
            "wechat_templates": fakes.WECHAT_TEMPLATES,
            "official_app_id": fakes.OFFICIAL_APP_ID,
            "official_token": official.token,
            "official_aes_key": official.aes_key,
            "official_templates": fakes.OFFICIAL_TEMPLATES,
            "official_links": {"map": LINK},
        }
        town.city.settings = Settings(**given)
        async with town.city.http() as house:
            yield cls(town, house, official, mini)

    async def brings(self, letter: Letter) -> httpx.Response:
        return await letter.to(self.house, OFFICIAL)

    async def of_mini(self, letter: Letter) -> httpx.Response:
        return await letter.to(self.house, MINI)

    async def event(self, openid: str, event: str, **fields: Any) -> httpx.Response:
        return await self.brings(self.official.event(openid, event, **fields))

    async def answer(self, letter: Letter) -> Any:
        """The reply's XML, unsealed."""
        response = await self.brings(letter)
        assert response.status_code == 200, response.status_code
        return fromstring(self.official.opened(fromstring(response.text).findtext("Encrypt") or ""))

    async def pushes(self) -> int:
        ((count,),) = await self.town.city.sql("SELECT count(*) FROM app.wechat_push")
        return int(count)

    async def facts(self) -> list[tuple[str, dict[str, Any]]]:
        """What the pushes made the house say to itself, in no order: ids of one millisecond have none."""
        rows = await self.town.city.sql(
            "SELECT kind, ids FROM app.outbox WHERE kind IN "
            "('FollowerPushed', 'ConsentPushed', 'MessageReported', 'PersonUnited')"
        )
        return sorted(((kind, ids) for kind, ids in rows), key=in_any_order)

    async def bound(self) -> list[Any]:
        """(person) of all who can be reached by the official account."""
        return [row[0] for row in await self.town.city.sql("SELECT person FROM app.identity WHERE kind = 'official'")]
