"""A resident without WeChat asks for a code and types it in."""

import asyncio
import logging
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from app.outside import fakes
from app.outside.fakes.faults import Fault
from app.outside.sms import SmsGateway
from tests.accounts.town import ASK_CODE, BY_SMS, Town, codes, new_phone, wrong
from tests.outside.world import nobody_home

pytestmark = pytest.mark.anyio

NO_NUMBERS = ["", "12348", "1380000000", "010-88888888", "+852 91234567", "+1 202 555 0100", "13800000000 ext 5"]
NO_NUMBERS += ["13800000000\x00", "1380000\ud800", "1" * 100_000, "tel:13800000000", "１３８abc"]
TROUBLES = {
    "isv.MOBILE_NUMBER_ILLEGAL": "BAD_PHONE",
    "isv.BUSINESS_LIMIT_CONTROL": "SMS_LIMITED",
    "isv.OUT_OF_SERVICE": "SMS_UNAVAILABLE",
    "ServiceUnavailable": "SMS_UNAVAILABLE",
}


async def test_a_code_comes_to_the_phone_and_opens_the_door_once(town: Town) -> None:
    phone = new_phone()
    code = await town.code_for(phone)
    session = await town.ask(None, BY_SMS, phone=phone, code=code)
    assert session["viewer"]["roles"] == ["RESIDENT"]
    assert (session["viewer"]["hasWechat"], session["viewer"]["hasPhone"]) == (False, True)
    assert codes(await town.ask(None, BY_SMS, phone=phone, code=code)) == ["CODE_EXPIRED"]


async def test_a_number_is_one_person_however_it_is_written(town: Town) -> None:
    phone = new_phone()
    first = await town.by_sms(phone)
    await town.pass_time(minutes=1)
    await town.ask(None, ASK_CODE, phone=f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}")
    code = town.newest_code(phone)
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    again = await town.ask(None, BY_SMS, phone=f"0086{phone}", code=f" {full_width[:3]} {full_width[3:]}")
    assert again["viewer"]["id"] == first["viewer"]["id"]


async def test_what_is_no_mobile_number_is_refused_before_anything_is_done(town: Town) -> None:
    with town.city.statements() as seen:
        for phone in NO_NUMBERS:
            assert codes(await town.ask(None, ASK_CODE, phone=phone)) == ["BAD_PHONE"]
    assert seen == []
    assert town.providers.sms.faults.calls == 0


async def test_what_is_no_code_uses_up_no_try(town: Town) -> None:
    phone = new_phone()
    code = await town.code_for(phone)
    for nonsense in ("", "12345", "1234567", "abcdef", "12\x0034", "一二三四五六", "1" * 100_000):
        assert codes(await town.ask(None, BY_SMS, phone=phone, code=nonsense)) == ["BAD_VALUE"]
    both = await town.ask(None, BY_SMS, phone="12348", code="x", device="x" * 81)
    assert [reason["field"] for reason in both["reasons"]] == ["phone", "code", "device"]
    assert (await town.ask(None, BY_SMS, phone=phone, code=code))["__typename"] == "Session"


async def test_five_wrong_tries_close_a_code_also_to_the_right_one(town: Town) -> None:
    phone = new_phone()
    code = await town.code_for(phone)
    for left in (4, 3, 2, 1):
        answer = await town.ask(None, BY_SMS, phone=phone, code=wrong(code))
        assert codes(answer) == ["CODE_WRONG"]
        assert f"{left} 次" in answer["reasons"][0]["message"]
    assert codes(await town.ask(None, BY_SMS, phone=phone, code=wrong(code))) == ["CODE_TRIED_OUT"]
    assert codes(await town.ask(None, BY_SMS, phone=phone, code=code)) == ["CODE_TRIED_OUT"]

    await town.pass_time(minutes=1)
    assert (await town.by_sms(phone))["__typename"] == "Session"


async def test_fifty_guesses_at_once_are_five_tries(town: Town) -> None:
    phone = new_phone()
    code = await town.code_for(phone)
    guesses = [wrong(code)] * 50
    answers = await asyncio.gather(*(town.ask(None, BY_SMS, phone=phone, code=guess) for guess in guesses))
    said = [codes(answer)[0] for answer in answers]
    assert (said.count("CODE_WRONG"), said.count("CODE_TRIED_OUT")) == (4, 46)
    assert await town.city.sql("SELECT tries FROM app.sms_code") == [(5,)]


async def test_the_right_code_fifty_times_at_once_opens_one_session(town: Town) -> None:
    phone = new_phone()
    code = await town.code_for(phone)
    answers = await asyncio.gather(*(town.ask(None, BY_SMS, phone=phone, code=code) for _ in range(50)))
    assert sum(answer["__typename"] == "Session" for answer in answers) == 1
    assert await town.city.sql("SELECT count(*) FROM app.sign_in") == [(1,)]


