"""A short message service whose messages arrive in memory: Alibaba Cloud's SendSms behind its gateway."""

import json
import re
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.outside import fakes
from app.outside.fakes import acs3
from app.outside.fakes.faults import Faults

SKEW = timedelta(minutes=15)
KEPT = 10_000
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

    def as_json(self) -> dict[str, str]:
        return {**vars(self), "at": self.at.isoformat()}


class FakeSms:
    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.faults = Faults(refusal)
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
        return await self.faults.suffer(request, self._send)

    async def _send(self, request: Request) -> Response:
        body = await request.body()
        asked = _parameters(request, body)
        wrong = self._at_the_gate(request, body) or _at_the_desk(asked)
        if wrong is not None:
            return refusal(wrong)
        code = json.loads(asked["TemplateParam"])["code"]
        message = Message(
            id=f"{secrets.randbelow(10**12)}^0",
            phone=_number(asked["PhoneNumbers"]) or "",
            sign=asked["SignName"],
            text=fakes.SMS_TEMPLATES[asked["TemplateCode"]].replace("${code}", code),
            code=code,
            at=self._clock(),
        )
        self._messages.append(message)
        if "application/json" not in request.headers.get("accept", ""):
            # The gateway's own taste, which has cost many a first evening.
            return Response("<SendSmsResponse><Code>OK</Code></SendSmsResponse>", media_type="text/xml")
        return _answer({"Code": "OK", "Message": "OK", "BizId": message.id})

    def _at_the_gate(self, request: Request, body: bytes) -> str | None:
        headers = request.headers
        if headers.get("x-acs-action") != "SendSms":
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
    try:
        parameters = json.loads(asked.get("TemplateParam", ""))
    except ValueError:
        return "isv.INVALID_JSON_PARAM"
    if not isinstance(parameters, dict) or not isinstance(parameters.get("code"), str):
        return "isv.TEMPLATE_MISSING_PARAMETERS"
    return None


def refusal(code: int | str) -> Response:
    # The real service quotes the number in this message, which is why clients must not log it.
    message = "13800000000invalid mobile number" if code == "isv.MOBILE_NUMBER_ILLEGAL" else "refused"
    return _answer({"Code": str(code), "Message": message}, _GATEWAY.get(str(code), 200))


def _answer(content: dict[str, str], status: int = 200) -> Response:
    return JSONResponse({**content, "RequestId": secrets.token_hex(16).upper()}, status)


def _number(phone: str) -> str | None:
    found = _PHONE.fullmatch(phone)
    return None if found is None else found[1] or found[0]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
