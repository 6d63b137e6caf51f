"""Codes by SMS: signed as the vendor asks, sent once, and spoken of to nobody."""

import asyncio
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from app.outside import acs3, fakes
from app.outside.fakes import acs3 as gateway
from app.outside.fakes.faults import Fault
from app.outside.sms import (
    AlibabaSms,
    SmsBadNumber,
    SmsError,
    SmsGateway,
    SmsLimited,
    SmsMisconfigured,
    SmsUnavailable,
    SmsUnknown,
)
from tests.outside.world import World, a_slammed_door, nobody_home

pytestmark = pytest.mark.anyio

PHONE = "13912345678"

# "Fixed parameter values" in the vendor's "V3 request structure and signature".
WORKED_EXAMPLE = {
    "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
    "RegionId": "cn-shanghai",
}
WORKED_SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def _worked_headers() -> dict[str, str]:
    return acs3.signed_headers(
        key_id="YourAccessKeyId",
        key_secret="YourAccessKeySecret",
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
        query=acs3.encoded(WORKED_EXAMPLE),
    )


def test_the_vendors_worked_example_is_signed_as_the_vendor_signs_it() -> None:
    assert _worked_headers() == {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
        "Authorization": "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        f"Signature={WORKED_SIGNATURE}",
    }


@pytest.mark.parametrize("spoilt", [None, "secret", "query", "header", "body", "unsigned header"])
def test_the_fake_gateway_knows_the_worked_example_and_no_other(spoilt: str | None) -> None:
    headers = _worked_headers()
    signature = gateway.read(headers["Authorization"])
    assert signature is not None
    assert signature.value == WORKED_SIGNATURE
    if spoilt == "header":
        headers["x-acs-date"] = "2023-10-26T10:22:33Z"
    if spoilt == "unsigned header":
        headers["x-acs-security-token"] = "of somebody"
    query = b"RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"
    fits = gateway.fits(
        signature,
        "AnotherSecret" if spoilt == "secret" else "YourAccessKeySecret",
        method="POST",
        path="/",
        query=query + b"2" if spoilt == "query" else query,
        headers=headers,
        body=b"x" if spoilt == "body" else b"",
    )
    assert fits is (spoilt is None)


def test_a_query_is_encoded_as_rfc_3986_says() -> None:
    query = acs3.encoded({"b": "法 律*~/+", "a": '{"code": "1"}', "B": ""})
    assert query == "B=&a=%7B%22code%22%3A%20%221%22%7D&b=%E6%B3%95%20%E5%BE%8B%2A~%2F%2B"


async def test_a_code_arrives_on_the_phone(world: World) -> None:
    sms: SmsGateway = world.send_sms()
    ids = [await sms.send_code(phone, code) for phone, code in ((PHONE, "000123"), ("+86" + PHONE, "654321"))]

    messages = world.sms.arrived("+86" + PHONE)
    assert [message.id for message in messages] == ids
    assert [message.code for message in messages] == ["000123", "654321"]
    assert messages[0].text == "验证码000123，五分钟内有效。请勿告诉他人。"
    assert messages[0].sign == fakes.SMS_SIGN_NAME


async def test_a_number_abroad_is_dialled_with_its_country(world: World) -> None:
    await world.send_sms().send_code("+85251234567", "123456")
    assert [message.phone for message in world.sms.arrived()] == ["85251234567"]


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "1391234567",
        "139123456789",
        "12345678901",
        "+8612345678901",
        "+0123456789",
        "+85251234567890123",
        "+86 13912345678",
        "13912345678,13912345679",
        "13912345678\n",
        "１３９１２３４５６７８",
    ],
)
async def test_what_is_no_phone_is_never_sent(world: World, phone: str) -> None:
    with pytest.raises(SmsBadNumber):
        await world.send_sms().send_code(phone, "123456")
    assert world.sms.faults.calls == 0


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６", "12345\n"])
async def test_a_code_is_six_digits(world: World, code: str) -> None:
    with pytest.raises(ValueError, match=r"^a code has six digits$"):
        await world.send_sms().send_code(PHONE, code)
    assert world.sms.faults.calls == 0


