"""One account's line to Alibaba Cloud's short message service: signed calls of Dysmsapi 2017-05-25.

SendSms (https://help.aliyun.com/document_detail/55284.html) is not idempotent, and the vendor asks not to repeat it
after a time-out without looking at the receipt: so nothing here repeats.
"""

import asyncio
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import structlog

from app.outside import acs3
from app.outside.lines import Line
from app.outside.sms.errors import SmsBadNumber, SmsMisconfigured, SmsUnavailable, SmsUnknown, kind_of

VERSION = "2017-05-25"
PATIENCE = 5.0
TO_CONNECT = 2.0

_MAINLAND = re.compile(r"(?:\+86)?(1[3-9][0-9]{9})")
_ABROAD = re.compile(r"\+((?!86)[1-9][0-9]{6,14})")

log = structlog.get_logger(__name__)


class AlibabaLine(Line):
    """`patience` is the most a call may take, in seconds."""

    def __init__(
        self,
        url: str,
        key_id: str,
        key_secret: str,
        *,
        client: httpx.AsyncClient | None = None,
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(client)
        self._url = httpx.URL(url)
        self._key_id = key_id
        self._key_secret = key_secret
        self._patience = patience

    async def call(self, action: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """The provider's answer where its Code is OK. Raises an SmsError, which never names what was said to whom."""
        request = self._request(action, parameters)
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
        answer = _read(response)
        if (code := text(answer, "Code")) != "OK":
            kind, request_id = kind_of(code, response.status_code), text(answer, "RequestId")
            if kind is SmsMisconfigured:
                log.error("sms_refuses_us", code=code, request_id=request_id)
            elif kind is not SmsBadNumber:
                log.warning("sms_not_sent", code=code, request_id=request_id, status=response.status_code)
            raise kind(code, request_id)
        return answer

    async def send(self, phone: str, sign: str, template: str, variables: str = "", out_id: str = "") -> str:
        """SendSms; the provider's message id. `variables` is JSON; `out_id` (at most 256 characters) comes back in the
        receipt."""
        parameters = {"PhoneNumbers": as_dialled(phone), "SignName": sign, "TemplateCode": template}
        said = {"TemplateParam": variables, "OutId": out_id}
        answer = await self.call("SendSms", parameters | {name: value for name, value in said.items() if value})
        if (message_id := text(answer, "BizId")) is None:
            log.warning("sms_not_sent", code="OK", request_id=text(answer, "RequestId"))
            raise SmsUnknown("OK", text(answer, "RequestId"))
        return message_id

    def _request(self, action: str, parameters: Mapping[str, str]) -> httpx.Request:
        # In the body, as the signature's document allows: addresses end up in the logs of whatever is in between.
        form = acs3.encoded(parameters)
        headers = acs3.signed_headers(
            key_id=self._key_id,
            key_secret=self._key_secret,
            host=self._url.netloc.decode(),
            action=action,
            version=VERSION,
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


def as_dialled(phone: str) -> str:
    """As SendSms takes it: eleven digits for the mainland, country code and number without a plus abroad."""
    found = _MAINLAND.fullmatch(phone) or _ABROAD.fullmatch(phone)
    if found is None:
        raise SmsBadNumber
    return found[1]


def text(answer: Mapping[str, Any], name: str) -> str | None:
    value = answer.get(name)
    return value if isinstance(value, str) and value else None


def _read(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