async def test_a_code_lives_five_minutes(town: Town) -> None:
    phone, other = new_phone(), new_phone()
    code, late = await town.code_for(phone), await town.code_for(other)
    await town.pass_time(minutes=4, seconds=50)
    assert (await town.ask(None, BY_SMS, phone=phone, code=code))["__typename"] == "Session"
    await town.pass_time(seconds=11)
    assert codes(await town.ask(None, BY_SMS, phone=other, code=late)) == ["CODE_EXPIRED"]
    assert codes(await town.ask(None, BY_SMS, phone=new_phone(), code="123456")) == ["CODE_EXPIRED"]


async def test_only_the_newest_code_counts_and_only_for_its_own_number(town: Town) -> None:
    phone, other = new_phone(), new_phone()
    older = await town.code_for(phone)
    await town.pass_time(minutes=1)
    newer, foreign = await town.code_for(phone), await town.code_for(other)
    if older != newer:
        assert codes(await town.ask(None, BY_SMS, phone=phone, code=older)) == ["CODE_WRONG"]
    if foreign != newer:
        assert codes(await town.ask(None, BY_SMS, phone=phone, code=foreign)) == ["CODE_WRONG"]
    assert (await town.ask(None, BY_SMS, phone=phone, code=newer))["__typename"] == "Session"
    assert codes(await town.ask(None, BY_SMS, phone=phone, code=older)) == ["CODE_EXPIRED"]


async def test_one_a_minute_five_an_hour_ten_a_day(town: Town) -> None:
    phone, clock = new_phone(), 0
    sent = [0, 1, 2, 3, 4, 60, 61, 62, 63, 64, 24 * 60, 24 * 60 + 1]
    for minute in sorted({*sent, 5, 6, 59, 65, 120, 23 * 60, 24 * 60 - 1}):
        await town.pass_time(minutes=minute - clock)
        clock = minute
        town.address = f"198.51.100.{minute % 256}"
        answer = await town.ask(None, ASK_CODE, phone=phone)
        assert (answer["__typename"] == "CodeSent") == (minute in sent), minute
        assert codes(await town.ask(None, ASK_CODE, phone=phone)) in (["CODE_TOO_SOON"], ["CODE_LIMIT"])
    assert len(town.providers.sms.arrived(phone)) == len(sent)


async def test_the_answer_says_when_the_next_may_be_asked_for(town: Town) -> None:
    phone = new_phone()
    began = await town.city.now()
    for turn in range(5):
        sent = await town.ask(None, ASK_CODE, phone=phone)
        resend, expires = (datetime.fromisoformat(sent[name]) for name in ("resendAt", "expiresAt"))
        wait = timedelta(minutes=1) if turn < 4 else timedelta(minutes=56)
        assert abs(expires - resend - (timedelta(minutes=5) - wait)) < timedelta(seconds=5)
        await town.pass_time(minutes=1)
    assert abs(resend - began - timedelta(hours=1)) < timedelta(seconds=5)
    refused = await town.ask(None, ASK_CODE, phone=phone)
    assert codes(refused) == ["CODE_LIMIT"]
    assert "55 分钟" in refused["reasons"][0]["message"]


async def test_fifty_requests_at_once_for_one_number_send_one_code(town: Town) -> None:
    phone = new_phone()
    answers = await asyncio.gather(*(town.ask(None, ASK_CODE, phone=phone) for _ in range(50)))
    assert sum(answer["__typename"] == "CodeSent" for answer in answers) == 1
    assert {code for answer in answers if answer["__typename"] == "Refused" for code in codes(answer)} == {
        "CODE_TOO_SOON"
    }
    assert len(town.providers.sms.arrived(phone)) == 1


async def test_fifty_numbers_at_once_from_one_address_get_twenty_codes(town: Town) -> None:
    phones = [new_phone() for _ in range(50)]
    answers = await asyncio.gather(*(town.ask(None, ASK_CODE, phone=phone) for phone in phones))
    said = [answer["__typename"] if answer["__typename"] == "CodeSent" else codes(answer)[0] for answer in answers]
    assert (said.count("CodeSent"), said.count("ADDRESS_LIMIT")) == (20, 30)
    assert len(town.providers.sms.arrived()) == 20

    town.address = "2001:db8:1:2::1"
    assert (await town.ask(None, ASK_CODE, phone=new_phone()))["__typename"] == "CodeSent"
    town.address = "203.0.113.7"
    await town.pass_time(minutes=59)
    assert codes(await town.ask(None, ASK_CODE, phone=new_phone())) == ["ADDRESS_LIMIT"]
    await town.pass_time(minutes=1)
    assert (await town.ask(None, ASK_CODE, phone=new_phone()))["__typename"] == "CodeSent"