@pytest.mark.parametrize(
    ("send", "code"),
    [
        (lambda world: world.send_sms(key_secret="another"), "SignatureDoesNotMatch"),
        (lambda world: world.send_sms(key_id="another"), "InvalidAccessKeyId.NotFound"),
        (lambda world: world.send_sms(sign_name="另一个签名"), "isv.SMS_SIGNATURE_ILLEGAL"),
        (lambda world: world.send_sms(template_code="SMS_2"), "isv.SMS_TEMPLATE_ILLEGAL"),
    ],
)
async def test_wrong_settings_raise_an_alarm(world: World, send: Callable[[World], AlibabaSms], code: str) -> None:
    with capture_logs() as logs, pytest.raises(SmsMisconfigured) as refused:
        await send(world).send_code(PHONE, "123456")
    assert refused.value.code == code
    assert refused.value.request_id is not None
    assert [(line["event"], line["log_level"], line["code"]) for line in logs] == [("sms_refuses_us", "error", code)]
    assert world.sms.arrived() == []


async def test_the_gateway_refuses_a_changed_request_a_repeated_one_and_an_old_one(world: World) -> None:
    parameters = {
        "PhoneNumbers": PHONE,
        "SignName": fakes.SMS_SIGN_NAME,
        "TemplateCode": fakes.SMS_TEMPLATE_CODE,
        "TemplateParam": '{"code": "123456"}',
    }

    def signed(nonce: str, **where: str) -> dict[str, str]:
        return acs3.signed_headers(
            key_id=fakes.SMS_KEY_ID,
            key_secret=fakes.SMS_KEY_SECRET,
            host=httpx.URL(world.url).netloc.decode(),
            action="SendSms",
            version="2017-05-25",
            at=datetime.now(UTC),
            nonce=nonce,
            **where or {"form": acs3.encoded(parameters)},
        ) | {"accept": "application/json"}

    async def send(headers: dict[str, str], query: str = "", **changed: str) -> tuple[int, str]:
        body = "" if query else acs3.encoded({**parameters, **changed})
        answer = await world.line.post(f"{world.url}/?{query}", content=body, headers=headers)
        return answer.status_code, answer.json()["Code"]

    assert await send(signed("1"), PhoneNumbers="13800000000") == (400, "SignatureDoesNotMatch")
    bare = signed("2")
    bare["Authorization"] = bare["Authorization"].replace("x-acs-date;", "")
    assert await send(bare) == (400, "SignatureDoesNotMatch")
    assert await send({**signed("3"), "x-acs-action": "SendBatchSms"}) == (404, "InvalidAction.NotFound")
    assert await send({**signed("4"), "x-acs-version": "2018-05-01"}) == (400, "InvalidVersion")
    assert world.sms.arrived() == []

    once = signed("5")
    assert await send(once) == (200, "OK")
    assert await send(once) == (400, "SignatureNonceUsed")
    address = acs3.encoded(parameters)
    assert await send(signed("6", query=address), query=address) == (200, "OK")
    for ahead in (timedelta(minutes=16), timedelta(minutes=-16)):
        world.later = ahead
        assert await send(signed("7")) == (400, "InvalidTimeStamp.Expired")
    assert len(world.sms.arrived()) == 2


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", SmsLimited),
        ("isv.MOBILE_NUMBER_ILLEGAL", SmsBadNumber),
        ("isv.CUSTOMER_REFUSED", SmsBadNumber),
        ("isv.DAY_LIMIT_CONTROL", SmsMisconfigured),
        ("isv.MONTH_LIMIT_CONTROL", SmsMisconfigured),
        ("isv.AMOUNT_NOT_ENOUGH", SmsMisconfigured),
        ("isv.OUT_OF_SERVICE", SmsMisconfigured),
        ("isv.ACCOUNT_ABNORMAL", SmsMisconfigured),
        ("isv.SMS_SIGNATURE_ILLEGAL", SmsMisconfigured),
        ("isv.SMS_TEMPLATE_ILLEGAL", SmsMisconfigured),
        ("isv.TEMPLATE_MISSING_PARAMETERS", SmsMisconfigured),
        ("isv.DENY_IP_RANGE", SmsMisconfigured),
        ("isp.RAM_PERMISSION_DENY", SmsMisconfigured),
        ("InvalidTimeStamp.Expired", SmsMisconfigured),
        ("isv.SOMETHING_NEW", SmsMisconfigured),
        ("isp.SYSTEM_ERROR", SmsUnavailable),
        ("isp.GATEWAY_ERROR", SmsUnavailable),
        ("Throttling.User", SmsUnavailable),
        ("ServiceUnavailable", SmsUnavailable),
        ("InternalError", SmsUnknown),
        ("SignatureNonceUsed", SmsUnknown),
        ("OK", SmsUnknown),
    ],
)
async def test_each_refusal_has_its_kind_and_nothing_is_sent_again(
    world: World, code: str, kind: type[SmsError]
) -> None:
    world.sms.faults.next_are(Fault(code=code))
    with pytest.raises(SmsError) as refused:
        await world.send_sms().send_code(PHONE, "123456")
    assert type(refused.value) is kind
    assert refused.value.code == code
    assert world.sms.faults.calls == 1


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [
        (Fault(latency=0.4), True),
        (Fault(cut=True, done=True), True),
        (Fault(cut=True), False),
        (Fault(status=502), False),
    ],
)
async def test_after_the_request_left_nobody_knows_and_nothing_is_sent_again(
    world: World, fault: Fault, arrives: bool
) -> None:
    world.sms.faults.next_are(fault)
    with pytest.raises(SmsUnknown):
        await world.send_sms(patience=0.2).send_code(PHONE, "123456")
    await asyncio.sleep(fault.latency)
    assert len(world.sms.arrived(PHONE)) == int(arrives)
    assert world.sms.faults.calls == 1


