"""A short message service whose messages arrive in memory: Alibaba Cloud's SendSms and QuerySendDetails behind its
gateway."""

import json
import re
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.outside import fakes
from app.outside.fakes import acs3
from app.outside.fakes.faults import Faults
from app.outside.fakes.phones import Arrival, Phones

SKEW = timedelta(minutes=15)
KEPT = 10_000
CHINA = timezone(timedelta(hours=8))
ACTIONS = {"SendSms", "QuerySendDetails"}
WAITING, FAILED, ARRIVED = 1, 2, 3
_VARIABLE = re.compile(r"\$\{([a-z]+)\}")
_PHONE = re.compile(r"(?:\+86|0086|86|\+)?(1[3-9][0-9]{9})|[1-9][0-9]{6,14}")

# The gateway refuses with an HTTP status of its own; the service behind it always answers 200.
_GATEWAY = {
    "InvalidAction.NotFound": 404,
    "InvalidVersion": 400,
    "InvalidTimeStamp.Expired": 400,
    "InvalidAccessKeyId.NotFound": 404,
    "SignatureNonceUsed": 400,
    "SignatureDoesNotMatch": 400,
    "Throttling.User": 400,
    "ServiceUnavailable": 503,
    "InternalError": 500,
}


@dataclass(frozen=True)
class Message:
    """One message as a phone shows it; `phone` is eleven digits for the mainland."""

    id: str
    phone: str
    sign: str
    text: str
    code: str
    at: datetime
    template: str = ""
    out_id: str = ""

    def as_json(self) -> dict[str, str]:
        return {**vars(self), "at": self.at.isoformat()}