async def test_fifty_requests_that_cross_numbers_and_addresses_never_wait_for_each_other(town: Town) -> None:
    phones = [new_phone() for _ in range(5)]

    async def ask(number: int) -> str:
        town.address = f"192.0.2.{number % 7}"
        answer = await town.ask(None, ASK_CODE, phone=phones[number % 5])
        return str(answer["__typename"])

    answers = await asyncio.gather(*(ask(number) for number in range(50)))
    assert answers.count("CodeSent") == 5


async def test_a_known_number_and_an_unknown_one_get_the_same_answer(town: Town) -> None:
    known = new_phone()
    await town.by_sms(known)
    await town.pass_time(minutes=2)
    with town.city.statements() as seen:
        first = await town.ask(None, ASK_CODE, phone=known)
    with town.city.statements() as seen_too:
        second = await town.ask(None, ASK_CODE, phone=new_phone())
    assert first.keys() == second.keys()
    assert seen == seen_too


async def test_a_code_that_was_not_sent_says_why_and_leaves_the_earlier_one_in_force(town: Town) -> None:
    for trouble, said in TROUBLES.items():
        phone = new_phone()
        earlier = await town.code_for(phone)
        await town.pass_time(minutes=1)
        town.providers.sms.faults.next_are(Fault(code=trouble))
        assert codes(await town.ask(None, ASK_CODE, phone=phone)) == [said]
        assert codes(await town.ask(None, ASK_CODE, phone=phone)) == ["CODE_TOO_SOON"]
        assert (await town.ask(None, BY_SMS, phone=phone, code=earlier))["__typename"] == "Session"


async def test_an_hour_without_a_provider_uses_up_no_ones_codes(town: Town) -> None:
    phone = new_phone()
    gateway = town.city.doors[SmsGateway]
    town.city.doors[SmsGateway] = town.providers.send_sms(url=nobody_home())
    for _ in range(7):
        assert codes(await town.ask(None, ASK_CODE, phone=phone)) == ["SMS_UNAVAILABLE"]
        await town.pass_time(minutes=1)
    town.city.doors[SmsGateway] = gateway
    assert (await town.by_sms(phone))["__typename"] == "Session"


async def test_a_message_whose_receipt_was_lost_counts_as_sent(town: Town) -> None:
    phone = new_phone()
    town.providers.sms.faults.next_are(Fault(cut=True, done=True))
    code = await town.code_for(phone)
    assert (await town.ask(None, BY_SMS, phone=phone, code=code))["__typename"] == "Session"


async def test_two_first_sign_ins_by_phone_and_a_first_appointment_make_one_person(town: Town) -> None:
    phone = new_phone()
    first = await town.by_sms(phone)
    await town.pass_time(minutes=1)
    assert (await town.by_sms(phone))["viewer"]["id"] == first["viewer"]["id"]
    assert await town.city.sql("SELECT count(*) FROM app.person") == [(1,)]


async def test_a_suspended_person_is_told_so_and_the_code_is_spent(town: Town) -> None:
    phone = new_phone()
    viewer = await town.viewer(await town.by_sms(phone))
    await town.suspend(viewer.id)
    await town.pass_time(minutes=1)
    code = await town.code_for(phone)
    assert codes(await town.ask(None, BY_SMS, phone=phone, code=code)) == ["SUSPENDED"]
    assert codes(await town.ask(None, BY_SMS, phone=phone, code=code)) == ["CODE_EXPIRED"]


async def test_neither_log_nor_table_tells_the_number_or_the_code(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    phone = new_phone()
    with capture_logs() as logs:
        code = await town.code_for(phone)
        await town.ask(None, BY_SMS, phone=phone, code=wrong(code))
        session = await town.ask(None, BY_SMS, phone=phone, code=code)
        await town.pass_time(minutes=1)
        town.providers.sms.faults.next_are(Fault(code="isv.MOBILE_NUMBER_ILLEGAL"))
        await town.ask(None, ASK_CODE, phone=phone)
    tables = [
        await town.city.sql(f"SELECT t::text FROM app.{name} t")
        for name in ("person", "identity", "sms_code", "sign_in", "refresh_token", "outbox", "feed")
    ]
    told = f"{logs} {caplog.text} {tables}"
    for secret in (phone, session["accessToken"], session["refreshToken"], fakes.SMS_KEY_SECRET):
        assert secret not in told
        assert secret.encode().hex() not in told
    assert code not in f"{logs} {caplog.text}".replace("\n", " ").split()
