"""Six digits to a phone, through Alibaba Cloud's short message service.

The call is SendSms of Dysmsapi 2017-05-25, https://help.aliyun.com/document_detail/55284.html; its refusals
are those of https://help.aliyun.com/document_detail/101346.html and of the gateway before it. SendSms is not
idempotent, and the vendor asks not to repeat it after a time-out without looking at the receipt: so nothing
here repeats.
"""

import asyncio
import json
import re
import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

import httpx
import structlog

from app.outside import acs3
from app.outside.lines import open_line

URL = "https://dysmsapi.aliyuncs.com"
PATIENCE = 5.0
TO_CONNECT = 2.0

_MAINLAND = re.compile(r"(?:\+86)?(1[3-9][0-9]{9})")
_ABROAD = re.compile(r"\+((?!86)[1-9][0-9]{6,14})")
_CODE = re.compile(r"[0-9]{6}")

log = structlog.get_logger(__name__)


class Purpose(StrEnum):
    """What the digits are good for; the message that brings them says so."""

    SIGN_IN = "SIGN_IN"
    DELEGATION = "DELEGATION"
    INVITATION = "INVITATION"
    GUARDIAN = "GUARDIAN"


class SmsGateway(Protocol):
    async def send_code(self, phone: str, code: str, purpose: Purpose = Purpose.SIGN_IN) -> str:
        """Send six digits to a phone (E.164, or eleven digits of the mainland); the provider's message id.

        Raises an SmsError, which never names the phone or the code.
        """
        ...


class SmsError(Exception):
    """The code was not handed over. `code` and `request_id` are the provider's, for its own support desk."""

    def __init__(self, code: str | None = None, request_id: str | None = None) -> None:
        super().__init__(f"SMS provider's code {code}, request {request_id}")
        self.code = code
        self.request_id = request_id


class SmsLimited(SmsError):
    """This phone has had as many as the provider allows (1 a minute, 5 an hour, 10 a day by default)."""


class SmsBadNumber(SmsError):
    """No message can reach this number; another attempt changes nothing."""


class SmsMisconfigured(SmsError):
    """Arrears, sign, template, keys or the account's own daily cap: nobody gets a code until we mend it."""


class SmsUnknown(SmsError):
    """The request left and no answer came: the message may arrive, so nothing sends it again by itself."""


class SmsUnavailable(SmsError):
    """The provider could not be reached or did not take the request: nothing was sent, later may work."""


# The vendor's Message is never read: for a bad number it quotes the number.
_KINDS: dict[str, type[SmsError]] = {
    "isv.BUSINESS_LIMIT_CONTROL": SmsLimited,
    "isv.MOBILE_NUMBER_ILLEGAL": SmsBadNumber,
    "isv.CUSTOMER_REFUSED": SmsBadNumber,
    "isp.SYSTEM_ERROR": SmsUnavailable,
    "isp.GATEWAY_ERROR": SmsUnavailable,
    "ServiceUnavailable": SmsUnavailable,
    "Throttling": SmsUnavailable,
    "Throttling.User": SmsUnavailable,
    "Throttling.Api": SmsUnavailable,
    # Something on the way sent our request twice; the first one may have been taken.
    "SignatureNonceUsed": SmsUnknown,
}


