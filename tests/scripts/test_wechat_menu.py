"""The official account's menu, put by a command."""

import pytest
from anyio import to_thread

from app.outside import fakes
from app.outside.fakes.faults import Fault
from scripts.wechat_menu import main
from tests.outside.world import a_street

pytestmark = pytest.mark.anyio


async def test_the_menu_is_put_and_a_refusal_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with a_street() as street:
        world = street.new_world()
        given = fakes.settings(street.url) | {"OFFICIAL_LINKS": '{"map": "https://law.example/map"}'}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        assert await to_thread.run_sync(main, []) == 0
        ask, places, hotline = world.accounts.menu
        assert (ask["name"], ask["type"], ask["appid"]) == ("问律师", "miniprogram", fakes.WECHAT_APP_ID)
        assert places == {"name": "法治地图", "type": "view", "url": "https://law.example/map"}
        assert hotline == {"name": "12348热线", "type": "click", "key": "12348"}

        world.accounts.official.next_are(Fault(code=40018))
        assert await to_thread.run_sync(main, []) == 1
        assert "code 40018" in capsys.readouterr().err
    monkeypatch.setenv("OFFICIAL_APP_ID", "")
    assert main(["--show"]) == 0
    assert "问律师" in capsys.readouterr().out
    assert main([]) == 1
