"""The token of an app: kept, renewed in time, exchanged when it is refused, and never asked for too often."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from app.outside import fakes
from app.outside.fakes.faults import Fault
from app.outside.fakes.wechat import openid_of
from app.outside.post import Message, NotSent, Verdict
from app.outside.wechat.errors import WeChatMisconfigured, WeChatUnreached
from app.outside.wechat.mini_program import MiniProgram
from tests.outside.world import PATIENT, World

pytestmark = pytest.mark.anyio

ZHANG = openid_of("zhang")
TEMPLATE = fakes.WECHAT_TEMPLATES["OFFER"]
OFFER = Message("OFFER", {"thing1": "有新的咨询", "time2": "10:00"})


@pytest.fixture
def app(world: World) -> MiniProgram:
    world.accounts.long_term.add(TEMPLATE)
    return _process(world)


def _process(world: World, secret: str = fakes.WECHAT_SECRET) -> MiniProgram:
    """Another process of the house, which has its own copy of the token."""
    return MiniProgram(
        world.url,
        fakes.WECHAT_APP_ID,
        secret,
        fakes.WECHAT_TEMPLATES,
        client=world.line,
        patience=PATIENT,
        clock=lambda: world.now().timestamp(),
    )


async def _send(app: MiniProgram) -> None:
    await app.send(ZHANG, OFFER, uuid4())


async def test_fifty_who_need_one_at_once_ask_once(world: World, app: MiniProgram) -> None:
    await asyncio.gather(*(_send(app) for _ in range(50)))
    assert (world.accounts.tokens.faults.calls, world.accounts.mini.calls) == (1, 50)
    assert len(world.phones.arrived(ZHANG)) == 50


async def test_two_processes_get_the_same_and_neither_ends_the_others(world: World, app: MiniProgram) -> None:
    other = _process(world)
    for each in (app, other, app):
        await _send(each)
    assert (world.accounts.tokens.given, world.accounts.tokens.faults.calls) == (1, 2)


async def test_it_is_renewed_in_its_last_five_minutes_while_the_old_one_is_still_good(
    world: World, app: MiniProgram
) -> None:
    await _send(app)
    world.later = timedelta(seconds=6_899)
    await _send(app)
    assert world.accounts.tokens.given == 1
    world.later = timedelta(seconds=6_901)
    world.accounts.tokens.faults.next_are(Fault(code=-1))
    await _send(app)  # not to be had just now, and not needed yet
    assert world.accounts.tokens.given == 1
    world.later = timedelta(seconds=6_920)
    other = _process(world)
    await _send(other)
    assert world.accounts.tokens.given == 2
    await _send(app)
    assert (world.accounts.mini.calls, world.accounts.tokens.given) == (5, 2)


async def test_one_that_ends_in_mid_batch_is_exchanged_once_and_every_message_arrives_once(
    world: World, app: MiniProgram
) -> None:
    await asyncio.gather(*(_send(app) for _ in range(20)))
    world.accounts.tokens.expire(fakes.WECHAT_APP_ID)
    await asyncio.gather(*(_send(app) for _ in range(20)))
    assert len(world.phones.arrived(ZHANG)) == 40
    assert world.accounts.tokens.given == 2
    assert world.accounts.tokens.faults.calls == 2  # asking was enough, without force


async def test_one_that_is_refused_though_it_should_be_good_is_forced_anew_thirty_seconds_apart(
    world: World, app: MiniProgram
) -> None:
    await _send(app)
    world.accounts.mini.next_are(Fault(code=40001))
    await _send(app)
    assert (world.accounts.tokens.given, len(world.phones.arrived(ZHANG))) == (2, 2)
    world.accounts.mini.next_are(Fault(code=40001))
    with capture_logs() as logs, pytest.raises(NotSent) as refused:
        await _send(app)
    assert refused.value.verdict is Verdict.TRY_AGAIN
    assert "wechat_token_refused" in [line["event"] for line in logs]
    world.later = timedelta(seconds=31)
    world.accounts.mini.next_are(Fault(code=42001))
    await _send(app)
    assert world.accounts.tokens.given == 3


async def test_it_is_forced_twenty_times_a_day_at_most(world: World, app: MiniProgram) -> None:
    for number in range(20):
        world.later = timedelta(seconds=40 * number)
        world.accounts.mini.next_are(Fault(code=40001))
        await _send(app)
    calls = world.accounts.tokens.faults.calls
    world.later = timedelta(seconds=40 * 21)
    world.accounts.mini.next_are(Fault(code=40001))
    with pytest.raises(NotSent):
        await _send(app)
    assert world.accounts.tokens.faults.calls == calls + 1  # asked without force, and not with it


async def test_two_refusals_in_a_row_are_for_later(world: World, app: MiniProgram) -> None:
    world.accounts.mini.next_are(Fault(code=40001), Fault(code=42001))
    with pytest.raises(NotSent) as refused:
        await _send(app)
    assert (refused.value.verdict, refused.value.code) == (Verdict.TRY_AGAIN, "42001")
    assert world.accounts.mini.calls == 2


async def test_a_wrong_secret_is_an_alarm_and_an_odd_answer_is_no_token(world: World, app: MiniProgram) -> None:
    with capture_logs() as logs, pytest.raises(WeChatMisconfigured):
        await _process(world, "another").phone_of("code")
    assert ("wechat_refuses_us", "error") in [(line["event"], line["log_level"]) for line in logs]
    for fault in (Fault(status=502), Fault(cut=True), Fault(code=-1), Fault(code=45009), Fault(code=0)):
        world.accounts.tokens.faults.next_are(fault)
        with pytest.raises(WeChatUnreached):
            await app.phone_of("code")
    assert world.accounts.mini.calls == 0
