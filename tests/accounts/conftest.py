from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.sealing import KeyProvider
from app.outside.keys import FileKeys
from app.outside.sms import SmsGateway
from app.outside.wechat import WeChat
from app.outside.wechat.mini_program import MiniProgram
from app.outside.wechat.official_account import OfficialAccount
from tests.accounts.town import Town
from tests.city import City
from tests.conftest import filing
from tests.outside.world import World, a_street


@pytest.fixture
async def providers() -> AsyncIterator[World]:
    """WeChat and SMS of this test alone, so that it can look at the phones and give orders."""
    async with a_street() as street:
        yield street.new_world()


@pytest.fixture
async def doors(providers: World, keys_folder: Path, tmp_path: Path) -> AsyncIterator[dict[type[Any], Any]]:
    wechat, sms = providers.ask_wechat(), providers.send_sms()
    official = providers.official_account()
    clients = {WeChat: wechat, SmsGateway: sms, OfficialAccount: official, MiniProgram: providers.mini_program()}
    yield {KeyProvider: FileKeys(keys_folder), **clients, **filing(tmp_path)}
    await wechat.aclose()
    await sms.aclose()


@pytest.fixture
def town(city: City, providers: World) -> Town:
    return Town(city, providers)