class AlibabaSms:
    """One account's line to the provider, with an approved sign and templates whose only variable is `code`.

    Without `delegation_template_code` no consent to a delegation can be asked for, without `invitation_template_code`
    nobody is invited to the staff, without `guardian_template_code` no guardian is asked.

    `patience` is the most a call may take, in seconds.
    """

    def __init__(
        self,
        url: str,
        key_id: str,
        key_secret: str,
        sign_name: str,
        template_code: str,
        delegation_template_code: str = "",
        invitation_template_code: str = "",
        guardian_template_code: str = "",
        *,
        client: httpx.AsyncClient | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._url = httpx.URL(url)
        self._key_id = key_id
        self._key_secret = key_secret
        self._sign_name = sign_name
        self._templates = {
            Purpose.SIGN_IN: template_code,
            Purpose.DELEGATION: delegation_template_code,
            Purpose.INVITATION: invitation_template_code,
            Purpose.GUARDIAN: guardian_template_code,
        }
        self._client = client or open_line()
        self._owns_client = client is None
        self._patience = patience

    async def aclose(self) -> None:
        if self._owns_client:
            await self._client.aclose()

    async def send_code(self, phone: str, code: str, purpose: Purpose = Purpose.SIGN_IN) -> str:
        if _CODE.fullmatch(code) is None:
            raise ValueError("a code has six digits")
        if not self._templates[purpose]:
            log.error("sms_template_missing", purpose=purpose)
            raise SmsMisconfigured
        request = self._request(_as_dialled(phone), code, self._templates[purpose])
        try:
            async with asyncio.timeout(self._patience):
                response = await self._client.send(request)
        # The cause is not kept: it holds the request, and the request the phone and the code.
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as fault:
            log.warning("sms_unavailable", fault=type(fault).__name__)
            raise SmsUnavailable from None
        except (httpx.HTTPError, TimeoutError) as fault:
            log.warning("sms_unknown", fault=type(fault).__name__)
            raise SmsUnknown from None
        return _message_id(response)

    def _request(self, phone: str, code: str, template: str) -> httpx.Request:
        # In the body, as the signature's document allows: addresses end up in the logs of whatever is in between.
        form = acs3.encoded(
            {
                "PhoneNumbers": phone,
                "SignName": self._sign_name,
                "TemplateCode": template,
                "TemplateParam": json.dumps({"code": code}),
            }
        )
        headers = acs3.signed_headers(
            key_id=self._key_id,
            key_secret=self._key_secret,
            host=self._url.netloc.decode(),
            action="SendSms",
            version="2017-05-25",
            # The gateway compares this with its own clock, so it is never the house's turned one.
            at=datetime.now(UTC),
            nonce=secrets.token_hex(16),
            form=form,
        )
        headers["accept"] = "application/json"
        # Connecting is given less than the whole, so that what never left is told apart from what may have.
        to_connect = min(TO_CONNECT, self._patience / 2)
        timeout = httpx.Timeout(self._patience, connect=to_connect, pool=to_connect / 2)
        return self._client.build_request(
            "POST", self._url.copy_with(path="/"), content=form, headers=headers, timeout=timeout
        )


def _as_dialled(phone: str) -> str:
    """As SendSms takes it: eleven digits for the mainland, country code and number without a plus abroad."""
    found = _MAINLAND.fullmatch(phone) or _ABROAD.fullmatch(phone)
    if found is None:
        raise SmsBadNumber
    return found[1]


def _message_id(response: httpx.Response) -> str:
    answer = _read(response)
    code, request_id = _text(answer, "Code"), _text(answer, "RequestId")
    message_id = _text(answer, "BizId")
    if code == "OK" and message_id is not None:
        return message_id
    kind = _kind(code, response.status_code)
    if kind is SmsMisconfigured:
        log.error("sms_refuses_us", code=code, request_id=request_id)
    elif kind is not SmsBadNumber:
        log.warning("sms_not_sent", code=code, request_id=request_id, status=response.status_code)
    raise kind(code, request_id)


def _kind(code: str | None, status: int) -> type[SmsError]:
    """A refusal we do not know is ours to look into, unless the provider stumbled over a request it took."""
    if code is None or code == "OK":
        return SmsUnknown
    return _KINDS.get(code, SmsUnknown if status >= httpx.codes.INTERNAL_SERVER_ERROR else SmsMisconfigured)


def _read(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _text(answer: dict[str, Any], name: str) -> str | None:
    value = answer.get(name)
    return value if isinstance(value, str) and value else None