async def test_a_connection_reset_under_the_request_is_unknown(world: World) -> None:
    async with a_slammed_door() as url:
        with pytest.raises(SmsUnknown):
            await world.send_sms(url=url).send_code(PHONE, "123456")


async def test_what_never_left_is_unavailable(world: World) -> None:
    with pytest.raises(SmsUnavailable):
        await world.send_sms(url=nobody_home()).send_code(PHONE, "123456")

    world.sms.faults.next_are(Fault(latency=0.6))
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as client:
        sms = world.send_sms(client=client, patience=0.9)
        first = asyncio.create_task(sms.send_code(PHONE, "123456"))
        await asyncio.sleep(0.1)
        with pytest.raises(SmsUnavailable):
            await sms.send_code(PHONE, "654321")
        await first
    assert [message.code for message in world.sms.arrived()] == ["123456"]


async def test_neither_log_nor_error_tells_the_phone_the_code_or_the_keys(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = "246810"
    told: list[str] = []
    faults = [
        Fault(code="isv.MOBILE_NUMBER_ILLEGAL"),
        Fault(code="isv.BUSINESS_LIMIT_CONTROL"),
        Fault(code="isv.AMOUNT_NOT_ENOUGH"),
        Fault(cut=True, done=True),
        Fault(status=502),
        Fault(latency=1),
    ]
    with capture_logs() as logs:
        await world.send_sms().send_code(PHONE, code)
        for fault in faults:
            world.sms.faults.next_are(fault)
            try:
                await world.send_sms(patience=0.2).send_code(PHONE, code)
            except SmsError as error:
                told += [repr(error), *traceback.format_exception(error)]
    told += [caplog.text, repr(logs)]

    assert "HTTP Request: POST" in caplog.text
    for secret in (PHONE, code, "13800000000", fakes.SMS_KEY_SECRET):
        assert secret not in "".join(told)
