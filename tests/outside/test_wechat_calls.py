"""The other calls of the two accounts, and the menu."""

import pytest

from app.outside import fakes
from app.outside.fakes.accounts import RISKY
from app.outside.fakes.faults import Fault
from app.outside.fakes.wechat import openid_of
from app.outside.wechat import WeChatCodeRefused, WeChatError, WeChatUnavailable, WeChatUnreached
from app.outside.wechat.fields import misfits
from app.outside.wechat.mini_program import Media, MiniProgram, Opinion, Scene, Suggestion
from app.outside.wechat.official_account import Follower, OfficialAccount
from tests.outside.world import PATIENT, World

pytestmark = pytest.mark.anyio

ZHANG = openid_of("zhang")


def _mini(world: World, patience: float = PATIENT) -> MiniProgram:
    return MiniProgram(world.url, fakes.WECHAT_APP_ID, fakes.WECHAT_SECRET, {}, client=world.line, patience=patience)


def _official(world: World) -> OfficialAccount:
    return OfficialAccount(
        world.url, fakes.OFFICIAL_APP_ID, fakes.OFFICIAL_SECRET, {}, client=world.line, patience=PATIENT
    )


async def test_a_number_is_shown_once(world: World) -> None:
    code, mini = world.accounts.shows_number("13912345678"), _mini(world)
    assert await mini.phone_of(code) == "+8613912345678"
    for used in (code, "made up"):
        with pytest.raises(WeChatCodeRefused):
            await mini.phone_of(used)
    world.accounts.mini.next_are(Fault(code=1400001))
    with pytest.raises(WeChatError) as used_up:
        await mini.phone_of(code)
    assert used_up.value.errcode == 1400001


async def test_wechat_says_what_it_holds_of_public_words_and_pictures(world: World) -> None:
    mini = _mini(world)
    fine = await mini.check_text(ZHANG, "大家好", Scene.COMMENT)
    assert fine == Opinion(Suggestion.PASS, 100, fine.trace_id)
    assert (await mini.check_text(ZHANG, RISKY, Scene.PROFILE)).suggestion is Suggestion.RISKY
    assert await mini.check_media(ZHANG, "https://city.example/public/1.jpg", Media.PICTURE, Scene.FORUM)
    assert world.accounts.checked == ["大家好", RISKY, "https://city.example/public/1.jpg"]
    world.accounts.mini.next_are(Fault(code=0))
    with pytest.raises(WeChatUnavailable):
        await mini.check_text(ZHANG, "大家好", Scene.COMMENT)


async def test_codes_that_last_for_ever_are_drawn_or_refused(world: World) -> None:
    mini, official = _mini(world), _official(world)
    assert (await mini.code("23456789ABCD")).startswith(b"\x89PNG")
    assert world.accounts.drawn == ["23456789ABCD"]
    for scene, errcode in (("", 40169), ("x" * 33, 40169), ("集市", 40129)):
        with pytest.raises(WeChatError) as refused:
            await mini.code(scene)
        assert refused.value.errcode == errcode
    # A page that nobody can read is no picture, and neither is JSON without a reason.
    for fault in (Fault(status=502), Fault(code=0)):
        world.accounts.mini.next_are(fault)
        with pytest.raises(WeChatUnavailable):
            await mini.code("23456789ABCD")
    said = await official.code("23456789ABCD")
    assert said == await official.code("23456789ABCD")
    assert said.startswith("http://weixin.qq.com/q/")
    world.accounts.most_codes = 1
    for scene, errcode in (("23456789ABCE", 45029), ("x" * 65, 40053)):
        with pytest.raises(WeChatError) as refused:
            await official.code(scene)
        assert refused.value.errcode == errcode


async def test_who_follows_the_account_and_who_does_not(world: World) -> None:
    official = _official(world)
    assert await official.follower(ZHANG) == Follower(False, None)
    world.accounts.followers[ZHANG] = None
    assert await official.follower(ZHANG) == Follower(True, None)
    world.accounts.followers[ZHANG] = "unionid-of-zhang"
    found = await official.follower(ZHANG)
    assert found == Follower(True, "unionid-of-zhang")
    assert "unionid-of-zhang" not in repr(found)
    with pytest.raises(WeChatError) as refused:
        await official.follower("nobody")
    assert refused.value.errcode == 40003


async def test_the_time_allowed_covers_token_and_call_alike(world: World) -> None:
    mini = _mini(world, patience=0.3)
    for door, kind in ((world.accounts.tokens.faults, WeChatUnreached), (world.accounts.mini, WeChatUnavailable)):
        door.next_are(Fault(latency=1))
        with pytest.raises(WeChatUnavailable) as given_up:
            await mini.phone_of("code")
        assert (type(given_up.value), given_up.value.errcode) == (kind, None)


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("thing1", "字" * 20, True),
        ("thing1", "字" * 21, False),
        ("thing1", "", False),
        ("thing12", "两\n行", False),
        ("thing", "字", False),
        ("time2", "2026年11月28日 10:00", True),
        ("time2", "10:00~11:00", True),
        ("time2", "明天", False),
        ("date3", "2026-11-28", True),
        ("number4", "12.5", True),
        ("number4", "十二", False),
        ("phrase5", "待处理", True),
        ("phrase5", "正在处理中啊", False),
        ("character_string6", "ZX-20261128", True),
        ("character_string6", "编号", False),
        ("amount7", "¥12.50", True),
        ("name8", "张律师", True),
        ("name8", "张律师张律师张律师张律师", False),
        ("phone_number9", "0391-12348", True),
        ("odd1", "字", False),
    ],
)
def test_what_fits_a_field(name: str, value: str, fits: bool) -> None:
    assert (misfits({name: value}) == []) is fits