class FakeSms:
    def __init__(
        self, phones: Phones | None = None, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.faults = Faults(refusal)
        self.status = ARRIVED
        """What the carriers say of every message."""
        self._phones = phones or Phones()
        self._clock = clock
        self._nonces: deque[str] = deque(maxlen=KEPT)
        self._messages: deque[Message] = deque(maxlen=KEPT)

    def arrived(self, phone: str | None = None) -> list[Message]:
        """What came to a phone, or to all, oldest first."""
        if phone is None:
            return list(self._messages)
        number = _number(phone)
        return [message for message in self._messages if message.phone == number]

    def clear(self) -> None:
        self._messages.clear()

    async def answer(self, request: Request) -> Response:
        return await self.faults.suffer(request, self._act)

    async def _act(self, request: Request) -> Response:
        body = await request.body()
        asked = _parameters(request, body)
        if wrong := self._at_the_gate(request, body):
            return refusal(wrong)
        if request.headers["x-acs-action"] == "QuerySendDetails":
            return self._details(asked)
        if wrong := _at_the_desk(asked):
            return refusal(wrong)
        message = self._take(asked)
        if "application/json" not in request.headers.get("accept", ""):
            # The gateway's own taste, which has cost many a first evening.
            return Response("<SendSmsResponse><Code>OK</Code></SendSmsResponse>", media_type="text/xml")
        return _answer({"Code": "OK", "Message": "OK", "BizId": message.id})

    def _take(self, asked: Mapping[str, str]) -> Message:
        said = json.loads(asked.get("TemplateParam") or "{}")
        template = asked["TemplateCode"]
        message = Message(
            id=f"{secrets.randbelow(10**12)}^0",
            phone=_number(asked["PhoneNumbers"]) or "",
            sign=asked["SignName"],
            text=_VARIABLE.sub(lambda found: said[found[1]], fakes.SMS_TEMPLATES[template]),
            code=said.get("code", ""),
            at=self._clock(),
            template=template,
            out_id=asked.get("OutId", ""),
        )
        self._messages.append(message)
        self._phones.ring(
            Arrival("SMS", message.phone, f"【{message.sign}】", (message.text,), message.at, big=message.code)
        )
        return message

    def _details(self, asked: Mapping[str, str]) -> Response:
        """Of one number and one day of China's clock, the newest first, page by page."""
        number, day = _number(asked.get("PhoneNumber", "")), asked.get("SendDate", "")
        size, page = int(asked.get("PageSize", "0")), int(asked.get("CurrentPage", "0"))
        if number is None or not 1 <= size <= 50 or page < 1 or not re.fullmatch(r"[0-9]{8}", day):
            return refusal("isv.INVALID_PARAMETERS")
        of_day = [one for one in self.arrived(number) if one.at.astimezone(CHINA).strftime("%Y%m%d") == day][::-1]
        details = [
            {
                "PhoneNum": one.phone,
                "SendStatus": self.status,
                "ErrCode": "DELIVERED" if self.status == ARRIVED else "",
                "TemplateCode": one.template,
                "Content": f"【{one.sign}】{one.text}",
                "SendDate": one.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
                "OutId": one.out_id,
            }
            for one in of_day[(page - 1) * size : page * size]
        ]
        found = {"TotalCount": str(len(of_day)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": details}}
        return _answer({"Code": "OK", "Message": "OK", **found})

    def _at_the_gate(self, request: Request, body: bytes) -> str | None:
        headers = request.headers
        if headers.get("x-acs-action") not in ACTIONS:
            return "InvalidAction.NotFound"
        if headers.get("x-acs-version") != "2017-05-25":
            return "InvalidVersion"
        at = _moment(headers.get("x-acs-date", ""))
        if at is None or abs(self._clock() - at) > SKEW:
            return "InvalidTimeStamp.Expired"
        signature = acs3.read(headers.get("authorization", ""))
        if signature is not None and signature.key_id != fakes.SMS_KEY_ID:
            return "InvalidAccessKeyId.NotFound"
        if signature is None or not acs3.fits(
            signature,
            fakes.SMS_KEY_SECRET,
            method=request.method,
            path=request.url.path,
            query=request.scope["query_string"],
            headers=headers,
            body=body,
        ):
            return "SignatureDoesNotMatch"
        nonce = headers["x-acs-signature-nonce"]
        if nonce in self._nonces:
            return "SignatureNonceUsed"
        self._nonces.append(nonce)
        return None


def _parameters(request: Request, body: bytes) -> dict[str, str]:
    """What is asked, from the address or from a form in the body: the gateway takes either."""
    asked = dict(parse_qsl(request.scope["query_string"].decode()))
    if request.headers.get("content-type") == "application/x-www-form-urlencoded":
        asked |= parse_qsl(body.decode())
    return asked


def _at_the_desk(asked: Mapping[str, str]) -> str | None:
    if asked.get("SignName") != fakes.SMS_SIGN_NAME:
        return "isv.SMS_SIGNATURE_ILLEGAL"
    if asked.get("TemplateCode") not in fakes.SMS_TEMPLATES:
        return "isv.SMS_TEMPLATE_ILLEGAL"
    if _number(asked.get("PhoneNumbers", "")) is None:
        return "isv.MOBILE_NUMBER_ILLEGAL"
    variables = set(_VARIABLE.findall(fakes.SMS_TEMPLATES[asked["TemplateCode"]]))
    try:
        parameters = json.loads(asked.get("TemplateParam") or ("" if variables else "{}"))
    except ValueError:
        return "isv.INVALID_JSON_PARAM"
    if not isinstance(parameters, dict) or not all(isinstance(parameters.get(name), str) for name in variables):
        return "isv.TEMPLATE_MISSING_PARAMETERS"
    return None


def refusal(code: int | str) -> Response:
    # The real service quotes the number in this message, which is why clients must not log it.
    message = "13800000000invalid mobile number" if code == "isv.MOBILE_NUMBER_ILLEGAL" else "refused"
    return _answer({"Code": str(code), "Message": message}, _GATEWAY.get(str(code), 200))


def _answer(content: Mapping[str, object], status: int = 200) -> Response:
    return JSONResponse({**content, "RequestId": secrets.token_hex(16).upper()}, status)


def _number(phone: str) -> str | None:
    found = _PHONE.fullmatch(phone)
    return None if found is None else found[1] or found[0]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
